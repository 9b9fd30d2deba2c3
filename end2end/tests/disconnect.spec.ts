// How somebody signs out: of this app only, or of Microsoft too.

import {
  appUrl,
  cancel,
  connect,
  connectLink,
  disconnect,
  expect,
  expectAccessible,
  expectNobodyOnBack,
  expectNoSidewaysScrolling,
  greeting,
  question,
  reaches,
  test,
} from "./fixtures";

const [here, microsoft] = reaches;

test("“Disconnect” asks how far, and “Cancel” changes nothing", async ({ page }) => {
  await connect(page);
  await expect(question(page)).toBeHidden();
  await page.getByRole("button", { name: "Disconnect" }).click();
  await expect(question(page)).toBeInViewport({ ratio: 1 });
  await expect(page.getByRole("button", { name: here })).toHaveAccessibleDescription(
    "You'll stay signed in to Microsoft.",
  );
  await expect(page.getByRole("button", { name: microsoft })).toHaveAccessibleDescription(
    /^Use this on a shared computer\./,
  );
  await expectNoSidewaysScrolling(page);
  await expectAccessible(page);

  await cancel(page).click();
  await expect(question(page)).toBeHidden();
  await page.reload();
  await expect(greeting(page)).toBeVisible();
});

test(`after “${here}”, Microsoft still knows who it is`, async ({ page }) => {
  await connect(page);
  await disconnect(page, here);
  await connectLink(page).click();
  await expect(greeting(page)).toHaveText("Hi, Wanda Work!");
});

test("after “Sign out of Microsoft too”, Microsoft asks who it is", async ({ page }) => {
  await connect(page);
  await disconnect(page, microsoft);
  await expect(page).toHaveURL(`${appUrl}/`);
  await connectLink(page).click();
  await expect(page.getByRole("heading", { name: "Pick an account" })).toBeVisible();
});

test("nobody who isn't signed in is asked whether to sign out", async ({ page }) => {
  await page.goto("/disconnect");
  await expect(connectLink(page)).toBeVisible();
  await expect(page.getByRole("button", { name: here })).toHaveCount(0);
});

for (const reach of reaches) {
  test(`“${reach}” leaves no cookie of a session behind`, async ({ context, page }) => {
    await connect(page);
    const names = async () => (await context.cookies(appUrl)).map((cookie) => cookie.name);
    expect(await names()).not.toEqual([]);
    await disconnect(page, reach);
    // Nor of the word that it is done, which is said once.
    expect(await names()).toEqual([]);
    await page.reload();
    await expect(connectLink(page)).toBeVisible();
    await expect(page.getByRole("status")).toHaveCount(0);
  });

  test(`Back after “${reach}” shows nothing of the person`, async ({ page }) => {
    await expectNobodyOnBack(page, reach);
  });
}
