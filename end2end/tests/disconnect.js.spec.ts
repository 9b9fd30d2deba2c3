// The dialog of "Disconnect", in which the question stands where scripts run.

import {
  connect,
  expect,
  expectWritten,
  mail,
  questionDialog,
  questionPage,
  reaches,
  subject,
  test,
  write,
} from "./fixtures";

test("while the dialog is open, nothing behind it can be reached", async ({ page }) => {
  await connect(page);
  await page.getByRole("button", { name: "Disconnect" }).click();
  await expect(questionDialog(page)).toBeVisible();
  const reached = new Set<string>();
  for (let presses = 0; presses < 12; presses++) {
    await page.keyboard.press("Tab");
    // The browser's own controls, between the last and the first button, count as the body.
    reached.add(
      await page.evaluate(() => {
        const { activeElement } = document;
        const inside = activeElement === document.body || activeElement?.closest("dialog");
        return inside ? "inside" : `${activeElement?.tagName} ${activeElement?.textContent}`;
      }),
    );
  }
  expect([...reached]).toEqual(["inside"]);
  const box = (await subject(page).boundingBox())!;
  const under = await page.evaluate(
    ([x, y]) => document.elementFromPoint(x!, y!)?.localName,
    [box.x + 2, box.y + 2],
  );
  expect(under).not.toBe("input");
});

for (const { how, cancel } of [
  { how: "Escape", cancel: "Escape" },
  { how: "“Cancel”", cancel: "Cancel" },
  { how: "a press beside the dialog", cancel: "" },
]) {
  test(`${how} closes the dialog and keeps what was typed`, async ({ page }) => {
    await connect(page);
    await write(page, mail);
    const button = page.getByRole("button", { name: "Disconnect" });
    await button.press("Enter");
    await expect(questionDialog(page)).toBeVisible();
    if (cancel === "Escape") await page.keyboard.press("Escape");
    else if (cancel) await questionDialog(page).getByRole("button", { name: cancel }).click();
    else await page.mouse.click(5, 5);
    await expect(questionDialog(page)).toBeHidden();
    await expect(button).toBeFocused();
    await expectWritten(page, mail);
  });
}

test("a browser without modal dialogs asks on a page, and shows nothing before", async ({ page }) => {
  await page.addInitScript(() => {
    delete (HTMLDialogElement.prototype as Partial<HTMLDialogElement>).showModal;
  });
  await connect(page);
  await expect(page.getByRole("button", { name: reaches[0] })).toHaveCount(0);
  await page.getByRole("button", { name: "Disconnect" }).click();
  await expect(questionPage(page)).toBeVisible();
  await questionPage(page).getByRole("button", { name: reaches[0] }).click();
  await expect(page.getByRole("status")).toHaveText("You're signed out of Graph Connect.");
});
