// What every test builds on: the sandbox at its start, a browser whose every misstep is a failure,
// and the steps that many tests share. Tests see the app only as a person does.

import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type BrowserContext, type Page } from "@playwright/test";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { appUrl, sandboxUrl } from "../servers";

export { appUrl, expect, sandboxUrl };

export const work = "work@sandbox.example";
export const personal = "personal@sandbox.example";
export const noMailbox = "nomailbox@sandbox.example";
export const needsAdmin = "needsadmin@sandbox.example";
export const markup = "markup@sandbox.example";

/** What the sandbox does wrong; server/sandbox/src/faults.rs tells what each member means. */
export type Fault = {
  route: "discovery" | "keys" | "authorize" | "token" | "me" | "sendMail" | "*";
  account?: string;
  times?: number;
  status?: number;
  code?: string;
  retryAfter?: string;
  delayMs?: number;
  close?: "before" | "after";
  body?: string;
};

/** One mail in the sandbox's outbox, as far as tests look at it. */
export type Sent = {
  account: string;
  saveToSentItems: boolean;
  message: {
    subject: string;
    body: { contentType: string; content: string };
    toRecipients: { emailAddress: { address: string } }[];
  };
};

type Sandbox = {
  /** Everything that was sent, newest last. */
  outbox(): Promise<Sent[]>;
  /** Has the next fitting requests go wrong. */
  fault(...faults: Fault[]): Promise<void>;
};

/**
 * Watches everything the browser does during a test. The test fails at its end if the console had
 * an error or a warning, a request failed, an answer was 4xx or 5xx, or a request went to another
 * host, unless the test said before that it would provoke just that.
 */
class Guard {
  private readonly problems: string[] = [];
  private readonly origins = [appUrl, sandboxUrl];
  private readonly answers: { status: number; path: string; seen: boolean; logged: boolean }[] = [];
  private broken: string | undefined;
  private away = false;

