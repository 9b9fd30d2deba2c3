// What WebAssembly adds to pages that work without it.

import type { Page } from "@playwright/test";
import {
  appUrl,
  awake,
  connect,
  connectLink,
  disconnect,
  expect,
  expectAccessible,
  expectWritten,
  from,
  greeting,
  lookAgain,
  mail,
  message,
  notices,
  outdated,
  personal,
  sendAgain,
  sendButton,
  sentTo,
  signedInAs,
  signedOut,
  subject,
  test,
  to,
  tryToConnect,
  unknown,
  work,
  write,
} from "./fixtures";

/** Keeps the WebAssembly on its way until it is let go. */
async function holdWebAssembly(page: Page): Promise<() => void> {
  let letGo = () => {};
  const gate = new Promise<void>((open) => (letGo = open));
  await page.route("**/*.wasm", async (route) => {
    await gate;
    // The page may be gone by then.
    await route.continue().catch(() => {});
  });
  return letGo;
}

test("what is typed before WebAssembly arrives stays, and is sent", async ({ page, sandbox }) => {
  const letGo = await holdWebAssembly(page);
  await tryToConnect(page);
  await expect(greeting(page)).toBeVisible();
  await write(page, mail);
  await subject(page).focus();
  letGo();
  await awake(page);
  await expectWritten(page, mail);
  await expect(subject(page)).toBeFocused();
  await sendButton(page).click();
  await expect(sentTo(page, mail.to)).toBeVisible();
  expect(await sandbox.outbox()).toHaveLength(1);
});

