// axe finds nothing on any page, in light and in dark. (Other specs run it on each failure page,
// in light.)

import {
  cancel,
  connect,
  connectLink,
  details,
  disconnect,
  expect,
  expectAccessible,
  greeting,
  mail,
  needsAdmin,
  checkAddress,
  question,
  sandboxUrl,
  sendButton,
  sentTo,
  signedOut,
  signedInAs,
  test,
  tryToConnect,
  work,
  write,
} from "./fixtures";

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`in ${colorScheme}`, () => {
    test.use({ colorScheme });

    test("axe finds nothing on the pages of the main job", async ({ page }) => {
      await page.goto("/");
      await expect(connectLink(page)).toBeVisible();
      await expectAccessible(page);
      await connect(page);
      await expectAccessible(page);
      await write(page, mail);
      await sendButton(page).click();
      await expect(sentTo(page, mail.to)).toBeVisible();
      await details(page).click();
      await expectAccessible(page);
      await page.goto("/");
      await expect(signedInAs(page, "Wanda Work")).toBeVisible();
      await expectAccessible(page);
      await page.getByRole("button", { name: "Disconnect" }).click();
      await expect(question(page)).toBeVisible();
      await expectAccessible(page);
      await cancel(page).click();
      await disconnect(page);
      await expectAccessible(page);
    });

    test("axe finds nothing on a mail that was not sent", async ({ context, page, sandbox }) => {
      await connect(page);
      await write(page, { ...mail, to: "nobody" });
      await sendButton(page).click();
      await expect(checkAddress(page)).toBeVisible();
      await expectAccessible(page);

      await write(page, mail);
      await sandbox.fault({ route: "sendMail", status: 429, retryAfter: "3" });
      await sendButton(page).click();
      await expect(page.getByText("Wait 3 seconds")).toBeVisible();
      await details(page).click();
      await expectAccessible(page);

      await context.clearCookies({ domain: "localhost" });
      await expect(sendButton(page)).toHaveAttribute("aria-disabled", "false");
      await sendButton(page).click();
      await expect(signedOut(page)).toBeVisible();
      await expectAccessible(page);
    });

    test("axe finds nothing on failure pages", async ({ guard, page, sandbox }) => {
      await sandbox.fault({ route: "token", code: "AADSTS7000215" });
      guard.expects(500, "/login/authorized");
      await tryToConnect(page);
      await details(page).click();
      await expectAccessible(page);
      guard.expects(404, "/nowhere");
      await page.goto("/nowhere");
      await expectAccessible(page);
    });

    test("axe finds nothing on the pages of the sandbox, and what follows them", async ({ guard, page }) => {
      await page.goto(`${sandboxUrl}/`);
      await expect(page.getByText("No messages yet.")).toBeVisible();
      await expectAccessible(page);
      await page.goto("/");
      await connectLink(page).click();
      await expect(page.getByRole("heading", { name: "Pick an account" })).toBeVisible();
      await expectAccessible(page);
      await page.getByRole("button", { name: work }).click();
      await expect(page.getByRole("heading", { name: "Permissions requested" })).toBeVisible();
      await expectAccessible(page);
      await page.getByRole("button", { name: "Accept" }).click();
      await expect(greeting(page)).toBeVisible();
      await sendButton(page).click();
      await expect(sentTo(page, work)).toBeVisible();
      await page.goto(`${sandboxUrl}/`);
      await expect(page.getByRole("article")).toBeVisible();
      await expectAccessible(page);

      await page.goto("/");
      await page.getByRole("link", { name: "Use another account" }).click();
      await page.getByRole("button", { name: needsAdmin }).click();
      await expect(page.getByRole("heading", { name: "Need admin approval" })).toBeVisible();
      await expectAccessible(page);
      guard.expects(403, "/login/authorized");
      await page.getByRole("button", { name: "Return to the application" }).click();
      await expect(page.getByRole("textbox")).toBeVisible();
      await expectAccessible(page);
      await page.getByRole("link", { name: "Review the permissions and approve" }).click();
      await expect(page.getByText("Accept for your organization")).toBeVisible();
      await expectAccessible(page);
      await page.getByRole("button", { name: "Accept" }).click();
      await expect(page.getByRole("heading", { name: "App approved" })).toBeVisible();
      await expectAccessible(page);
    });
  });
}
