// Every way that Graph can fail to take a mail has its words, leaves every field as it was, and
// lets the next press send.

import {
  connect,
  details,
  expect,
  expectAccessible,
  expectNoSidewaysScrolling,
  expectWritten,
  greeting,
  mail,
  noMailbox,
  notices,
  notSent,
  scripted,
  sendAgain,
  sendButton,
  sentTo,
  test,
  unknown,
  work,
  write,
  type Fault,
} from "./fixtures";

const look = "Check your Sent Items before you send it again. We won't resend it automatically.";
const unclear = `Something went wrong at Microsoft after we handed your message over. ${look}`;
const noAnswer = `Microsoft Graph didn't answer in time. ${look}`;

type Failure = {
  /** What Graph does. */
  graph: string;
  fault: Omit<Fault, "route">;
  /** The status of the page without JavaScript. */
  status: number;
  words: string;
  /** Messages in the outbox although the page could not know. */
  sent?: number;
};

// 401 ends the session: see session-end.spec.ts.
const refusals: Failure[] = [
  {
    graph: "does not allow it (403)",
    fault: { status: 403 },
    status: 403,
    words:
      "Your account isn't allowed to send this message. Microsoft says: A fault of the sandbox. " +
      "Ask your administrator whether you can send email with this app.",
  },
  {
    graph: "finds the mail too large (413)",
    fault: { status: 413 },
    status: 413,
    words: "Your message is larger than Microsoft accepts. It wasn't sent. Shorten it, and then press Send mail.",
  },
  {
    graph: "finds no room for the copy (400)",
    fault: { status: 400, code: "ErrorQuotaExceeded" },
    status: 422,
    words:
      "Your mailbox is full, so your message wasn't sent. Delete messages you don't need, empty Deleted Items, " +
      "and then press Send mail.",
  },
  {
    graph: "does not take the addresses (400)",
    fault: { status: 400, code: "ErrorInvalidRecipients" },
    status: 422,
    words:
      "Microsoft didn't accept the recipients, so your message wasn't sent. Microsoft says: A fault of the sandbox. " +
      "Check the addresses, and then press Send mail.",
  },
  {
    graph: "does not take the mail for another reason (400)",
    fault: { status: 400, code: "ErrorInvalidRequest" },
    status: 422,
    words:
      "Microsoft didn't accept your message, so it wasn't sent. Microsoft says: A fault of the sandbox. " +
      "Change it, and then press Send mail.",
  },
];

const doubts: Failure[] = [
  { graph: "fails (500)", fault: { status: 500 }, status: 502, words: unclear },
  { graph: "is not available (503)", fault: { status: 503 }, status: 502, words: unclear },
  { graph: "says that it was too slow itself (408)", fault: { status: 408 }, status: 504, words: noAnswer },
  { graph: "answers something else than that it accepted (200)", fault: { status: 200 }, status: 502, words: unclear },
  {
    graph: "sends the mail and then answers that its gateway gave up (504)",
    fault: { status: 504, close: "after" },
    status: 504,
    words: noAnswer,
    sent: 1,
  },
  {
    graph: "does not answer within GRAPH_TIMEOUT",
    fault: { delayMs: 60_000 },
    status: 504,
    words: noAnswer,
  },
  {
    graph: "ends the connection before it has done anything",
    fault: { close: "before" },
    status: 502,
    words: unclear,
  },
  {
    graph: "ends the connection after it has sent the mail",
    fault: { close: "after" },
    status: 502,
    words: unclear,
    sent: 1,
  },
  {
    graph: "answers with a page that is not its own (502)",
    fault: { status: 502, body: "<html><script>alert('x')</script>Bad Gateway</html>" },
    status: 502,
    words: unclear,
  },
];

