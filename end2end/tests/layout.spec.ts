// Pages hold together at the narrowest width that WCAG asks for (320 CSS pixels, which is 1280 at
// 400 %) and with text at 200 %.

import type { Page } from "@playwright/test";
import {
  connect,
  connectLink,
  details,
  disconnect,
  expect,
  expectNoSidewaysScrolling,
  greeting,
  mail,
  question,
  sendButton,
  sentTo,
  test,
  tryToConnect,
  write,
} from "./fixtures";

/** Walks through the main job and a failure, and looks at each page on the way. */
async function everyPage(page: Page, look: () => Promise<void>): Promise<void> {
  await page.goto("/");
  await expect(connectLink(page)).toBeVisible();
  await look();
  await connectLink(page).click();
  await expect(page.getByRole("heading", { name: "Pick an account" })).toBeVisible();
  await look();
  await connect(page);
  await look();
  await write(page, mail);
  await sendButton(page).click();
  await expect(sentTo(page, mail.to)).toBeVisible();
  await details(page).click();
  await look();
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "You are connected" })).toBeVisible();
  await look();
  await page.getByRole("button", { name: "Disconnect" }).click();
  await expect(question(page)).toBeInViewport({ ratio: 1 });
  await look();
  await page.keyboard.press("Escape");
  await disconnect(page);
  await look();
}

test("nobody scrolls sideways at 320 pixels", async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await everyPage(page, () => expectNoSidewaysScrolling(page));
});

test("text at 200 % is larger, and nobody scrolls sideways", async ({ page }) => {
  await page.goto("/");
  const before = await connectLink(page).boundingBox();
  const devtools = await page.context().newCDPSession(page);
  // What the browser's own setting for the size of text does.
  await devtools.send("Page.setFontSizes", { fontSizes: { standard: 32, fixed: 26 } });
  await page.reload();
  const after = await connectLink(page).boundingBox();
  expect(after!.height).toBeGreaterThan(before!.height * 1.7);
  await everyPage(page, () => expectNoSidewaysScrolling(page));
});

test("a failure page with its details open holds together at 320 pixels", async ({ guard, page, sandbox }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await sandbox.fault({ route: "token", code: "AADSTS7000215" });
  guard.expects(500, "/login/authorized");
  await tryToConnect(page);
  await details(page).click();
  await expect(page.getByText("Correlation ID")).toBeVisible();
  await expectNoSidewaysScrolling(page);
});

test("a long name and a long address break instead of standing out", async ({ page, sandbox }) => {
  const name = "W".repeat(200);
  const address = `${"w".repeat(64)}@${"sandbox.".repeat(20)}example`;
  await page.setViewportSize({ width: 320, height: 640 });
  await sandbox.fault({ route: "me", body: JSON.stringify({ displayName: name, mail: address }) });
  await tryToConnect(page);
  await expect(greeting(page)).toHaveText(`Hi, ${name}!`);
  await expectNoSidewaysScrolling(page);
});
