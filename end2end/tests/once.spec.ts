// A mail is sent once, whatever a person does with the mouse, the reload button and Back.

import {
  connect,
  expect,
  greeting,
  mail,
  scripted,
  sendButton,
  sentTo,
  test,
  unknown,
  write,
} from "./fixtures";

test("a double click sends one mail", async ({ page, sandbox }) => {
  await connect(page);
  await write(page, mail);
  // Graph is slow, so that the second click comes while the first is under way.
  await sandbox.fault({ route: "sendMail", delayMs: 700 });
  await sendButton(page).dblclick();
  await expect(sentTo(page, mail.to)).toBeVisible();
  expect(await sandbox.outbox()).toHaveLength(1);
});

test("Enter, pressed twice in a field, sends one mail", async ({ page, sandbox }) => {
  await connect(page);
  await write(page, mail);
  await sandbox.fault({ route: "sendMail", delayMs: 700 });
  const subject = page.getByRole("textbox", { name: "Subject" });
  await subject.press("Enter");
  await page.keyboard.press("Enter");
  await expect(sentTo(page, mail.to)).toBeVisible();
  expect(await sandbox.outbox()).toHaveLength(1);
});

test("a reload of the result sends nothing", async ({ page, sandbox }) => {
  await connect(page);
  await write(page, mail);
  await sendButton(page).click();
  await expect(sentTo(page, mail.to)).toBeVisible();
  await page.reload();
  await expect(greeting(page)).toBeVisible();
  expect(await sandbox.outbox()).toHaveLength(1);
});

test("Back and Forward after the result send nothing", async ({ page, sandbox }) => {
  await connect(page);
  await page.goto("/");
  await page.getByRole("link", { name: "New message" }).click();
  await write(page, mail);
  await sendButton(page).click();
  await expect(sentTo(page, mail.to)).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.goForward();
  await expect(greeting(page)).toBeVisible();
  expect(await sandbox.outbox()).toHaveLength(1);
});

test("a reload after a failure repeats nothing", async ({ guard, page, sandbox }) => {
  await connect(page);
  await write(page, mail);
  await sandbox.fault({ route: "sendMail", status: 503 });
  // Without JavaScript the page is the answer to the form, and a reload posts it again.
  if (!scripted()) guard.expects(502, "/send", 2);
  await sendButton(page).click();
  await expect(unknown(page)).toBeVisible();
  await page.reload();
  await expect(greeting(page)).toBeVisible();
  // The fault was for one request, so that a second one would have been sent.
  expect(await sandbox.outbox()).toEqual([]);
});
