// What the connect page promises before anybody signs in.

import { connect, connectLink, expect, test, work } from "./fixtures";

test("the connect page names each permission that Microsoft will ask for, and no other", async ({ page }) => {
  await page.goto("/");
  const named = await page.getByRole("region", { name: "What you'll be asked for" }).getByRole("term").allInnerTexts();
  await connectLink(page).click();
  await page.getByRole("button", { name: work, exact: true }).click();
  await expect(page.getByRole("heading", { name: "Permissions requested" })).toBeVisible();
  const asked = await page.getByRole("listitem").locator("strong").allInnerTexts();
  expect(asked.length).toBeGreaterThan(0);
  // Each is followed there by its scope's name.
  const names = named.map((it) => it.replace(/ \S+$/, ""));
  expect(names.sort()).toEqual(asked.sort());
});

test("the connect page and the mail page say to link previews what they are for", async ({ page }) => {
  const description = page.locator('meta[name="description"]');
  await page.goto("/");
  await expect(description).toHaveAttribute("content", /^Write an email/);
  await connect(page);
  await expect(description).toHaveAttribute("content", /^Write an email/);
});
