// What pages of other sites can do here: lead a person in, and nothing else.

import {
  appUrl,
  connect,
  connectLink,
  expect,
  expectAccessible,
  expectNoSidewaysScrolling,
  greeting,
  scripted,
  test,
} from "./fixtures";

test("a link on another site leads a connected person to the mail page", async ({ otherSite, page }) => {
  await connect(page);
  await page.goto(await otherSite(`<a href="${appUrl}/send">Write</a>`));
  await page.getByRole("link", { name: "Write" }).click();
  if (!scripted()) {
    // The browser keeps the session's cookie back until the person presses something here.
    await connectLink(page).click();
  }
  await expect(greeting(page)).toHaveText("Hi, Wanda Work!");
  await expect(page).toHaveURL(`${appUrl}/send`);
});

test("a link on another site leads a stranger to the connect page", async ({ otherSite, page }) => {
  await page.goto(await otherSite(`<a href="${appUrl}/send">Write</a>`));
  await page.getByRole("link", { name: "Write" }).click();
  await expect(connectLink(page)).toBeVisible();
});

test("a link on another site starts no sign-in", async ({ otherSite, page }) => {
  await page.goto(await otherSite(`<a href="${appUrl}/login">Connect</a>`));
  await page.getByRole("link", { name: "Connect" }).click();
  await expect(connectLink(page)).toBeVisible();
  expect(new URL(page.url()).origin).toBe(appUrl);
});

for (const path of ["/logout", "/send"]) {
  test(`a form that another site posts to ${path} is refused`, async ({ guard, otherSite, page, sandbox }) => {
    await connect(page);
    guard.expects(403, path);
    await page.goto(await otherSite(`<form method="post" action="${appUrl}${path}"><button>Win</button></form>`));
    await page.getByRole("button", { name: "Win" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("This request came from another site");
    await expect(page.getByText("Nothing was changed.")).toBeVisible();
    await expectNoSidewaysScrolling(page);
    await expectAccessible(page);
    expect(await sandbox.outbox()).toEqual([]);
    await page.goto("/send");
    await expect(greeting(page)).toBeVisible();
  });
}
