// Markup and scripts in every text that comes from outside and is shown somewhere. They stay text:
// with the Content Security Policy, and with it taken off, so that it is not the only defence.

import type { Browser, Page } from "@playwright/test";
import { createHash } from "node:crypto";
import {
  appUrl,
  checkAddress,
  connect,
  connectLink,
  details,
  expect,
  greeting,
  message,
  notSent,
  sandboxUrl,
  scripted,
  sendButton,
  sentTo,
  subject,
  test,
  to,
  tryToConnect,
  work,
  write,
} from "./fixtures";

/** Leaves every context that text can stand in, and then tries everything that runs by itself. */
const evil =
  `'">--></title></textarea></style></script>` +
  `<script class=evil>alert(1)</script><img class=evil src=/evil onerror=alert(2)>` +
  `<svg class=evil onload=alert(3)></svg><iframe class=evil src=javascript:alert(4)></iframe>` +
  `<a class=evil href=javascript:alert(5)>`;

/**
 * The text stands there as text, and none of it has become an element. (What would run opens a
 * dialog, what would load is a request for a page that does not exist: no test lets those pass.)
 */
async function expectText(page: Page, text = evil): Promise<void> {
  await expect(page.getByText(text).first()).toBeVisible();
  await expectNoElement(page);
}

async function expectNoElement(page: Page): Promise<void> {
  await page.waitForLoadState();
  await expect(page.locator(".evil")).toHaveCount(0);
}

/** The callback of the sign-in that this page has just begun. */
async function callback(page: Page, answer: Record<string, string>): Promise<string> {
  await page.goto("/");
  const asked = page.waitForRequest((request) => request.url().includes("/oauth2/v2.0/authorize"));
  await connectLink(page).click();
  const state = new URL((await asked).url()).searchParams.get("state")!;
  return `/login/authorized?${new URLSearchParams({ state, ...answer })}`;
}

/** Signs in at the sandbox as a client of its own, past the app, and gives an access token. */
async function accessToken(browser: Browser): Promise<string> {
  const client_id = "11111111-1111-4111-8111-111111111111";
  const redirect_uri = `${appUrl}/login/authorized`;
  const code_verifier = "A".repeat(43);
  const code_challenge = createHash("sha256").update(code_verifier).digest("base64url");
  const scope = "User.Read Mail.Send";
  const oauth2 = `${sandboxUrl}/common/oauth2/v2.0`;
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.route(`${redirect_uri}?*`, (route) => route.abort());
  const answer = page.waitForRequest(`${redirect_uri}?*`);
  const asked = { client_id, redirect_uri, scope, code_challenge, code_challenge_method: "S256", response_type: "code" };
  await page.goto(`${oauth2}/authorize?${new URLSearchParams(asked)}`);
  await page.getByRole("button", { name: work, exact: true }).click();
  await page.getByRole("button", { name: "Accept" }).click();
  const code = new URL((await answer).url()).searchParams.get("code")!;
  await context.close();
  const grant = { client_id, client_secret: "sandbox-secret", redirect_uri, code, code_verifier, grant_type: "authorization_code" };
  const tokens = await fetch(`${oauth2}/token`, { method: "POST", body: new URLSearchParams(grant) });
  return (await tokens.json()).access_token;
}

