// The session can end while somebody writes. Nothing typed is lost, and nothing is sent until they
// are connected again.

import {
  connect,
  expect,
  expectAccessible,
  expectNoSidewaysScrolling,
  expectWritten,
  greeting,
  mail,
  notices,
  sandboxUrl,
  scripted,
  sendButton,
  sentTo,
  signedOut,
  test,
  work,
  write,
} from "./fixtures";

test("a press after the session has ended keeps the mail until the person has connected again", async ({ context, guard, page, sandbox }) => {
  await connect(page);
  await write(page, mail);
  await context.clearCookies({ domain: "localhost" });

  if (!scripted()) guard.expects(401, "/send");
  await sendButton(page).click();
  await expect(signedOut(page)).toBeVisible();
  await expect(signedOut(page).getByRole("heading")).toBeFocused();
  await expect(notices(page)).toHaveCount(1);
  await expect(page).toHaveTitle("Signed out · Graph Connect");
  await expectWritten(page, mail);
  expect(await sandbox.outbox()).toEqual([]);
  await expectNoSidewaysScrolling(page);
  await expectAccessible(page);

  const opened = page.waitForEvent("popup");
  await page.getByRole("link", { name: "Sign in again" }).click();
  const tab = await opened;
  // Microsoft still knows the person.
  await expect(greeting(tab)).toHaveText("Hi, Wanda Work!");
  await tab.close();

  await expectWritten(page, mail);
  await sendButton(page).click();
  await expect(sentTo(page, mail.to)).toBeVisible();
  await expect(signedOut(page)).toHaveCount(0);
  expect(await sandbox.outbox()).toEqual([expect.objectContaining({ account: work })]);
});

test("a session that Microsoft no longer accepts can be replaced without losing the mail", async ({ context, guard, page, sandbox }) => {
  await connect(page);
  await write(page, mail);
  // A newer token is tried once before the session counts as over.
  await sandbox.fault({ route: "sendMail", status: 401, times: 2 });
  if (!scripted()) guard.expects(401, "/send");
  await sendButton(page).click();
  await expect(signedOut(page)).toContainText(
    "Your draft is still here, and it wasn't sent. Sign in again (opens a new tab), then come back and send.",
  );
  await expect(notices(page)).toHaveCount(1);
  await expectWritten(page, mail);
  expect(await sandbox.outbox()).toEqual([]);

  // Not the session that was refused: a new sign-in, at Microsoft.
  const signIn = context.waitForEvent("request", {
    predicate: (request) => request.url().startsWith(`${sandboxUrl}/common/oauth2/v2.0/authorize`),
    timeout: 10_000,
  });
  const opened = page.waitForEvent("popup", { timeout: 10_000 });
  await page.getByRole("link", { name: "Sign in again" }).click({ timeout: 10_000 });
  const tab = await opened;
  await signIn;
  const account = tab.getByRole("button", { name: work });
  await expect(account.or(greeting(tab))).toBeVisible();
  if (await account.isVisible()) await account.click();
  await expect(greeting(tab)).toHaveText("Hi, Wanda Work!");
  await tab.close();

  await expectWritten(page, mail);
  await sendButton(page).click();
  await expect(sentTo(page, mail.to)).toBeVisible();
  expect(await sandbox.outbox()).toHaveLength(1);
});
