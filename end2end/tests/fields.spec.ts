// What is wrong with a field is told at the field; nothing is sent, and nothing typed is lost.

import {
  connect,
  expect,
  expectAccessible,
  expectNoSidewaysScrolling,
  expectWritten,
  mail,
  message,
  notSent,
  scripted,
  sendButton,
  sentTo,
  subject,
  test,
  to,
  write,
} from "./fixtures";

const many = Array.from({ length: 501 }, (_, i) => `a${i}@sandbox.example`).join(", ");

for (const { rule, wrong, field, words } of [
  {
    rule: "what is no address",
    wrong: { to: "ann@sandbox.example, ann at home" },
    field: to,
    words: "“ann at home” is not an email address. Write it like name@example.com.",
  },
  {
    rule: "nobody to send to",
    wrong: { to: " " },
    field: to,
    words: "Nobody is named. Enter at least one address.",
  },
  {
    rule: "more than 500 addresses",
    wrong: { to: many },
    field: to,
    words: "A mail can have at most 500 recipients. Take some out, or send several mails.",
  },
  {
    rule: "a subject of more than 255 characters",
    wrong: { subject: "ä".repeat(256) },
    field: subject,
    words: "A subject can have at most 255 characters. Shorten it.",
  },
  {
    rule: "a message of more than 500,000 bytes",
    wrong: { message: "ä".repeat(250_001) },
    field: message,
    words: "A message can have at most 500000 bytes. Shorten it, or send it in parts.",
  },
]) {
  test(`${rule} is told at the field, and mending it sends`, async ({ guard, page, sandbox }) => {
    const written = { ...mail, ...wrong };
    await connect(page);
    await write(page, written);
    if (!scripted()) guard.expects(422, "/send");
    await sendButton(page).click();

    await expect(notSent(page)).toBeVisible();
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
  await expect(page.getByText("is not an email address")).toHaveCount(0);
});

test("a form larger than this site takes is refused in words, and nothing is sent", async ({ guard, page, sandbox }) => {
  await connect(page);
  await write(page, { ...mail, message: "a".repeat(2_200_000) });
  guard.expects(413, scripted() ? "/api/send_mail" : "/send");
  await sendButton(page).click();
  await expect(page.getByText(/That is more than this site takes at once|can have at most/).first()).toBeVisible();
  await expectNoSidewaysScrolling(page);
  expect(await sandbox.outbox()).toEqual([]);
});

test("an empty subject and an empty message are sent", async ({ page, sandbox }) => {
  await connect(page);
  await write(page, { ...mail, subject: "", message: "" });
  await sendButton(page).click();
  await expect(sentTo(page, mail.to)).toBeVisible();
  const [sent] = await sandbox.outbox();
  expect(sent?.message.body.content).toBe("");
});