for (const bypassCSP of [false, true]) {
  test.describe(bypassCSP ? "without the policy" : "with the policy", () => {
    test.use({ bypassCSP });

    test("a name and an address from Graph are text", async ({ page, sandbox }) => {
      const profile = { displayName: evil, mail: `${evil}@sandbox.example` };
      await sandbox.fault({ route: "me", body: JSON.stringify(profile) });
      await tryToConnect(page);
      await expect(greeting(page)).toHaveText(`Hi, ${evil}!`);
      await expectText(page, profile.mail);
      await expect(to(page)).toHaveValue(profile.mail);
      expect(await message(page).inputValue()).toContain(`Hi ${evil},`);
      await page.goto("/");
      await expectText(page, `You're signed in as ${evil}`);
      await expectText(page, `Messages are sent from ${profile.mail}.`);
    });

    test("what is typed is text, where it is wrong and where it is sent", async ({ guard, page, sandbox }) => {
      await connect(page);
      await write(page, { to: evil, subject: evil, message: evil });
      if (!scripted()) guard.expects(422, "/send");
      await sendButton(page).click();
      await expect(checkAddress(page)).toBeVisible();
      await expectText(page, `“${evil.slice(0, 60)}…” isn't a valid email address.`);
      await expect(to(page)).toHaveValue(evil);
      await expect(subject(page)).toHaveValue(evil);
      await expect(message(page)).toHaveValue(evil);

      // As strange as an address may be (RFC 5321, section 4.1.2, "Quoted-string"), short of angle
      // brackets, which the app refuses itself. It is the sandbox that does not take it.
      const address = `"'/class=evil/onerror=alert(1)/&lt"@sandbox.example`;
      await to(page).fill(address);
      if (!scripted()) guard.expects(422, "/send");
      await sendButton(page).click();
      await expectText(page, `The recipient '${address}' cannot be resolved`);

      await to(page).fill("ann@sandbox.example");
      await sendButton(page).click();
      await expect(sentTo(page, "ann@sandbox.example")).toBeVisible();
      const [sent] = await sandbox.outbox();
      expect(sent?.message.subject).toBe(evil);
      expect(sent?.message.body.content).not.toMatch(/<(script|img|svg|iframe|meta|a) /);
    });

    for (const status of [400, 403]) {
      test(`what Graph says when it refuses a mail (${status}) is text`, async ({ guard, page, sandbox }) => {
        await connect(page);
        const body = JSON.stringify({ error: { code: evil, message: evil, innerError: { "request-id": evil } } });
        await sandbox.fault({ route: "sendMail", status, body });
        if (!scripted()) guard.expects(status === 400 ? 422 : status, "/send");
        await sendButton(page).click();
        await expect(notSent(page)).toBeVisible();
        await expectText(page, `Microsoft says: ${evil}`);
        await details(page).click();
        await expect(page.getByRole("definition").getByText(evil)).toBeVisible();
      });
    }

    test("what Graph says instead of a profile is text", async ({ guard, page, sandbox }) => {
      const body = JSON.stringify({ error: { code: evil, message: evil } });
      await sandbox.fault({ route: "me", status: 403, body });
      guard.expects(502, "/login/authorized");
      await tryToConnect(page);
      await details(page).click();
      await expectText(page);
      await expect(page.getByRole("definition").getByText(evil)).toBeVisible();
    });

    test("what the identity platform says to a code is text", async ({ guard, page, sandbox }) => {
      const answer = {
        error: "invalid_request",
        error_description: `AADSTS900144: ${evil} Trace ID: ${evil} Correlation ID: ${evil} Timestamp: ${evil}`,
        error_codes: [900144],
        trace_id: evil,
        correlation_id: evil,
        timestamp: evil,
        error_uri: "javascript:alert(6)",
      };
      await sandbox.fault({ route: "token", status: 400, body: JSON.stringify(answer) });
      guard.expects(400, "/login/authorized");
      await tryToConnect(page);
      await details(page).click();
      await expectText(page, `AADSTS900144: ${evil}`);
      await expect(page.getByRole("definition").getByText(evil).first()).toBeVisible();
    });

    for (const [error, status] of [
      ["access_denied", 403],
      ["invalid_request", 400],
      [evil, 400],
    ] as const) {
      test(`what the identity platform says to a sign-in (${error.slice(0, 15)}) is text`, async ({ guard, page }) => {
        const error_description = `AADSTS9000: ${evil} Trace ID: ${evil} Correlation ID: ${evil} Timestamp: ${evil}`;
        const url = await callback(page, { error, error_description, error_subcode: evil });
        guard.expects(status, "/login/authorized");
        await page.goto(url);
        await details(page).click();
        await expectText(page, `AADSTS9000: ${evil}`);
        await expect(page.getByRole("definition").getByText(evil).first()).toBeVisible();
      });
    }

    test("what an administrator's request quotes is text", async ({ guard, page }) => {
      const error_description = `AADSTS90094: ${evil} Trace ID: ${evil}`;
      const url = await callback(page, { error: "access_denied", error_description });
      guard.expects(403, "/login/authorized");
      await page.goto(url);
      await expect(page.getByRole("textbox", { name: "Message to your administrator" })).toBeVisible();
      await details(page).click();
      await expectText(page);
    });

    for (const path of ["/send", "/login", "/login/authorized", `/${evil.replaceAll("/", "%2F")}`]) {
      test(`what stands in a query or a path (${path.slice(0, 17)}) is not on the page`, async ({ guard, page }) => {
        const url = new URL(path, appUrl);
        for (const name of ["q", "code", "state", "tenant", "prompt", "return_to", "where", "to", "subject"]) {
          url.searchParams.set(name, evil);
        }
        if (path === "/login/authorized") guard.expects(400, path);
        if (url.pathname.includes("evil")) guard.expects(404, url.pathname);
        await page.goto(url.href);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        await expectNoElement(page);
      });
    }

    for (const [wish, arrival] of [
      ["javascript:alert(7)", "/"],
      ["data:text/html,<script>alert(7)</script>", "/"],
      [`/">'><svg/class=evil/onload=alert(7)>`, undefined],
      [`/'};url=javascript:alert(7)`, undefined],
      ["//127.0.0.1:1/evil", "/"],
      ["/\\\\127.0.0.1:1/evil", "/"],
    ] as const) {
      test(`a sign-in that is to lead to “${wish}” leads to a page of this site`, async ({ guard, page }) => {
        await page.goto(`/login?return_to=${encodeURIComponent(wish)}`);
        await page.getByRole("button", { name: work, exact: true }).click();
        const there = new URL(arrival ?? wish, appUrl);
        if (!arrival) guard.expects(404, there.pathname);
        await page.getByRole("button", { name: "Accept" }).click();
        await expect(page).toHaveURL(there.href);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        await expectNoElement(page);
      });
    }

    test("mail in the sandbox's outbox runs nothing, and loads nothing from elsewhere", async ({ browser, context, guard, otherSite, page }) => {
      const there = await otherSite("");
      const content =
        `<base href="${there}/"><p>Read me</p>${evil}<script src="${there}/1"></script><img src="${there}/2">` +
        `<link rel="stylesheet" href="${there}/3"><style>@import url(${there}/4); p { background: url(${there}/5) }</style>` +
        `<iframe src="${there}/6"></iframe><object data="${there}/7"></object><video src="${there}/8"></video>` +
        `<form action="${there}/9"><button autofocus onfocus="alert(8)">Win</button></form>`;
      const sent = await fetch(`${sandboxUrl}/v1.0/me/sendMail`, {
        method: "POST",
        headers: { authorization: `Bearer ${await accessToken(browser)}`, "content-type": "application/json" },
        body: JSON.stringify({
          message: {
            subject: evil,
            body: { contentType: "html", content },
            toRecipients: [{ emailAddress: { name: evil, address: "ann@sandbox.example" } }],
            attachments: [{ "@odata.type": "#microsoft.graph.fileAttachment", name: evil, contentBytes: "QQ==" }],
          },
        }),
      });
      expect(sent.status).toBe(202);

      const loaded: string[] = [];
      context.on("response", (answer) => answer.url().startsWith(there) && loaded.push(answer.url()));
      // What the browser keeps the mail from doing, it complains about.
      await guard.looksAway(async () => {
        await page.goto(`${sandboxUrl}/`);
        const shown = page.getByRole("article");
        await expect(shown.getByRole("heading", { name: evil })).toBeVisible();
        await expect(shown).toContainText(`${evil} <ann@sandbox.example>`);
        await expect(shown).toContainText(`${evil} (less than 1 kB)`);
        await expect(shown.frameLocator("iframe").getByText("Read me")).toBeVisible();
        await expectNoElement(page);
      });
      // Without a policy, frames still run nothing; that they load nothing is the policy's part.
      if (!bypassCSP) expect(loaded).toEqual([]);
    });

    test("what the sandbox says to a sign-in that it refuses is text", async ({ guard, page }) => {
      const asked = { client_id: evil, redirect_uri: evil, scope: evil, state: evil, response_type: evil, login_hint: evil };
      await guard.looksAway(async () => {
        await page.goto(`${sandboxUrl}/common/oauth2/v2.0/authorize?${new URLSearchParams(asked)}`);
        await expect(page.getByRole("heading", { name: "Sorry, that didn't work" })).toBeVisible();
        await expectNoElement(page);
      });
    });
  });
}