test("the whole job works while WebAssembly does not arrive", async ({ guard, page, sandbox }) => {
  const letGo = await holdWebAssembly(page);
  await tryToConnect(page);
  await expect(greeting(page)).toBeVisible();
  await write(page, { ...mail, to: "ann at home" });
  guard.expects(422, "/send");
  await sendButton(page).click();
  await expect(to(page)).toHaveAccessibleDescription(/“ann at home” isn't a valid email address\./);
  await write(page, mail);
  await sendButton(page).click();
  await expect(sentTo(page, mail.to)).toBeVisible();
  expect(await sandbox.outbox()).toHaveLength(1);
  await disconnect(page);
  letGo();
});

test("a result that the server rendered wakes as it is", async ({ page, sandbox }) => {
  const letGo = await holdWebAssembly(page);
  await tryToConnect(page);
  await write(page, mail);
  await sendButton(page).click();
  await expect(sentTo(page, mail.to)).toBeVisible();
  letGo();
  await awake(page);
  await expect(sentTo(page, mail.to)).toBeVisible();
  await page.getByRole("link", { name: "Write another" }).click();
  await expect(to(page)).toBeFocused();
  await write(page, { ...mail, to: "bo@sandbox.example" });
  await sendButton(page).click();
  await expect(sentTo(page, "bo@sandbox.example")).toBeVisible();
  expect(await sandbox.outbox()).toHaveLength(2);
});

test("sending and writing another load no page", async ({ page, sandbox }) => {
  await connect(page);
  const loaded: string[] = [];
  page.on("request", (request) => {
    if (request.isNavigationRequest()) loaded.push(request.url());
  });
  await write(page, mail);
  await sendButton(page).click();
  await expect(sentTo(page, mail.to)).toBeFocused();
  await page.getByRole("link", { name: "Write another" }).click();
  await expect(to(page)).toBeFocused();
  await expect(to(page)).toHaveValue(work);
  await write(page, mail);
  await sendButton(page).click();
  await expect(sentTo(page, mail.to)).toBeFocused();
  expect(await sandbox.outbox()).toHaveLength(2);
  expect(loaded).toEqual([]);
});

test("the browser keeps nothing of a message, neither when it is sent nor after Disconnect", async ({ context, page }) => {
  const kept = async () => ({
    ...(await context.storageState({ indexedDB: true })),
    cookies: [],
    session: await page.evaluate(() => ({ ...sessionStorage })),
    caches: await page.evaluate(() => caches.keys()),
  });
  const nothing = { cookies: [], origins: [], session: {}, caches: [] };
  await connect(page);
  await write(page, mail);
  await sendButton(page).click();
  await expect(sentTo(page, mail.to)).toBeVisible();
  expect(await kept()).toEqual(nothing);
  await page.getByRole("link", { name: "Write another" }).click();
  await write(page, mail);
  await disconnect(page);
  expect(await kept()).toEqual(nothing);
});

test("no script of a page can write markup", async ({ guard, page }) => {
  await connect(page);
  // The browser complains about each.
  await guard.looksAway(async () => {
    for (const attempt of [
      () => (document.body.innerHTML = "<p>Win</p>"),
      () => document.write("<p>Win</p>"),
      () => trustedTypes.createPolicy("default", { createHTML: (text) => text }),
    ] as (() => unknown)[]) {
      await expect(page.evaluate(attempt)).rejects.toThrow(TypeError.name);
    }
  });
  await expect(greeting(page)).toBeVisible();
});

test("while a mail is on its way, the button says so and does nothing", async ({ page, sandbox }) => {
  await connect(page);
  await write(page, mail);
  await sandbox.fault({ route: "sendMail", delayMs: 1500 });
  await sendButton(page).click();
  const busy = page.getByRole("button", { name: "Sending…" });
  await expect(busy).toHaveAttribute("aria-disabled", "true");
  // A person can press it; that it is disabled is said, not enforced, so that it keeps the focus.
  await busy.click({ force: true });
  // Nothing that is typed now could be sent or kept.
  for (const field of [to(page), subject(page), message(page)]) {
    await expect(field).toHaveAttribute("readonly");
    await expect(field).not.toBeEditable();
  }
  await expect(sentTo(page, mail.to)).toBeVisible();
  expect(await sandbox.outbox()).toHaveLength(1);
});

test("a browser without network says so, and the next press sends once", async ({ context, guard, page, sandbox }) => {
  await connect(page);
  await write(page, mail);
  guard.expectsNoAnswer("net::ERR_INTERNET_DISCONNECTED");
  await context.setOffline(true);
  await sendButton(page).click();
  await expect(page.getByRole("heading", { name: "You're offline" })).toBeFocused();
  await expect(notices(page)).toHaveCount(1);
  await expect(notices(page)).toContainText("When you're back online, press Send mail: we send it only once.");
  await expect(to(page)).toBeEditable();
  await expectWritten(page, mail);
  await context.setOffline(false);
  await sendButton(page).click();
  await expect(sentTo(page, mail.to)).toBeVisible();
  expect(await sandbox.outbox()).toHaveLength(1);
});

test("a page that is looked at again says that the session ended elsewhere, and that it is back", async ({ context, page, sandbox }) => {
  await connect(page);
  await write(page, mail);
  const second = await context.newPage();
  await second.goto("/");
  await disconnect(second);
  await second.close();

  await lookAgain(page);
  await expect(signedOut(page)).toBeVisible();
  await expectWritten(page, mail);
  await expectAccessible(page);

  const opened = page.waitForEvent("popup");
  await signedOut(page).getByRole("link", { name: "Sign in again" }).click();
  const tab = await opened;
  await expect(greeting(tab)).toBeVisible();
  await tab.close();

  await lookAgain(page);
  await expect(signedOut(page)).toHaveCount(0);
  await expectWritten(page, mail);
  await sendButton(page).click();
  await expect(sentTo(page, mail.to)).toBeVisible();
  expect(await sandbox.outbox()).toHaveLength(1);
});

test("a page that stays open says by itself when the session has ended", async ({ context, page }) => {
  await page.clock.install();
  await connect(page);
  await write(page, mail);
  await expect(signedOut(page)).toHaveCount(0);
  await context.clearCookies({ domain: "localhost" });
  // A session lives for a day at most.
  await page.clock.fastForward("24:01:00");
  await expect(signedOut(page)).toBeVisible();
  await expectWritten(page, mail);
});

test("a connect page that is looked at again moves on when the person has connected elsewhere", async ({ context, page }) => {
  await page.goto("/");
  await awake(page);
  const second = await context.newPage();
  await connect(second);
  await second.close();
  await lookAgain(page);
  await expect(page).toHaveURL(`${appUrl}/send`);
  await expect(greeting(page)).toBeVisible();
});

test("a start page that is looked at again shows nobody when the person has disconnected elsewhere", async ({ context, page }) => {
  await connect(page);
  await page.goto("/");
  await expect(signedInAs(page, "Wanda Work")).toBeVisible();
  await awake(page);
  const second = await context.newPage();
  await second.goto("/");
  await disconnect(second);
  await second.close();
  await lookAgain(page);
  await expect(connectLink(page)).toBeVisible();
  await expect(page.getByText(work)).toHaveCount(0);
});

test("while Graph asks for a pause, the button does nothing and the time left is counted down", async ({ page, sandbox }) => {
  await page.clock.install();
  await connect(page);
  await write(page, mail);
  await sandbox.fault({ route: "sendMail", status: 429, retryAfter: "65" });
  // From here on, time passes only as far as this test says.
  await page.clock.pauseAt(Date.now() + 60_000);
  await sendButton(page).click();
  await expect(page.getByRole("timer")).toHaveText("1:05");
  await expect(sendButton(page)).toHaveAttribute("aria-disabled", "true");
  await sendButton(page).click({ force: true });
  await subject(page).press("Enter");
  await page.clock.runFor(5_000);
  await expect(page.getByRole("timer")).toHaveText("1:00");
  expect(await sandbox.outbox()).toEqual([]);
  await page.clock.runFor(60_000);
  await expect(page.getByRole("timer")).toHaveCount(0);
  await sendButton(page).click();
  await expect(sentTo(page, mail.to)).toBeVisible();
  expect(await sandbox.outbox()).toHaveLength(1);
});

test("a session that ends beside a result says so only when somebody writes again", async ({ context, page }) => {
  await connect(page);
  await write(page, mail);
  await sendButton(page).click();
  await expect(sentTo(page, mail.to)).toBeVisible();
  await context.clearCookies({ domain: "localhost" });
  const asked = page.waitForResponse("**/api/session");
  await lookAgain(page);
  await asked;
  await expect(sentTo(page, mail.to)).toBeVisible();
  await expect(notices(page)).toHaveCount(1);
  await page.getByRole("link", { name: "Write another" }).click();
  await expect(signedOut(page)).toBeVisible();
  await expect(notices(page)).toHaveCount(1);
});

test("a page of another build says so, and the next press reloads it and sends", async ({ guard, page, sandbox }) => {
  await connect(page);
  await write(page, mail);
  // As a tab that was opened before an update has it.
  await page.locator("body").evaluate((body) => body.setAttribute("data-wire-version", "0"));
  guard.expects(412, "/api/send_mail");
  await sendButton(page).click();
  await expect(outdated(page)).toBeVisible();
  await expect(outdated(page)).toBeFocused();
  await expect(notices(page)).toHaveCount(1);
  await expect(notices(page)).toContainText("reload this page");
  await expectWritten(page, mail);
  expect(await sandbox.outbox()).toHaveLength(0);
  const loaded = page.waitForEvent("load");
  await sendButton(page).click();
  await loaded;
  await expect(sentTo(page, mail.to)).toBeVisible();
  expect(await sandbox.outbox()).toHaveLength(1);
});

test("a doubt about a message stays when the session ends", async ({ context, page, sandbox }) => {
  await connect(page);
  await write(page, mail);
  await sandbox.fault({ route: "sendMail", status: 504 });
  await sendButton(page).click();
  await expect(unknown(page)).toBeVisible();
  await context.clearCookies({ domain: "localhost" });
  const asked = page.waitForResponse("**/api/session");
  await lookAgain(page);
  await asked;
  await expect(unknown(page)).toBeVisible();
  await expect(notices(page)).toHaveCount(1);
  await sendAgain(page).click();
  await expect(signedOut(page)).toBeVisible();
  await expect(notices(page)).toHaveCount(1);
});

test("a page that is looked at again names the person who is connected now", async ({ context, page }) => {
  await connect(page);
  const second = await context.newPage();
  await second.goto("/");
  await second.getByRole("link", { name: "Use another account" }).click();
  await second.getByRole("button", { name: personal }).click();
  await second.getByRole("button", { name: "Accept" }).click();
  await expect(greeting(second)).toHaveText("Hi, Petra Personal!");
  await second.close();
  await lookAgain(page);
  await expect(greeting(page)).toHaveText("Hi, Petra Personal!");
  await expect(from(page)).toHaveText(`Petra Personal (${personal})`);
});

/** How often a page asks who is connected. */
function questions(page: Page): { count: number } {
  const asked = { count: 0 };
  page.on("request", (request) => {
    if (request.url().endsWith("/api/session")) asked.count++;
  });
  return asked;
}

test("a page that was looked at many times waits once for the session's end", async ({ page }) => {
  // The timers that are set for an hour or more. (A made-up clock would not do: the numbers of its timers
  // are larger than those of any browser.)
  await page.addInitScript(() => {
    const waiting = new Set<number>();
    const { setTimeout, clearTimeout } = window;
    Object.assign(window, {
      waiting,
      setTimeout: (then: () => void, ms?: number) => {
        const id = setTimeout.call(window, then, ms);
        if (Number(ms) >= 3_600_000) waiting.add(id);
        return id;
      },
      clearTimeout: (id?: number) => {
        waiting.delete(Number(id));
        clearTimeout.call(window, id);
      },
    });
  });
  const waits = () => page.evaluate(() => (window as unknown as { waiting: Set<number> }).waiting.size);
  await connect(page);
  await awake(page);
  expect(await waits()).toBe(1);
  const asked = questions(page);
  for (const looks of [1, 2, 3, 4, 5]) {
    const answered = page.waitForResponse("**/api/session");
    await lookAgain(page);
    await answered;
    await expect.poll(() => asked.count).toBe(looks);
  }
  await expect.poll(waits).toBe(1);
});

test("a session of a year is not asked about at once", async ({ page }) => {
  const letGo = await holdWebAssembly(page);
  await page.clock.install();
  await tryToConnect(page);
  await expect(greeting(page)).toBeVisible();
  await page.locator("form[data-ends-in]").evaluate((form) => form.setAttribute("data-ends-in", "31536000"));
  const asked = questions(page);
  letGo();
  await awake(page);
  await page.clock.runFor("01:00:00");
  expect(asked.count).toBe(0);
});

for (const { lacks, without } of [
  { lacks: "AbortSignal.timeout", without: () => void Reflect.deleteProperty(AbortSignal, "timeout") },
  { lacks: "AbortController", without: () => void Reflect.deleteProperty(window, "AbortController") },
  { lacks: "FormData", without: () => void Reflect.deleteProperty(window, "FormData") },
  { lacks: "fetch", without: () => void Reflect.deleteProperty(window, "fetch") },
  { lacks: "Headers and Request", without: () => ["Headers", "Request"].forEach((it) => Reflect.deleteProperty(window, it)) },
]) {
  test(`a browser without ${lacks} sends all the same, and once`, async ({ guard, page, sandbox }) => {
    await connect(page);
    await write(page, mail);
    await page.evaluate(without);
    // Some of them the browser complains about.
    await guard.looksAway(async () => {
      await sendButton(page).click();
      await expect(sentTo(page, mail.to)).toBeVisible();
    });
    expect(await sandbox.outbox()).toHaveLength(1);
  });
}
