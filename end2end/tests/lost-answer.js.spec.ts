// The network can break after a mail went out and before its answer is back. Between this browser
// and the app stands a proxy that can do that.

import { createServer, request as forward } from "node:http";
import type { AddressInfo } from "node:net";
import {
  appUrl,
  connect,
  expect,
  expectAccessible,
  expectNoSidewaysScrolling,
  expectWritten,
  mail,
  notices,
  sendButton,
  sentTo,
  test as base,
  unknown,
  write,
} from "./fixtures";

let lose = false;

const test = base.extend<{ loseTheNextAnswer: () => void }>({
  proxy: async ({}, use) => {
    const proxy = createServer((asked, answer) => {
      const url = asked.url ?? "";
      const passedOn = forward(url, { method: asked.method, headers: asked.headers }, (answered) => {
        answer.writeHead(answered.statusCode ?? 502, answered.headers);
        if (lose && url.startsWith(`${appUrl}/api/`)) {
          lose = false;
          // What was asked for is done; the browser gets the head of the answer and no more.
          answer.flushHeaders();
          answered.resume().on("end", () => answer.destroy());
        } else {
          answered.pipe(answer);
        }
      });
      passedOn.on("error", () => answer.destroy());
      asked.pipe(passedOn);
    });
    await new Promise<void>((listening) => proxy.listen(0, "127.0.0.1", listening));
    await use({ server: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` });
    proxy.closeAllConnections();
    proxy.close();
  },
  loseTheNextAnswer: async ({ guard }, use) => {
    await use(() => {
      lose = true;
      guard.expectsNoAnswer("net::ERR_CONTENT_LENGTH_MISMATCH");
    });
    lose = false;
  },
});

test("a mail whose answer was lost is not sent a second time by a second press", async ({ loseTheNextAnswer, page, sandbox }) => {
  await connect(page);
  await write(page, mail);
  loseTheNextAnswer();
  await sendButton(page).click();
  await expect(unknown(page)).toBeFocused();
  await expect(notices(page)).toContainText(
    "No answer came back. Press Send mail to find out: if your message was sent, we won't send it again.",
  );
  await expect(page.getByRole("link", { name: "Check Sent Items" })).toBeVisible();
  await expect(page).toHaveTitle("May have been sent · Graph Connect");
  await expectWritten(page, mail);
  await expectNoSidewaysScrolling(page);
  await expectAccessible(page);
  expect(await sandbox.outbox()).toHaveLength(1);

  await sendButton(page).click();
  await expect(sentTo(page, mail.to)).toBeVisible();
  expect(await sandbox.outbox()).toHaveLength(1);
});

test("a text that was changed after an answer was lost is not passed off as sent", async ({ loseTheNextAnswer, page, sandbox }) => {
  await connect(page);
  await write(page, mail);
  loseTheNextAnswer();
  await sendButton(page).click();
  await expect(unknown(page)).toBeFocused();

  const changed = { ...mail, subject: "Minutes of Tuesday" };
  await write(page, changed);
  await sendButton(page).click();
  await expect(notices(page)).toContainText("This form already sent a different message.");
  await expectWritten(page, changed);
  expect(await sandbox.outbox()).toHaveLength(1);

  await sendButton(page).click();
  await expect(sentTo(page, mail.to)).toBeVisible();
  const sent = await sandbox.outbox();
  expect(sent.map((it) => it.message.subject)).toEqual([mail.subject, changed.subject]);
});
