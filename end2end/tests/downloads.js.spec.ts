// What a page downloads.

import { appUrl, awake, connectLink, expect, test } from "./fixtures";

test("a page loads each of its files once, and wakes", async ({ page }) => {
  const files: string[] = [];
  page.on("request", (request) => {
    const { origin, pathname } = new URL(request.url());
    if (origin === appUrl && pathname.startsWith("/pkg/")) files.push(pathname.split(".").pop()!);
  });
  await page.goto("/");
  await expect(connectLink(page)).toBeVisible();
  await awake(page);
  expect(files.sort()).toEqual(["css", "js", "wasm"]);
});
