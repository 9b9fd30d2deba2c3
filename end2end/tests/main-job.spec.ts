// The job this app is for, from "Connect" to "Disconnect".

import {
  appUrl,
  awake,
  connect,
  connectLink,
  details,
  disconnect,
  expect,
  expectNoSidewaysScrolling,
  expectWritten,
  from,
  greeting,
  mail,
  mailHtml,
  markup,
  message,
  notices,
  personal,
  sandboxUrl,
  scripted,
  sendButton,
  sentTo,
  signedInAs,
  subject,
  test,
  to,
  work,
  write,
} from "./fixtures";

test("a person connects, sends a mail, sees that it was sent, and disconnects", async ({ page, sandbox }) => {
  await connect(page);
  await expect(page).toHaveURL(`${appUrl}/send`);
  await expect(greeting(page)).toHaveText("Hi, Wanda Work!");
  await expect(from(page)).toHaveText(`Wanda Work (${work})`);

  await write(page, mail);
  await sendButton(page).click();
  await expect(sentTo(page, mail.to)).toBeVisible();
  await expect(sentTo(page, mail.to)).toBeFocused();
  await expect(sendButton(page)).toBeHidden();
  await expect(notices(page)).toContainText(`Sent from ${work}.`);
  await expectNoSidewaysScrolling(page);

  expect(await sandbox.outbox()).toEqual([
    expect.objectContaining({
      account: work,
      saveToSentItems: true,
      message: expect.objectContaining({
        subject: mail.subject,
        body: { contentType: "html", content: mailHtml },
        toRecipients: [{ emailAddress: expect.objectContaining({ address: mail.to }) }],
      }),
    }),
  ]);

  await disconnect(page);
  await expect(page).toHaveURL(`${appUrl}/`);
  await expect(connectLink(page)).toBeVisible();
});

test("the form begins with a welcome to oneself, which can be sent as it is", async ({ page, sandbox }) => {
  await connect(page);
  await expect(to(page)).toHaveValue(work);
  await expect(subject(page)).toHaveValue("Welcome to Microsoft Graph");
  await expect(message(page)).toHaveValue(/^Hi Wanda Work,\n\nThis is a test message sent with Microsoft Graph\./);
  await sendButton(page).click();
  await expect(sentTo(page, work)).toBeVisible();
  const [sent] = await sandbox.outbox();
  expect(sent?.message.body.content).toMatch(/^<div>Hi Wanda Work,<\/div><div><br><\/div>/);
  expect(sent?.message.body.content).toContain('<a href="https://learn.microsoft.com/');
});

test("each page says in its title what it is", async ({ page }) => {
  await page.goto("/");
  await expect(page).toHaveTitle("Sign in · Graph Connect");
  await connect(page);
  await expect(page).toHaveTitle("Send mail · Graph Connect");
  await page.goto("/");
  await expect(page).toHaveTitle("Signed in · Graph Connect");
  await disconnect(page);
  await expect(page).toHaveTitle("Signed out · Graph Connect");
});

test("a personal account, which has no mail property, connects and sends", async ({ page, sandbox }) => {
  await connect(page, personal);
  await expect(greeting(page)).toHaveText("Hi, Petra Personal!");
  await expect(to(page)).toHaveValue(personal);
  await sendButton(page).click();
  await expect(sentTo(page, personal)).toBeVisible();
  expect(await sandbox.outbox()).toEqual([expect.objectContaining({ account: personal })]);
});

test("markup in a name is text, on the page and in the mail", async ({ page, sandbox }) => {
  const name = "Zoë “<b>Ünïcödé</b>” & Søn 漢字 🦀 <script>alert('x')</script>";
  await connect(page, markup);
  await expect(greeting(page)).toHaveText(`Hi, ${name}!`);
  await expect(page.getByRole("banner")).toContainText(name);
  expect(await message(page).inputValue()).toContain(`Hi ${name},\n`);
  await expectNoSidewaysScrolling(page);
  await sendButton(page).click();
  await expect(sentTo(page, markup)).toBeVisible();
  const [sent] = await sandbox.outbox();
  expect(sent?.message.body.content).toContain("&lt;script&gt;");
  expect(sent?.message.body.content).not.toContain("<script");
});

for (const [typed, people, addresses] of [
  ["ann@sandbox.example, bo@sandbox.example", "ann@sandbox.example and 1 other", 2],
  ["Ann <ann@sandbox.example>; bo@sandbox.example\ncy@sandbox.example", "ann@sandbox.example and 2 others", 3],
  ["ann@sandbox.example, ANN@sandbox.example", "ann@sandbox.example", 1],
] as const) {
  test(`a mail to “${typed.replace("\n", "⏎")}” goes to ${addresses}`, async ({ page, sandbox }) => {
    await connect(page);
    await write(page, { ...mail, to: typed });
    await sendButton(page).click();
    await expect(sentTo(page, people)).toBeVisible();
    const [sent, ...others] = await sandbox.outbox();
    expect(sent?.message.toRecipients).toHaveLength(addresses);
    expect(others).toEqual([]);
  });
}

