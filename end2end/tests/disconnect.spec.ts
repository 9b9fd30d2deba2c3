// How a session ends by the person's own wish: here only, or at Microsoft too.

import {
  appUrl,
  connect,
  connectLink,
  disconnect,
  expect,
  expectNobodyOnBack,
  expectNoSidewaysScrolling,
  greeting,
  question,
  reaches,
  test,
} from "./fixtures";

test("“Disconnect” asks how far, and a press beside the question takes it back", async ({ page }) => {
  await connect(page);
  await expect(question(page)).toBeHidden();
  await page.getByRole("button", { name: "Disconnect" }).click();
  await expect(question(page)).toBeInViewport({ ratio: 1 });
  await expect(page.getByRole("button", { name: "Here only" })).toBeFocused();
  await expect(page.getByRole("button", { name: "Here only" })).toHaveAccessibleDescription(
    "This app forgets your account. You stay signed in at Microsoft.",
  );
  await expect(page.getByRole("button", { name: "Here and at Microsoft" })).toHaveAccessibleDescription(
    /^For a computer that others use:/,
  );
  await expectNoSidewaysScrolling(page);

  await page.mouse.click(5, 5);
  await expect(question(page)).toBeHidden();
  await page.reload();
  await expect(greeting(page)).toBeVisible();
});

test("after “Here only”, Microsoft still knows who it is", async ({ page }) => {
  await connect(page);
  await disconnect(page, "Here only");
  await connectLink(page).click();
  await expect(greeting(page)).toHaveText("Hi, Wanda Work!");
});

test("after “Here and at Microsoft”, Microsoft asks who it is", async ({ page }) => {
  await connect(page);
  await disconnect(page, "Here and at Microsoft");
  await expect(page).toHaveURL(`${appUrl}/`);
  await connectLink(page).click();
  await expect(page.getByRole("heading", { name: "Pick an account" })).toBeVisible();
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
