// What another host of the same domain can do in a person's browser: leave cookies for the whole
// domain, send forms and scripts, open windows. On https, with Chromium's own cookie rules. The person
// stays who they are, nobody is signed in, and nothing is sent.

import { chromium } from "@playwright/test";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { certificate, tls } from "./authority.mjs";
import { Browser, greeting } from "./client.mjs";
import { freePort } from "../clients/processes.mjs";
import { withProgram } from "./program.mjs";
import { Provider } from "./provider.mjs";

// Chromium finds every name on localhost on this computer. `site.localhost` is the domain of both.
const [APP, SIBLING] = ["app.site.localhost", "evil.site.localhost"];
const PREFIX = "__Host-Http-graph-connect-";
const [VICTIM, ATTACKER] = ["Vera Victim", "Eve Attacker"];

const FEW_SPACES = [0x09, 0x85, 0xa0, 0x2000];
const SPACES = [0x09, 0x0b, 0x20, 0x85, 0xa0, 0x1680, 0x2000, 0x2003, 0x200b, 0x2028, 0x202f, 0x205f, 0x3000, 0xfeff];

/** Names that are to arrive as `name`, and attributes with which a sibling can set them. */
function variants(name, whole) {
  const percent = (at) => `${name.slice(0, at)}%${name.charCodeAt(at).toString(16).toUpperCase()}${name.slice(at + 1)}`;
  return [
    ["itself", name],
    ["no prefix", name.replace("__Host-Http-", "")],
    ["prefix in lower case", name.replace("__Host-Http-", "__host-http-")],
    ["only __Host-", name.replace("__Host-Http-", "__Host-")],
    ["nameless", `=${name}`],
    ...[0, 1, 2, 6, 7, name.length - 1].map((at) => [`letter ${at} percent-encoded`, percent(at)]),
    ...(whole ? SPACES : FEW_SPACES).flatMap((code) => [
      [`U+${code.toString(16)} before`, String.fromCodePoint(code) + name],
      [`U+${code.toString(16)} behind`, name + String.fromCodePoint(code)],
    ]),
  ];
}

