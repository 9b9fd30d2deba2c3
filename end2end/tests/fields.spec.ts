// What is wrong with a field is told at the field; nothing is sent, and nothing typed is lost.

import {
  connect,
  expect,
  expectAccessible,
  expectNoSidewaysScrolling,
  expectWritten,
  mail,
  message,
  scripted,
  sendButton,
  sentTo,
  subject,
  test,
  to,
  write,
} from "./fixtures";

const many = Array.from({ length: 501 }, (_, i) => `a${i}@sandbox.example`).join(", ");

for (const { rule, wrong, field, heading, words } of [
  {
    rule: "what is no address",
    wrong: { to: "ann@sandbox.example, ann at home" },
    field: to,
    heading: "Check the address",
    words: "“ann at home” isn't a valid email address. Use the format name@example.com.",
  },
  {
    rule: "nobody to send to",
    wrong: { to: " " },
    field: to,
    heading: "Check the address",
    words: "Add at least one recipient.",
  },
  {
    rule: "more than 500 addresses",
    wrong: { to: many },
    field: to,
    heading: "Too many recipients",
    words: "A message can have up to 500 recipients. Remove some, or send several messages.",
  },
  {
    rule: "a subject of more than 255 characters",
    wrong: { subject: "ä".repeat(256) },
    field: subject,
    heading: "Your subject is too long",
    words: "A subject can have up to 255 characters. Shorten it.",
  },
  {
    rule: "a message of more than 500,000 bytes",
    wrong: { message: "ä".repeat(250_001) },
    field: message,
    heading: "Your message is too long",
    words: "Your message is too long. Shorten it, or send it in parts.",
  },
]) {
  test(`${rule} is told at the field, and mending it sends`, async ({ guard, page, sandbox }) => {
    const written = { ...mail, ...wrong };
    await connect(page);
    await write(page, written);
    if (!scripted()) guard.expects(422, "/send");
    await sendButton(page).click();

    await expect(page.getByRole("heading", { name: heading })).toBeVisible();
    await expect(field(page)).toHaveAccessibleDescription(new RegExp(words.replace(/[.]/g, "\\.")));
    await expect(field(page)).toHaveAttribute("aria-invalid", "true");
    await expect(field(page)).toBeFocused();
    await expectWritten(page, written);
    expect(await sandbox.outbox()).toEqual([]);
    await expectNoSidewaysScrolling(page);
    await expectAccessible(page);

    await write(page, mail);
    await sendButton(page).click();
    await expect(sentTo(page, mail.to)).toBeVisible();
    expect(await sandbox.outbox()).toHaveLength(1);
  });
}

test("the mark on a field goes when another field is wrong", async ({ guard, page }) => {
  await connect(page);
  if (!scripted()) guard.expects(422, "/send", 2);
  await to(page).fill("nobody");
  await sendButton(page).click();
  await expect(to(page)).toHaveAttribute("aria-invalid", "true");

  await write(page, { ...mail, subject: "a".repeat(256) });
  await sendButton(page).click();
  await expect(subject(page)).toHaveAttribute("aria-invalid", "true");
  await expect(to(page)).toHaveAttribute("aria-invalid", "false");
  await expect(page.getByText("isn't a valid email address")).toHaveCount(0);
});

test("a form larger than this site takes is refused in words, and nothing is sent", async ({ guard, page, sandbox }) => {
  await connect(page);
  await write(page, { ...mail, message: "a".repeat(2_200_000) });
  guard.expects(413, scripted() ? "/api/send_mail" : "/send");
  await sendButton(page).click();
  await expect(
    page.getByText(/accepts (up to \S+ \S+ )?at once/).filter({ visible: true }),
  ).toBeVisible();
  await expectNoSidewaysScrolling(page);
  expect(await sandbox.outbox()).toEqual([]);
});

for (const { empty, question } of [
  { empty: { subject: "" }, question: "Send without a subject?" },
  { empty: { message: "" }, question: "Send without a message?" },
  { empty: { subject: "", message: "" }, question: "Send without a subject and a message?" },
]) {
  test(`“${question}” is asked once`, async ({ guard, page, sandbox }) => {
    const written = { ...mail, ...empty };
    await connect(page);
    await write(page, written);
    if (!scripted()) guard.expects(422, "/send");
    await sendButton(page).click();
    await expect(page.getByRole("heading", { name: question })).toBeFocused();
    await expectWritten(page, written);
    expect(await sandbox.outbox()).toEqual([]);
    await expectAccessible(page);

    await page.getByRole("button", { name: "Send anyway" }).click();
    await expect(sentTo(page, mail.to)).toBeVisible();
    const [sent, ...others] = await sandbox.outbox();
    expect(sent?.message.subject).toBe(written.subject);
    expect(others).toEqual([]);
  });
}

test("a long address that is wrong is told at the field without scrolling sideways", async ({ guard, page }) => {
  await connect(page);
  await page.setViewportSize({ width: 360, height: 740 });
  for (const length of [44, 300]) {
    await to(page).fill("a".repeat(length));
    if (!scripted()) guard.expects(422, "/send");
    await sendButton(page).click();
    await expect(to(page)).toHaveAccessibleDescription(/a{40,60}…?” isn't a valid email address/);
    await expectNoSidewaysScrolling(page);
  }
});