for (const { failures, title, heading, again } of [
  { failures: refusals, title: "Not sent", heading: notSent, again: sendButton },
  { failures: doubts, title: "May have been sent", heading: unknown, again: sendAgain },
]) {
  for (const { graph, fault, status, words, sent = 0 } of failures) {
    test(`when Graph ${graph}, the page says so, keeps the fields, and sends at the next press`, async ({ guard, page, sandbox }) => {
      await connect(page);
      await write(page, mail);
      await sandbox.fault({ route: "sendMail", ...fault });
      if (!scripted()) guard.expects(status, "/send");
      await sendButton(page).click();

      await expect(heading(page)).toBeVisible();
      await expect(heading(page)).toBeFocused();
      await expect(notices(page)).toHaveCount(1);
      await expect(notices(page)).toContainText(words);
      await expect(page).toHaveTitle(`${title} · Graph Connect`);
      await expectWritten(page, mail);
      await expectNoSidewaysScrolling(page);
      await expectAccessible(page);
      expect(await sandbox.outbox()).toHaveLength(sent);

      await again(page).click();
      await expect(sentTo(page, mail.to)).toBeVisible();
      await expect(heading(page)).toHaveCount(0);
      expect(await sandbox.outbox()).toHaveLength(sent + 1);
    });
  }
}

test("when nobody knows, the first thing to do is to look into Sent Items", async ({ guard, page, sandbox }) => {
  await connect(page);
  await write(page, mail);
  await sandbox.fault({ route: "sendMail", status: 504, close: "after" });
  if (!scripted()) guard.expects(504, "/send");
  await sendButton(page).click();
  await expect(unknown(page)).toBeFocused();
  await expect(sendButton(page)).toHaveCount(0);
  const opened = page.waitForEvent("popup");
  await page.getByRole("link", { name: "Check Sent Items" }).click();
  const outbox = await opened;
  await expect(outbox.getByRole("article", { name: mail.subject })).toBeVisible();
  await outbox.close();
  await expectWritten(page, mail);
});

test("when Graph asks for a pause (429), the page says how long, and sends after it", async ({ guard, page, sandbox }) => {
  await connect(page);
  await write(page, mail);
  await sandbox.fault({ route: "sendMail", status: 429, retryAfter: "2" });
  if (!scripted()) guard.expects(429, "/send");
  await sendButton(page).click();
  await expect(notSent(page)).toBeFocused();
  await expect(notices(page)).toContainText(
    "Microsoft is getting too many requests, so your message wasn't sent. Wait 2 seconds, and then press Send mail.",
  );
  await expectWritten(page, mail);
  await expectAccessible(page);
  if (scripted()) await expect(sendButton(page)).toHaveAttribute("aria-disabled", "false");
  await sendButton(page).click();
  await expect(sentTo(page, mail.to)).toBeVisible();
  expect(await sandbox.outbox()).toHaveLength(1);
});

test("an account without a mailbox is told so (404)", async ({ guard, page, sandbox }) => {
  await connect(page, noMailbox);
  await write(page, mail);
  if (!scripted()) guard.expects(404, "/send");
  await sendButton(page).click();
  await expect(notSent(page)).toBeFocused();
  await expect(notices(page)).toContainText("This account has no mailbox that can send email with Microsoft Graph.");
  await expectWritten(page, mail);
  await expectAccessible(page);
  expect(await sandbox.outbox()).toEqual([]);

  const opened = page.waitForEvent("popup");
  await page.getByRole("link", { name: "Use another account" }).click();
  const tab = await opened;
  await tab.getByRole("button", { name: work, exact: true }).click();
  await tab.getByRole("button", { name: "Accept" }).click();
  await expect(greeting(tab)).toHaveText("Hi, Wanda Work!");
  await expectWritten(page, mail);
});

test("Graph's code and ids stand under “Details” of a failure", async ({ guard, page, sandbox }) => {
  await connect(page);
  await sandbox.fault({ route: "sendMail", status: 403, code: "ErrorSendAsDenied" });
  if (!scripted()) guard.expects(403, "/send");
  await sendButton(page).click();
  await details(page).click();
  await expect(page.getByText("ErrorSendAsDenied")).toBeVisible();
  await expect(page.getByText("Request ID", { exact: true })).toBeVisible();
});