test("“Write another” gives a fresh form, and a second mail goes out", async ({ page, sandbox }) => {
  await connect(page);
  await write(page, mail);
  await sendButton(page).click();
  await page.getByRole("link", { name: "Write another" }).click();
  await expect(to(page)).toHaveValue(work);
  await expect(subject(page)).toHaveValue("Welcome to Microsoft Graph");
  await expect(sentTo(page, mail.to)).toHaveCount(0);

  const second = { ...mail, to: "bo@sandbox.example" };
  await write(page, second);
  await sendButton(page).click();
  await expect(sentTo(page, second.to)).toBeVisible();
  const sent = await sandbox.outbox();
  expect(sent.map((it) => it.message.toRecipients[0]?.emailAddress.address)).toEqual([mail.to, second.to]);
});

test("“View in Sent Items” opens a tab that shows the mail", async ({ page }) => {
  await connect(page);
  await write(page, mail);
  await sendButton(page).click();
  const opened = page.waitForEvent("popup");
  await page.getByRole("link", { name: "View in Sent Items" }).click();
  const outbox = await opened;
  await expect(outbox).toHaveURL(`${sandboxUrl}/`);
  const shown = outbox.getByRole("article", { name: mail.subject });
  await expect(shown).toContainText(work);
  await expect(shown).toContainText(mail.to);
  const text = outbox.frameLocator(`iframe[title="Text of “${mail.subject}”"]`);
  await expect(text.getByText("here they are: <b>all</b> & everything.")).toBeVisible();
  // The result is still there.
  await expect(sentTo(page, mail.to)).toBeVisible();
});

test("support's ids stand under “Details”", async ({ page }) => {
  await connect(page);
  await sendButton(page).click();
  await expect(page.getByText("Request ID", { exact: true })).toBeHidden();
  await details(page).click();
  await expect(page.getByText("Request ID", { exact: true })).toBeVisible();
  await expect(page.getByText("Client request ID")).toBeVisible();
});

test("the start page of a connected person says who it is and leads to the mail page", async ({ page }) => {
  await connect(page);
  await page.getByRole("link", { name: "Graph Connect" }).click();
  await expect(signedInAs(page, "Wanda Work")).toBeVisible();
  await expect(page.getByRole("main")).toContainText(`Messages are sent from ${work}.`);
  await page.getByRole("link", { name: "New message" }).click();
  await expect(greeting(page)).toBeVisible();
});

test("“Use another account” asks who, although somebody is connected", async ({ page, sandbox }) => {
  await connect(page);
  await page.goto("/");
  await page.getByRole("link", { name: "Use another account" }).click();
  await expect(page.getByRole("heading", { name: "Pick an account" })).toBeVisible();
  await page.getByRole("button", { name: personal }).click();
  await page.getByRole("button", { name: "Accept" }).click();
  await expect(greeting(page)).toHaveText("Hi, Petra Personal!");
  await awake(page);
  await sendButton(page).click();
  await expect(sentTo(page, personal)).toBeVisible();
  expect(await sandbox.outbox()).toEqual([expect.objectContaining({ account: personal })]);
});

test("“Connect” leads a connected person on without Microsoft", async ({ page }) => {
  await connect(page);
  await page.goto("/login");
  await expect(page).toHaveURL(`${appUrl}/send`);
  await expect(greeting(page)).toBeVisible();
});

test("a mail that is begun for one account is not sent as another by itself", async ({ context, guard, page, sandbox }) => {
  await connect(page);
  await write(page, mail);

  const second = await context.newPage();
  await second.goto("/");
  await second.getByRole("link", { name: "Use another account" }).click();
  await second.getByRole("button", { name: personal }).click();
  await second.getByRole("button", { name: "Accept" }).click();
  await expect(greeting(second)).toHaveText("Hi, Petra Personal!");

  if (!scripted()) guard.expects(409, "/send");
  await sendButton(page).click();
  await expect(page.getByRole("heading", { name: "You're now signed in with another account" })).toBeFocused();
  await expect(notices(page)).toContainText(`Press Send mail to send it from ${personal}.`);
  await expectWritten(page, mail);
  expect(await sandbox.outbox()).toEqual([]);
  // Nothing names the person any more who does not send.
  await expect(greeting(page)).toHaveText("Hi, Petra Personal!");
  await expect(page.getByRole("banner")).toContainText(`Petra Personal${personal}`);
  await expect(from(page)).toHaveText(`Petra Personal (${personal})`);

  await sendButton(page).click();
  await expect(sentTo(page, mail.to)).toBeVisible();
  await expect(notices(page)).toContainText(`Sent from ${personal}.`);
  expect(await sandbox.outbox()).toEqual([expect.objectContaining({ account: personal })]);
  await page.getByRole("link", { name: "Write another" }).click();
  await expect(to(page)).toHaveValue(personal);
  await expect(message(page)).toHaveValue(/^Hi Petra Personal,/);
});
