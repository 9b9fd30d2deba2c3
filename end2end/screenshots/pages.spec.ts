// Every page as a picture, `{page}-{width}-{colours}.png`. The one of the README is
// `send-1280-light.png`.

import type { Page } from "@playwright/test";
import { join } from "node:path";
import {
  connect,
  connectLink,
  details,
  disconnect,
  expect,
  greeting,
  mail,
  needsAdmin,
  noMailbox,
  checkAddress,
  notSent,
  question,
  sandboxUrl,
  sendAgain,
  sendButton,
  sentTo,
  signedOut,
  test as base,
  tryToConnect,
  work,
  write,
  type Fault,
  unknown,
} from "../tests/fixtures";

const folder = process.env.SHOTS || join(__dirname, "../test-results/shots");

// Here only the pictures matter, not what failure pages leave in the console.
const test = base.extend({ guard: async ({}, use) => use(undefined as never) });

async function picture(page: Page, name: string): Promise<void> {
  const path = join(folder, `${name}-${test.info().project.name}.png`);
  await page.screenshot({ path, fullPage: true, animations: "disabled" });
}

test("the main job", async ({ page }) => {
  await page.goto("/");
  await picture(page, "connect");
  await connectLink(page).click();
  await expect(page.getByRole("heading", { name: "Pick an account" })).toBeVisible();
  await picture(page, "sandbox-picker");
  await page.getByRole("button", { name: work }).click();
  await expect(page.getByRole("heading", { name: "Permissions requested" })).toBeVisible();
  await picture(page, "sandbox-consent");
  await page.getByRole("button", { name: "Accept" }).click();
  await expect(greeting(page)).toBeVisible();
  await picture(page, "send");
  await sendButton(page).click();
  await expect(sentTo(page, work)).toBeVisible();
  await details(page).click();
  await picture(page, "sent");
  await page.goto("/");
  await picture(page, "connected");
  await page.getByRole("button", { name: "Disconnect" }).click();
  await expect(question(page)).toBeVisible();
  await picture(page, "disconnect");
  await page.goto("/disconnect");
  await picture(page, "disconnect-page");
  await page.goto("/send");
  await disconnect(page);
  await picture(page, "disconnected");
  await page.goto(`${sandboxUrl}/`);
  await picture(page, "sandbox-outbox");
});

test("mails that were not sent", async ({ context, page, sandbox }) => {
  await connect(page);
  await write(page, { ...mail, to: "ann@sandbox.example, ann at home" });
  await sendButton(page).click();
  await expect(checkAddress(page)).toBeVisible();
  await picture(page, "not-sent-field");
  await write(page, mail);
  await sandbox.fault({ route: "sendMail", status: 429, retryAfter: "3" });
  await sendButton(page).click();
  await expect(page.getByText("Wait 3 seconds")).toBeVisible();
  await details(page).click();
  await picture(page, "not-sent-429");
  await sandbox.fault({ route: "sendMail", status: 504 });
  await expect(sendButton(page)).toHaveAttribute("aria-disabled", "false");
  await sendButton(page).click();
  await expect(unknown(page)).toBeVisible();
  await picture(page, "unknown-504");
  await sandbox.fault({ route: "sendMail", delayMs: 2_000 });
  await sendAgain(page).click();
  await expect(page.getByRole("button", { name: "Sending…" })).toBeVisible();
  await picture(page, "sending");
  await expect(sentTo(page, mail.to)).toBeVisible();
  await page.getByRole("link", { name: "Write another" }).click();
  await context.clearCookies({ domain: "localhost" });
  await sendButton(page).click();
  await expect(signedOut(page)).toBeVisible();
  await picture(page, "not-sent-session-ended");
});

test("a mail from an account without a mailbox", async ({ page }) => {
  await connect(page, noMailbox);
  await sendButton(page).click();
  await expect(notSent(page)).toBeVisible();
  await picture(page, "not-sent-no-mailbox");
});

test("an administrator is needed", async ({ page }) => {
  await page.goto("/");
  await connectLink(page).click();
  await page.getByRole("button", { name: needsAdmin }).click();
  await expect(page.getByRole("heading", { name: "Need admin approval" })).toBeVisible();
  await picture(page, "sandbox-needs-administrator");
  await page.getByRole("button", { name: "Return to the application" }).click();
  await expect(page.getByRole("textbox")).toBeVisible();
  await picture(page, "failure-needs-administrator");
  await page.getByRole("link", { name: "Review the permissions and approve" }).click();
  await expect(page.getByText("Accept for your organization")).toBeVisible();
  await picture(page, "sandbox-administrator");
  await page.getByRole("button", { name: "Accept" }).click();
  await expect(page.getByRole("heading", { name: "App approved" })).toBeVisible();
  await picture(page, "administrator-approved");
  await page.goto("/login/authorized?admin_consent=True&error=access_denied");
  await picture(page, "administrator-declined");
});

for (const button of ["Cancel", "Decline"]) {
  test(`“${button}”`, async ({ page }) => {
    await page.goto("/");
    await connectLink(page).click();
    await page.getByRole("button", { name: work }).click();
    await page.getByRole("button", { name: button }).click();
    await expect(page.getByRole("link", { name: "Sign in again" })).toBeVisible();
    await picture(page, button === "Cancel" ? "failure-cancelled" : "failure-declined");
  });
}

const failures: Record<string, Fault> = {
  "set-up": { route: "token", code: "AADSTS7000215" },
  refused: { route: "token", code: "AADSTS53003" },
  "sign-in-down": { route: "token", status: 503 },
  "sign-in-busy": { route: "token", status: 429, retryAfter: "7" },
  "sign-in-slow": { route: "token", delayMs: 60_000 },
  "sign-in-nonsense": { route: "token", body: "<html>" },
  "graph-down": { route: "me", status: 503 },
  "graph-refused": { route: "me", status: 403 },
  "too-large": { route: "me", body: JSON.stringify({ displayName: hugeName(), mail: work }) },
};

/** Does not become small by being packed. */
function hugeName(): string {
  return Array.from({ length: 12_000 }, () => Math.floor(Math.random() * 36).toString(36)).join("");
}

for (const [name, fault] of Object.entries(failures)) {
  test(`failure ${name}`, async ({ page, sandbox }) => {
    await sandbox.fault(fault);
    await tryToConnect(page);
    await expect(page.getByRole("link", { name: "Sign in again" })).toBeVisible();
    if (await details(page).isVisible()) await details(page).click();
    await picture(page, `failure-${name}`);
  });
}

test("failures without a sign-in", async ({ page }) => {
  await page.goto("/login/authorized?code=x&state=y");
  await picture(page, "failure-attempt-gone");
  await page.goto("/nowhere");
  await picture(page, "failure-not-found");
  await page.goto("/logout");
  await picture(page, "failure-method");
});