export async function siblings({ whole, attempt }) {
  const folder = mkdtempSync(join(tmpdir(), "graph-connect-siblings-"));
  const provider = await new Provider().start();
  // What the sibling answers: `Set-Cookie` lines, and a page.
  const sibling = { setCookie: [], body: "" };
  // Byte by byte, so that anything can stand in a name.
  const evil = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => {
      const lines = ["HTTP/1.1 200 OK", "Content-Type: text/html; charset=utf-8", "Connection: close"];
      lines.push(...sibling.setCookie.map((line) => `Set-Cookie: ${line}`));
      const page = `<!doctype html><title>Sibling</title><link rel="icon" href="data:,">${sibling.body}`;
      socket.end(`${lines.join("\r\n")}\r\n\r\n${page}`);
    });
  }).listen(0, "127.0.0.1");
  await once(evil, "listening");
  const appPort = await freePort();
  const front = await tls(certificate(folder, [APP, SIBLING]), { [APP]: appPort, [SIBLING]: evil.address().port });
  const [appUrl, evilUrl] = [APP, SIBLING].map((host) => `https://${host}:${front.port}`);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  const settings = { ...provider.settings, PUBLIC_URL: appUrl, LEPTOS_SITE_ADDR: `127.0.0.1:${appPort}`, TENANT: "common" };
  try {
    await withProgram(settings, async (program) => {
      program.port = appPort;
      await attacks({ whole, attempt, program, provider, browser, appUrl, evilUrl, sibling });
    });
  } finally {
    await browser.close();
    front.stop();
    evil.close();
    provider.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function attacks({ whole, attempt, program, provider, browser, appUrl, evilUrl, sibling }) {
  /** Signs in over HTTP, as the attacker does in a browser of their own. */
  provider.name = ATTACKER;
  const eve = new Browser(program);
  const eveBack = provider.code(await eve.pressConnect());
  const eveAttempt = [...eve.cookies][0];
  await eve.get(eveBack.pathname + eveBack.search);
  const unused = new Browser(program);
  const unusedBack = provider.code(await unused.pressConnect());
  const unusedAttempt = [...unused.cookies][0];
  if ((await eve.greeted()) !== ATTACKER) throw new Error("the attacker's own session greets nobody");
  provider.name = VICTIM;

  /** Signs a person in, in their own browser; that browser's cookies. */
  const signedInOnce = async () => {
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    const page = await context.newPage();
    await page.goto(`${appUrl}/`);
    await page.getByRole("link", { name: "Connect to Microsoft Graph" }).click();
    await page.waitForURL(`${appUrl}/send`);
    const cookies = await context.cookies();
    await context.close();
    return cookies;
  };
  const ownCookies = await signedInOnce();
  if (!ownCookies.every((it) => it.name.startsWith(PREFIX) && it.secure && it.httpOnly)) {
    throw new Error(`not as on https: ${JSON.stringify(ownCookies.map(({ value: _, ...it }) => it))}`);
  }

  /** A person's browser, signed in or not. */
  const person = async (signedIn, use, scripted = false) => {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, javaScriptEnabled: scripted });
    try {
      if (signedIn) await context.addCookies(ownCookies);
      return await use(await context.newPage());
    } finally {
      await context.close();
    }
  };
  const visit = async (page, setCookie = [], body = "") => {
    Object.assign(sibling, { setCookie, body });
    await page.goto(`${evilUrl}/`);
  };
  const greeted = async (page) => {
    const answer = await page.goto(`${appUrl}/send`);
    if (answer.status() >= 500) throw new Error(`status ${answer.status()}`);
    return greeting(await page.content())?.replace(/!.*/, "");
  };
  const proof = await person(true, greeted);
  if (!proof?.startsWith(VICTIM)) throw new Error(`the person's own session greets ${proof}`);

  const value = (name) => eve.cookies.get(PREFIX + name);
  const attributes = "Domain=site.localhost; Path=/; Secure; SameSite=None";
  const toss = (name, text, more = attributes) => `${name}=${text}; ${more}`;
  const lastUse = toss(`${PREFIX}seen`, value("seen"));
  /** After these cookies: the person is who they were, or is nobody. */
  const holds = (setCookie, scripted, signedIn) => async () =>
    person(signedIn, async (page) => {
      await visit(page, scripted ? [] : setCookie);
      if (scripted) await page.evaluate((lines) => lines.forEach((line) => (document.cookie = line)), setCookie);
      const name = await greeted(page);
      if (name?.startsWith(ATTACKER)) return "the attacker is greeted";
      if (name && !(signedIn && name.startsWith(VICTIM))) return `${name} is greeted`;
    }, scripted);

  for (const [what, name] of variants(`${PREFIX}session-0`, whole)) {
    for (const scripted of whole ? [false, true] : [false]) {
      for (const signedIn of whole ? [true, false] : [true]) {
        const how = `${scripted ? "by script" : "by header"}, ${signedIn ? "signed in" : "signed out"}`;
        await attempt(`session, ${what}, ${how}`, holds([toss(name, value("session-0")), lastUse], scripted, signedIn));
      }
    }
  }
  for (const path of ["/send", "/s", "/sen", "//"]) {
    const more = attributes.replace("Path=/", `Path=${path}`);
    const lines = [toss(`${PREFIX}session-0`, value("session-0"), more), lastUse, toss(" graph-connect-session-0", value("session-0"), more)];
    await attempt(`session, with the path ${path}`, holds(lines, false, true));
  }

  /** The attacker's attempt under some name, then the callback that belongs to it. */
  for (const [what, name] of variants(unusedAttempt[0], whole)) {
    if (!whole && /behind|letter [12367]/.test(what)) continue;
    await attempt(`attempt, ${what}`, () =>
      person(false, async (page) => {
        await visit(page, [toss(name, unusedAttempt[1])]);
        const answer = await page.goto(unusedBack.href);
        if (answer.status() === 200) return "a session began";
        const whom = await greeted(page);
        if (whom) return `${whom} is greeted`;
      }),
    );
  }
  await attempt("attempt, spent before", () =>
    person(false, async (page) => {
      await visit(page, [toss(eveAttempt[0], eveAttempt[1])]);
      if ((await page.goto(eveBack.href)).status() === 200) return "a session began";
    }),
  );
  await attempt("170 cookies that look like attempts", () =>
    person(false, async (page) => {
      const name = (at) => `graph-connect-login-t${at}`;
      for (let from = 0; from < 170; from += 34) {
        await visit(page, Array.from({ length: 34 }, (_, at) => toss(name(from + at), "tossed")));
      }
      await page.goto(`${appUrl}/`);
      await page.getByRole("link", { name: "Connect to Microsoft Graph" }).click();
      await page.waitForURL(`${appUrl}/send`, { timeout: 10_000 });
    }),
  );

  // The Strict cookies of a session come along with what a host of the same site sends.
  const fields = (form) => Object.entries(form).map(([name, text]) => `<input name="${name}" value="${text}">`).join("");
  for (const path of ["/send", "/logout", "/api/send_mail", "/api/session"]) {
    for (const type of ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"]) {
      await attempt(`a form to ${path} as ${type}`, () =>
        person(true, async (page) => {
          await page.goto(`${appUrl}/send`);
          const key = await page.locator('input[name="key"]').inputValue();
          const account = await page.locator('input[name="account"]').inputValue();
          const form = { key, account, confirmed: "", to: "eve@evil.example", subject: "s", message: "m" };
          const sent = provider.sent.length;
          await visit(page, [], `<form method=post action="${appUrl}${path}" enctype="${type}">${fields(form)}<button>Win</button></form>`);
          const [answer] = await Promise.all([page.waitForResponse(appUrl + path), page.getByRole("button").click()]);
          if (answer.status() !== 403) return `status ${answer.status()}`;
          if (provider.sent.length !== sent) return "a message was sent";
          if (!(await greeted(page))?.startsWith(VICTIM)) return "the session is gone";
        }),
      );
    }
  }
  const scripts = {
    "a page read with credentials": `fetch("${appUrl}/send", { credentials: "include" }).then((it) => it.text())`,
    "a server function called": `fetch("${appUrl}/api/session", { method: "POST", credentials: "include" }).then((it) => it.text())`,
    "a frame looked into": `new Promise((done) => { const frame = document.createElement("iframe"); frame.src = "${appUrl}/send"; frame.onload = () => { try { done(frame.contentDocument.body.innerText) } catch { done("") } }; document.body.append(frame) })`,
    "a window looked into": `new Promise((done) => { const opened = open("${appUrl}/send"); setTimeout(() => { try { done(opened.document.body.innerText) } catch { done("") } }, 1500) })`,
    "a script taken from a page": `new Promise((done) => { const script = document.createElement("script"); script.src = "${appUrl}/send"; script.onload = () => done("loaded ${VICTIM}"); script.onerror = () => done(""); document.body.append(script) })`,
  };
  for (const [what, script] of Object.entries(scripts)) {
    await attempt(what, () =>
      person(true, async (page) => {
        await visit(page, [], "<main></main>");
        const read = await page.evaluate(script).catch(() => "");
        if (String(read).includes(VICTIM)) return `it reads ${read.slice(0, 80)}`;
      }, true),
    );
  }
  for (const path of ["/login?prompt=select_account", "/login?return_to=/send", "/login?return_to=/login%3Fprompt=select_account"]) {
    await attempt(`a link to ${path}`, () =>
      person(false, async (page) => {
        await visit(page, [], `<a href="${appUrl}${path}">Win</a>`);
        await page.getByRole("link").click();
        await page.waitForLoadState();
        if (await greeted(page)) return "a session began without a press";
      }),
    );
  }
}