  constructor(context: BrowserContext) {
    context.on("request", (request) => this.away || this.onRequest(request.url()));
    context.on("response", (response) => this.away || this.onResponse(response.status(), response.url()));
    context.on("requestfailed", (request) => {
      if (!this.away) this.onFailure(request.failure()?.errorText ?? "no reason", request.url());
    });
    context.on("console", (message) => {
      if (!this.away && ["error", "warning"].includes(message.type())) {
        this.onComplaint(message.text(), message.location().url);
      }
    });
    context.on("weberror", (error) => this.away || this.problems.push(`page error: ${error.error()}`));
    context.on("dialog", (dialog) => {
      this.problems.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
  }

  /** The app will answer `path` with this status, so many times; Chromium logs that as an error. */
  expects(status: number, path: string, times = 1): void {
    for (let i = 0; i < times; i++) this.answers.push({ status, path, seen: false, logged: false });
  }

  /** Pages of this other site are part of the test. */
  allows(origin: string): void {
    this.origins.push(origin);
  }

  /** The network is broken for a while: requests fail for this reason of Chromium's. */
  expectsNoAnswer(reason: string): void {
    this.broken = reason;
  }

  /** What an attacker's pages do, and what the browser says to it, is no misstep of the app. */
  async looksAway(during: () => Promise<void>): Promise<void> {
    this.away = true;
    await during();
    this.away = false;
  }

  /** Every problem there was. */
  report(): string[] {
    const missing = this.answers.filter((it) => !it.seen);
    return [...new Set(this.problems), ...missing.map((it) => `no answer ${it.status} of ${it.path}`)];
  }

  private onRequest(address: string): void {
    const url = new URL(address);
    if (["data:", "about:", "blob:"].includes(url.protocol)) return;
    if (!this.origins.includes(url.origin)) this.problems.push(`request to ${this.shown(address)}`);
    // Nothing of a person or a mail stands in a URL of the app.
    if (url.origin === appUrl && decodeURIComponent(url.href).includes("@")) {
      this.problems.push(`an address in the URL ${address}`);
    }
  }

  private onResponse(status: number, address: string): void {
    if (status < 400) return;
    const expected = this.find(status, address, "seen");
    if (expected) expected.seen = true;
    else this.problems.push(`answer ${status} of ${this.shown(address)}`);
  }

  private onFailure(reason: string, address: string): void {
    // The browser itself breaks off what it no longer needs, such as a page's requests when it is
    // left.
    if (reason === "net::ERR_ABORTED") return;
    if (reason === this.broken) return;
    this.problems.push(`request failed: ${reason}: ${this.shown(address)}`);
  }

  private onComplaint(text: string, address: string): void {
    const status = /^Failed to load resource: the server responded with a status of (\d+)/.exec(text);
    const expected = status && this.find(Number(status[1]), address, "logged");
    if (expected) expected.logged = true;
    else if (!this.broken || text !== `Failed to load resource: ${this.broken}`) {
      this.problems.push(`console: ${text} (${this.shown(address)})`);
    }
  }

  /** Without the query, which may hold a code. */
  private shown(address: string): string {
    return address.split("?")[0] ?? "";
  }

  private find(status: number, address: string, not: "seen" | "logged") {
    const { origin, pathname } = new URL(address);
    const fits = (it: { status: number; path: string }) =>
      origin === appUrl && it.status === status && it.path === pathname;
    return this.answers.find((it) => fits(it) && !it[not]);
  }
}

/** Asks the sandbox as a program of this computer, past the browser. */
async function steer(method: string, path: string, body?: object): Promise<Response> {
  const answer = await fetch(sandboxUrl + path, { method, body: body && JSON.stringify(body) });
  expect(answer.ok, `${method} ${path}: ${answer.status}`).toBe(true);
  return answer;
}

type Fixtures = {
  sandbox: Sandbox;
  guard: Guard;
  /**
   * Serves one page, with this in its body, as a site of its own; gives the page's origin. Its
   * `/redirect?to=` leads on.
   */
  otherSite: (body: string, host?: string) => Promise<string>;
};

export const test = base.extend<Fixtures>({
  sandbox: [
    async ({}, use) => {
      await steer("POST", "/sandbox/reset");
      await use({
        outbox: async () => (await steer("GET", "/sandbox/outbox")).json(),
        fault: async (...faults) => void (await steer("POST", "/sandbox/faults", faults)),
      });
    },
    { auto: true },
  ],

  guard: [
    async ({ context }, use) => {
      const guard = new Guard(context);
      await use(guard);
      expect(guard.report(), "what the browser complained about").toEqual([]);
    },
    { auto: true },
  ],

  otherSite: async ({ guard }, use) => {
    const page = (body: string) =>
      `<!doctype html><html lang="en"><title>Another site</title><link rel="icon" href="data:,">${body}`;
    let served = "";
    const server = createServer((asked, answer) => {
      const { pathname, searchParams } = new URL(asked.url ?? "/", "http://localhost");
      if (pathname === "/redirect") {
        answer.statusCode = 302;
        answer.setHeader("location", searchParams.get("to") ?? "/");
      }
      answer.setHeader("content-type", "text/html; charset=utf-8");
      answer.end(page(served));
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const { port } = server.address() as AddressInfo;
    await use(async (body, host = "127.0.0.1") => {
      served = body;
      const origin = `http://${host}:${port}`;
      guard.allows(origin);
      return origin;
    });
    server.closeAllConnections();
    server.close();
  },
});

/** Whether this project's browser runs scripts. */
export const scripted = () => test.info().project.use.javaScriptEnabled !== false;

/** Goes from the connect page through the sandbox, and agrees to everything. */
export async function tryToConnect(page: Page, account = work): Promise<void> {
  await page.goto("/");
  await page.getByRole("link", { name: "Connect to Microsoft Graph" }).click();
  await page.getByRole("button", { name: account, exact: true }).click();
  await page.getByRole("button", { name: "Accept" }).click();
}

/** Connects, and waits for the mail page to be there and awake. */
export async function connect(page: Page, account = work): Promise<void> {
  await tryToConnect(page, account);
  await expect(greeting(page)).toBeVisible();
  await awake(page);
}

/**
 * Waits until the islands of the page are awake: the last thing they do when they wake is to listen
 * to `pageshow`. A page that sleeps looks the same (that is the point of it), so this asks
 * Chromium, like the developer tools, who listens. Without JavaScript there is nothing to wait for.
 */
export async function awake(page: Page): Promise<void> {
  if (!scripted()) return;
  const devtools = await page.context().newCDPSession(page);
  const listens = async () => {
    const { result } = await devtools.send("Runtime.evaluate", {
      expression: `"pageshow" in getEventListeners(window)`,
      includeCommandLineAPI: true,
      returnByValue: true,
    });
    return result.value;
  };
  await expect.poll(listens, { message: "the islands wake", intervals: [20, 50] }).toBe(true);
  await devtools.detach();
}

/**
 * Has the page notice that somebody looks at it again. Tabs of a headless browser are never hidden,
 * so the browser's signal is given here.
 */
export async function lookAgain(page: Page): Promise<void> {
  await page.evaluate(() => {
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  });
}

/** How far one can disconnect. */
export const reaches = ["Sign out of Graph Connect", "Sign out of Microsoft too"] as const;
export type Reach = (typeof reaches)[number];

/** What "Disconnect" asks: in a dialog or, without JavaScript, on a page of its own. */
export const question = (page: Page) => (scripted() ? questionDialog(page) : questionPage(page));
export const questionDialog = (page: Page) => page.getByRole("dialog", { name: "Sign out?" });
export const questionPage = (page: Page) =>
  page.getByRole("article").filter({ has: page.getByRole("heading", { level: 1, name: "Sign out?" }) });

/** The way back from there. */
export const cancel = (page: Page) =>
  question(page).getByRole(scripted() ? "button" : "link", { name: "Cancel" });

/** Disconnects, and waits for the word that it is done. */
export async function disconnect(page: Page, reach: Reach = reaches[0]): Promise<void> {
  await page.getByRole("button", { name: "Disconnect" }).click();
  await question(page).getByRole("button", { name: reach, exact: true }).click();
  await expect(page.getByRole("status")).toHaveText("You're signed out of Graph Connect.");
}

/** Connects, disconnects and goes back: the pages the person saw show nothing of them. */
export async function expectNobodyOnBack(page: Page, reach: Reach): Promise<void> {
  await connect(page);
  await page.getByRole("link", { name: "Graph Connect" }).click();
  await disconnect(page, reach);
  const paths = scripted() ? ["/", "/send"] : ["/disconnect?", "/", "/send"];
  for (const path of paths) {
    await page.goBack();
    await expect(page).toHaveURL(`${appUrl}${path}`);
    await expect(connectLink(page)).toBeVisible();
    await expect(page.getByText("Wanda")).toHaveCount(0);
    await expect(page.getByText(work)).toHaveCount(0);
  }
}

/** The start page of somebody who is signed in. */
export const signedInAs = (page: Page, name: string) =>
  page.getByRole("heading", { level: 1, name: `You're signed in as ${name}`, exact: true });
export const greeting = (page: Page) => page.getByRole("heading", { level: 1, name: /^Hi, .+!$/ });
export const to = (page: Page) => page.getByRole("textbox", { name: "To", exact: true });
export const subject = (page: Page) => page.getByRole("textbox", { name: "Subject" });
/** Who sends. */
export const from = (page: Page) => page.getByRole("main").getByLabel("From");
export const message = (page: Page) => page.getByRole("textbox", { name: "Message" });
export const sendButton = (page: Page) => page.getByRole("button", { name: "Send mail" });
/** Microsoft refused. */
export const notSent = (page: Page) =>
  page.getByRole("heading", { name: "Something went wrong, couldn't send an email." });
/** What "To" holds cannot be sent to. */
export const checkAddress = (page: Page) => page.getByRole("heading", { name: "Check the address" });
/** It may have been sent. */
export const unknown = (page: Page) =>
  page.getByRole("heading", { name: "We don't know if your message was sent" });
export const outdated = (page: Page) =>
  page.getByRole("heading", { level: 2, name: "This page is out of date" });
export const sendAgain = (page: Page) => page.getByRole("button", { name: "Send again" });
/** The session has ended. */
export const signedOut = (page: Page) =>
  page.getByRole("alert").filter({ hasText: "You've been signed out." });
/** Everything above the form that the page has to say. */
export const notices = (page: Page) => page.locator("section.notice").filter({ visible: true });
export const sentTo = (page: Page, people: string) =>
  page.getByRole("heading", { name: `Successfully sent an email to ${people}!`, exact: true });
/** What shows and hides the ids that support asks for. */
export const details = (page: Page) =>
  page.getByText("Details", { exact: true }).filter({ visible: true });
export const connectLink = (page: Page) =>
  page.getByRole("link", { name: "Connect to Microsoft Graph" });

/** Where pages can stand that are not the app's. */
export const elsewhere = [
  { who: "another site", host: "127.0.0.1" },
  { who: "another port of localhost", host: "localhost" },
];

export type Mail = { to: string; subject: string; message: string };

/** Something a person would be sorry to lose. */
export const mail: Mail = {
  to: "ann@sandbox.example",
  subject: "Minutes of Monday",
  message: "Hello Ann,\n\nhere they are: <b>all</b> & everything.\nSee https://sandbox.example/?a=1&b=2\n\nBest wishes",
};

/** Its HTML: lines, blank lines and links kept, typed markup as text. */
export const mailHtml =
  "<div>Hello Ann,</div><div><br></div>" +
  "<div>here they are: &lt;b&gt;all&lt;/b&gt; &amp; everything.</div>" +
  '<div>See <a href="https://sandbox.example/?a=1&amp;b=2">https://sandbox.example/?a=1&amp;b=2</a></div>' +
  "<div><br></div><div>Best wishes</div>";

/** Types a mail over what stands in the form. */
export async function write(page: Page, mail: Mail): Promise<void> {
  await to(page).fill(mail.to);
  await subject(page).fill(mail.subject);
  await message(page).fill(mail.message);
}

/** Every field is as it was typed. */
export async function expectWritten(page: Page, mail: Mail): Promise<void> {
  await expect(to(page)).toHaveValue(mail.to);
  await expect(subject(page)).toHaveValue(mail.subject);
  await expect(message(page)).toHaveValue(mail.message);
}

/** axe finds nothing: neither against WCAG 2.2 AA nor against its own best practices. */
export async function expectAccessible(page: Page): Promise<void> {
  // axe is a script itself.
  if (!scripted()) return;
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  // The only frames show mails in the sandbox's outbox; no script may run there, axe neither.
  const { violations } = await new AxeBuilder({ page }).withTags(tags).exclude("iframe").analyze();
  const found = violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${rule.help}: ${node.target.join(" ")}\n${node.failureSummary}`),
  );
  expect(found, `axe on ${await page.title()}`).toEqual([]);
}

/** Nothing is cut off at the side, and nobody has to scroll sideways. */
export async function expectNoSidewaysScrolling(page: Page): Promise<void> {
  // Chromium measures, though it does not paint, without the stylesheet that is on its way.
  await page.waitForLoadState();
  const tooWide = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return Math.max(0, scrollWidth - clientWidth);
  });
  expect(tooWide, `pixels that stand out at the side of ${await page.title()}`).toBe(0);
}
