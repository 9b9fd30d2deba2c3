// The main job without a mouse.

import type { Locator, Page } from "@playwright/test";
import {
  awake,
  connect,
  connectLink,
  expect,
  greeting,
  mail,
  message,
  reaches,
  scripted,
  sendButton,
  sentTo,
  subject,
  test,
  to,
  work,
} from "./fixtures";

/** Presses Tab until `goal` has the focus. */
async function tabTo(page: Page, goal: Locator): Promise<void> {
  for (let presses = 0; presses < 30; presses++) {
    await page.keyboard.press("Tab");
    if (await goal.evaluate((element) => element === document.activeElement)) return;
  }
  await expect(goal, "Tab leads there").toBeFocused();
}

test("the whole job needs no mouse", async ({ page, sandbox }) => {
  await page.goto("/");
  await tabTo(page, connectLink(page));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Pick an account" })).toBeVisible();
  await tabTo(page, page.getByRole("button", { name: work }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Permissions requested" })).toBeVisible();
  await tabTo(page, page.getByRole("button", { name: "Accept" }));
  await page.keyboard.press("Enter");

  await expect(greeting(page)).toBeVisible();
  await awake(page);
  await tabTo(page, to(page));
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type(mail.to);
  await page.keyboard.press("Tab");
  await expect(subject(page)).toBeFocused();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type(mail.subject);
  await page.keyboard.press("Tab");
  await expect(message(page)).toBeFocused();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type("Hello");
  await page.keyboard.press("Tab");
  await expect(sendButton(page)).toBeFocused();
  await page.keyboard.press("Enter");

  await expect(sentTo(page, mail.to)).toBeFocused();
  const sent = await sandbox.outbox();
  expect(sent.map((it) => it.message.body.content)).toEqual(["<div>Hello</div>"]);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Write another" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(sendButton(page)).toBeVisible();

  await page.goto("/");
  await tabTo(page, page.getByRole("button", { name: "Disconnect" }));
  await page.keyboard.press("Enter");
  const [here, microsoft] = reaches;
  // A dialog gives the focus to its first button; a page begins at its top.
  if (scripted()) await expect(page.getByRole("button", { name: here })).toBeFocused();
  else await tabTo(page, page.getByRole("button", { name: here }));
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: microsoft })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status")).toHaveText("You're signed out of Graph Connect.");
});

test("the first stop of the keyboard leads past the header", async ({ page }) => {
  await page.goto("/");
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to content" });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(connectLink(page)).toBeFocused();
});
