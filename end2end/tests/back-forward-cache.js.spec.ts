// Chromium can bring a page back as it was left, although it is `no-store`. Playwright turns that
// off; people have it.

import {
  connect,
  expect,
  expectNobodyOnBack,
  greeting,
  mail,
  reaches,
  sendButton,
  sentTo,
  signedInAs,
  test,
  write,
} from "./fixtures";

test.use({
  launchOptions: async ({ launchOptions }, use) => {
    await use({ ...launchOptions, ignoreDefaultArgs: ["--disable-back-forward-cache"] });
  },
});

for (const reach of reaches) {
  test(`a page from before Disconnect, “${reach}”, does not come back`, async ({ page }) => {
    await expectNobodyOnBack(page, reach);
  });
}

test("Back to the page of a mail that was sent sends nothing", async ({ page, sandbox }) => {
  await connect(page);
  await write(page, mail);
  await sendButton(page).click();
  await expect(sentTo(page, mail.to)).toBeVisible();
  await page.getByRole("link", { name: "Graph Connect" }).click();
  await expect(signedInAs(page, "Wanda Work")).toBeVisible();
  await page.goBack();
  await expect(greeting(page)).toBeVisible();
  expect(await sandbox.outbox()).toHaveLength(1);
});
