// An organization that wants an administrator's consent: what the person gets to send on, and what
// the administrator sees.

import type { Page } from "@playwright/test";
import {
  appUrl,
  connect,
  connectLink,
  details,
  expect,
  expectAccessible,
  expectNoSidewaysScrolling,
  greeting,
  needsAdmin,
  test,
} from "./fixtures";

const callback = "/login/authorized";

async function isToldToAskTheAdministrator(page: Page): Promise<void> {
  await page.goto("/");
  await connectLink(page).click();
  await page.getByRole("button", { name: needsAdmin }).click();
  await page.getByRole("button", { name: "Return to the application without granting consent" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(
    "Your administrator needs to approve this app",
  );
}

test("a person whose administrator must consent gets a message to send on", async ({ guard, page }) => {
  guard.expects(403, callback);
  await isToldToAskTheAdministrator(page);
  const message = await page.getByRole("textbox", { name: "Message to your administrator" }).inputValue();
  expect(message).toContain(appUrl);
  expect(message).toContain("User.Read, Mail.Send");
  expect(message).toContain("11111111-1111-4111-8111-111111111111");
  const link = await page.getByRole("link", { name: "Review the permissions and approve" }).getAttribute("href");
  expect(link).toMatch(/\/organizations\/v2\.0\/adminconsent\?client_id=/);
  expect(message).toContain(link);
  await details(page).click();
  await expect(page.getByText("AADSTS90094", { exact: true })).toBeVisible();
  await expectNoSidewaysScrolling(page);
  await expectAccessible(page);
});

test("once an administrator has approved, the person can connect", async ({ guard, page }) => {
  guard.expects(403, callback);
  await isToldToAskTheAdministrator(page);
  await page.getByRole("link", { name: "Review the permissions and approve" }).click();
  await expect(page.getByText("Accept for your organization")).toBeVisible();
  await page.getByRole("button", { name: "Accept" }).click();

  await expect(page.getByRole("heading", { level: 1 })).toHaveText("App approved");
  await expect(page.getByText("People in your organization can now use it.")).toBeVisible();
  await expectNoSidewaysScrolling(page);
  await expectAccessible(page);
  await page.getByRole("link", { name: "Go to start page" }).click();

  await connectLink(page).click();
  // The browser knows the account from before, and nobody is asked for consent again.
  await expect(greeting(page)).toHaveText("Hi, Nadia Needsadmin!");
});

test("an administrator who does not approve is told that nothing changed", async ({ guard, page }) => {
  guard.expects(403, callback, 2);
  await isToldToAskTheAdministrator(page);
  await page.getByRole("link", { name: "Review the permissions and approve" }).click();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("The app wasn't approved");
  await expect(page.getByText("Nothing changed in your organization.")).toBeVisible();
  await expectNoSidewaysScrolling(page);
  await expectAccessible(page);
});

test("an administrator's return does not touch the session of who is connected", async ({ page }) => {
  await connect(page);
  await page.goto(`${callback}?admin_consent=True&tenant=x&state=x`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("App approved");
  await page.goto("/send");
  await expect(greeting(page)).toHaveText("Hi, Wanda Work!");
});
