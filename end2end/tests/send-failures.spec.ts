// Every way that Graph can fail to take a mail has its words, leaves every field as it was, and
// lets the next press send.

import {
  connect,
  details,
  expect,
  expectAccessible,
  expectNoSidewaysScrolling,
  expectWritten,
  mail,
  noMailbox,
  notSent,
  scripted,
  sendButton,
  sentTo,
  test,
  write,
  type Fault,
} from "./fixtures";

const look = "Look in your Sent Items before you press Send mail again: the mail may be there.";
const unclear = "Microsoft Graph failed while it had the mail, so the mail may have been sent.";
const noAnswer = "Microsoft Graph did not answer in time, so the mail may have been sent.";

const failures: {
  /** What Graph does. */
  graph: string;
  fault: Omit<Fault, "route">;
  /** The status of the page without JavaScript. */
  status: number;
  words: string[];
  /** Mails in the outbox although the page could not know. */
  sent?: number;
}[] = [
  // 401 ends the session: see session-end.spec.ts.
  {
    graph: "does not allow it (403)",
    fault: { status: 403 },
    status: 403,
    words: [
      "Your account is not allowed to send this mail. It says: A fault of the sandbox.",
      "Ask your administrator whether this app may send mail for you.",
    ],
  },
  {
    graph: "finds the mail too large (413)",
    fault: { status: 413 },
    status: 413,
    words: [
      "The mail is larger than Microsoft Graph takes. It was not sent.",
      "Shorten the message and send it again.",
    ],
  },
  {
    graph: "asks for a pause of seven seconds (429)",
    fault: { status: 429, retryAfter: "7" },
    status: 429,
    words: [
      "Microsoft Graph is getting too many requests. The mail was not sent.",
      "Wait 7 seconds, then press Send mail again.",
    ],
  },
  {
    graph: "asks for a pause without saying how long (429)",
    fault: { status: 429 },
    status: 429,
    words: [
      "Microsoft Graph is getting too many requests. The mail was not sent.",
      "Wait a minute, then press Send mail again.",
    ],
  },
  {
    graph: "does not take the mail for another reason (400)",
    fault: { status: 400, code: "ErrorInvalidRecipients" },
    status: 422,
    words: [
      "Microsoft Graph did not take the mail. It says: A fault of the sandbox.",
      "Check the addresses and the text, then press Send mail again.",
    ],
  },
  { graph: "fails (500)", fault: { status: 500 }, status: 502, words: [unclear, look] },
  { graph: "is not available (503)", fault: { status: 503 }, status: 502, words: [unclear, look] },
  {
    graph: "sends the mail and then answers that its gateway gave up (504)",
    fault: { status: 504, close: "after" },
    status: 504,
    words: [noAnswer, look],
    sent: 1,
  },
  {
    graph: "does not answer within GRAPH_TIMEOUT",
    fault: { delayMs: 60_000 },
    status: 504,
    words: [noAnswer, look],
  },
  {
    graph: "ends the connection before it has done anything",
    fault: { close: "before" },
    status: 502,
    words: [unclear, look],
  },
  {
    graph: "ends the connection after it has sent the mail",
    fault: { close: "after" },
    status: 502,
    words: [unclear, look],
    sent: 1,
  },
  {
    graph: "answers with a page that is not its own (502)",
    fault: { status: 502, body: "<html><script>alert('x')</script>Bad Gateway</html>" },
    status: 502,
    words: [unclear, look],
  },
];

for (const { graph, fault, status, words, sent = 0 } of failures) {
  test(`when Graph ${graph}, the page says so, keeps the fields, and sends at the next press`, async ({ guard, page, sandbox }) => {
    await connect(page);
    await write(page, mail);
    await sandbox.fault({ route: "sendMail", ...fault });
    if (!scripted()) guard.expects(status, "/send");
    await sendButton(page).click();

    await expect(notSent(page)).toBeVisible();
    await expect(notSent(page)).toBeFocused();
    for (const text of words) await expect(page.getByText(text)).toBeVisible();
    await expectWritten(page, mail);
    await expectNoSidewaysScrolling(page);
    await expectAccessible(page);
    expect(await sandbox.outbox()).toHaveLength(sent);

    await sendButton(page).click();
    await expect(sentTo(page, mail.to)).toBeVisible();
    await expect(notSent(page)).toHaveCount(0);
    expect(await sandbox.outbox()).toHaveLength(sent + 1);
  });
}

test("an account without a mailbox is told so (404)", async ({ guard, page, sandbox }) => {
  await connect(page, noMailbox);
  await write(page, mail);
  if (!scripted()) guard.expects(404, "/send");
  await sendButton(page).click();
  await expect(notSent(page)).toBeFocused();
  await expect(page.getByText("This account has no mailbox that Microsoft Graph can send from.")).toBeVisible();
  await expect(page.getByText("Connect another account.")).toBeVisible();
  await expectWritten(page, mail);
  await expectAccessible(page);
  expect(await sandbox.outbox()).toEqual([]);
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
