// The Graph JavaScript client: what it hands to an app that sends mail.

import graph from "@microsoft/microsoft-graph-client";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { beforeEach, describe, test } from "node:test";
import { newApp, signIn } from "./app.mjs";
import { fault, NO_MAILBOX, outbox, passTime, PERSONAL, reset, URL_BASE, WORK } from "./sandbox.mjs";

const { Client, FileUpload, GraphError, LargeFileUploadTask, PageIterator } = graph;

const MB = 1 << 20;
const SCOPES = ["User.Read", "Mail.Send", "Mail.ReadWrite"];
// Outlook takes 4 MB at a time; the client's own measure is 5 MB.
const RANGE = 4 * MB;

let client;

/** A client for somebody, by default somebody who may grant all of this themselves. */
async function newClient(account = PERSONAL, scopes = SCOPES) {
  const { accessToken } = await signIn(newApp(), { scopes, words: [account, "Accept"] });
  return Client.initWithMiddleware({
    baseUrl: `${URL_BASE}/`,
    customHosts: new Set(["localhost"]),
    authProvider: { getAccessToken: async () => accessToken },
  });
}

const newMessage = (subject, more = {}) => ({
  subject,
  body: { contentType: "text", content: "Hello" },
  toRecipients: [{ emailAddress: { address: WORK } }],
  ...more,
});

const newAttachment = (name, text) => ({
  "@odata.type": "#microsoft.graph.fileAttachment",
  name,
  contentType: "text/plain",
  contentBytes: Buffer.from(text).toString("base64"),
});

/** What Graph refuses, as the app sees it. */
async function refusal(promise) {
  const error = await promise.then(() => assert.fail("it was not refused"), (error) => error);
  assert.ok(error instanceof GraphError, error.stack);
  assert.ok(error.requestId && error.date);
  return error;
}

/** What is in Sent Items, once transport has had its second. */
const sent = async (subject) => {
  await passTime(2);
  const page = await client.api("/me/mailFolders/sentitems/messages").top(100).get();
  return page.value.filter((message) => message.subject === subject);
};

beforeEach(async () => {
  await reset();
  client = await newClient();
});

describe("Profile", () => {
  test("it names the person", async () => {
    const me = await client.api("/me").get();
    assert.equal(me.userPrincipalName, PERSONAL);
    assert.ok(me.id && me.displayName);
    const selected = await client.api("/me").select(["displayName", "mail"]).get();
    assert.deepEqual(Object.keys(selected).sort(), ["@odata.context", "displayName", "mail"]);
  });

  test("a photo is a picture, and where there is none it is not found", async () => {
    const photo = await client.api("/me/photo/$value").get();
    assert.equal(photo.type, "image/jpeg");
    assert.deepEqual(new Uint8Array(await photo.slice(0, 2).arrayBuffer()), new Uint8Array([0xff, 0xd8]));
    const work = await newClient(WORK, ["User.Read"]);
    const { width, id } = await work.api("/me/photos/48x48").get();
    assert.deepEqual([width, id], [48, "48X48"]);
    const without = await newClient(NO_MAILBOX, ["User.Read"]);
    const error = await refusal(without.api("/me/photo/$value").get());
    assert.deepEqual([error.statusCode, error.code], [404, "ImageNotFound"]);
  });
});

describe("sendMail", () => {
  for (const path of [
    "/me/sendMail",
    "/me/sendmail",
    "/me/microsoft.graph.sendMail",
    `/users/${PERSONAL}/sendMail`,
  ]) {
    test(`${path} sends attachments along`, async () => {
      const attachments = [newAttachment("a.txt", "first"), newAttachment("ü.txt", "second")];
      await client.api(path).post({ message: newMessage("Two files", { attachments }), saveToSentItems: true });
      const [message] = await sent("Two files");
      assert.equal(message.hasAttachments, true);
      const { value } = await client.api(`/me/messages/${message.id}/attachments`).get();
      assert.deepEqual(value.map(({ name }) => name), ["a.txt", "ü.txt"]);
      assert.equal(Buffer.from(value[0].contentBytes, "base64").toString(), "first");
    });
  }

  test("names may be written as older samples do", async () => {
    await client.api("/me/sendMail").post({
      Message: {
        Subject: "Capitals",
        Body: { ContentType: "HTML", Content: "<p>Hello</p>" },
        ToRecipients: [{ EmailAddress: { Address: WORK } }],
      },
      SaveToSentItems: "true",
    });
    const [message] = await sent("Capitals");
    assert.deepEqual([message.body.contentType, message.toRecipients[0].emailAddress.address], ["html", WORK]);
  });

  test("MIME is sent as it is", async () => {
    const mime = `To: ${WORK}\r\nSubject: As MIME\r\nContent-Type: text/plain\r\n\r\nHello\r\n`;
    const request = client.api("/me/sendMail").header("Content-Type", "text/plain");
    await request.post(Buffer.from(mime).toString("base64"));
    assert.equal((await sent("As MIME")).length, 1);
  });

  test("what is not to be saved is not saved", async () => {
    await client.api("/me/sendMail").post({ message: newMessage("Unsaved"), saveToSentItems: false });
    assert.deepEqual(await sent("Unsaved"), []);
  });

  test("refusals say why", async () => {
    const post = (message) => client.api("/me/sendMail").post({ message });
    for (const [message, status, code] of [
      [newMessage("To nobody", { toRecipients: [] }), 400, "ErrorInvalidRecipients"],
      [newMessage("Unknown", { colour: "blue" }), 400, "RequestBodyRead"],
    ]) {
      const error = await refusal(post(message));
      assert.deepEqual([error.statusCode, error.code], [status, code]);
    }
    const large = newMessage("Too large", { attachments: [newAttachment("large", "x".repeat(4 * MB))] });
    assert.equal((await refusal(post(large))).statusCode, 413);
  });

  test("the client waits and sends again when told to", async () => {
    // Longer than the 3 to 4 seconds that it would wait without being told.
    await fault({ route: "sendMail", status: 429, retryAfter: "5" });
    const began = performance.now();
    await client.api("/me/sendMail").post({ message: newMessage("Patience") });
    assert.ok(performance.now() - began >= 5000);
    assert.equal((await sent("Patience")).length, 1);
  });

  test("a mail whose answer was lost is sent twice by the client", async () => {
    // As at Microsoft: a gateway gives up on what was done, and the client tries again.
    await fault({ route: "sendMail", status: 504, close: "after", retryAfter: "0" });
    await client.api("/me/sendMail").post({ message: newMessage("Twice") });
    assert.equal((await sent("Twice")).length, 2);
  });

  test("a claims challenge is the app's to answer", async () => {
    await fault({ route: "sendMail", claims: {} });
    const error = await refusal(client.api("/me/sendMail").post({ message: newMessage("Challenged") }));
    assert.deepEqual([error.statusCode, error.code], [401, "InvalidAuthenticationToken"]);
  });
});

describe("Drafts", () => {
  test("a draft is created, changed, given a file and sent", async () => {
    const draft = await client.api("/me/messages").post(newMessage("Draft"));
    assert.equal(draft.isDraft, true);
    const path = `/me/messages/${draft.id}`;
    const changed = await client.api(path).patch({ subject: "Better", importance: "high" });
    assert.deepEqual([changed.id, changed.subject, changed.importance], [draft.id, "Better", "high"]);
    const attachment = await client.api(`${path}/attachments`).post(newAttachment("a.txt", "file"));
    assert.deepEqual([attachment.name, attachment.contentType], ["a.txt", "text/plain"]);
    await client.api(`${path}/send`).post();
    const [message] = await sent("Better");
    assert.deepEqual([message.isDraft, message.hasAttachments], [false, true]);
    assert.equal(message.internetMessageId, draft.internetMessageId);
    assert.equal((await refusal(client.api(path).get())).code, "ErrorItemNotFound");
  });

  test("an immutable id stays when the draft is sent", async () => {
    const prefer = ["Prefer", 'IdType="ImmutableId"'];
    const draft = await client.api("/me/messages").header(...prefer).post(newMessage("Immutable"));
    const path = `/me/messages/${draft.id}`;
    await client.api(`${path}/send`).header(...prefer).post();
    await passTime(2);
    assert.equal((await client.api(path).header(...prefer).get()).isDraft, false);
  });

  test("a deleted draft is gone", async () => {
    const { id } = await client.api("/me/messages").post(newMessage("Never mind"));
    await client.api(`/me/messages/${id}`).delete();
    const error = await refusal(client.api(`/me/messages/${id}/send`).post());
    assert.deepEqual([error.statusCode, error.code], [404, "ErrorItemNotFound"]);
  });
});

describe("Upload", () => {
  /** A file in which no two pieces are alike. */
  const newContent = (size) => createHash("shake256", { outputLength: size }).update("large.bin").digest();

  async function newTask(size, onProgress = () => {}) {
    const draft = await client.api("/me/messages").post(newMessage("Large"));
    const message = `${URL_BASE}/v1.0/me/messages/${draft.id}`;
    const path = `${message}/attachments`;
    const AttachmentItem = { attachmentType: "file", name: "large.bin", size };
    const session = await LargeFileUploadTask.createUploadSession(client, `${path}/createUploadSession`, {
      AttachmentItem,
    });
    const content = newContent(size);
    const file = new FileUpload(content, "large.bin", size);
    const task = new LargeFileUploadTask(client, file, session, {
      rangeSize: RANGE,
      uploadEventHandlers: { progress: onProgress },
    });
    /** Sends the message; what went out is what was to be uploaded, byte by byte. */
    const assertArrived = async () => {
      await client.api(`${message}/send`).post();
      const [{ attachments }] = await outbox();
      const sha256 = createHash("sha256").update(content).digest("hex");
      assert.deepEqual(attachments, [{ name: "large.bin", size, sha256 }]);
    };
    return { task, session, path, assertArrived };
  }

  for (const size of [7 * MB, 149 * MB]) {
    test(`${size / MB} MB arrive`, async () => {
      const ends = [];
      const { task, session, path, assertArrived } = await newTask(size, (range) => ends.push(range.maxValue + 1));
      assert.notEqual(new URL(session.url).host, new URL(URL_BASE).host);
      assert.ok(session.expiry > new Date());
      const result = await task.upload();
      assert.match(result.location, /\/Attachments\('/i);
      assert.deepEqual([ends.length, ends.at(-1)], [Math.ceil(size / RANGE), size]);
      const { value } = await client.api(path).select("name,size").get();
      assert.deepEqual([value.length, value[0].name, value[0].size], [1, "large.bin", size]);
      await assertArrived();
    });
  }

  test("an upload that broke off goes on where it was", async () => {
    const ends = [];
    const { task, assertArrived } = await newTask(7 * MB, (range) => {
      ends.push(range.maxValue + 1);
      if (ends.length === 1) return fault({ route: "upload", close: "before" });
    });
    await assert.rejects(task.upload());
    await task.resume();
    assert.deepEqual(ends, [RANGE, 7 * MB]);
    await assertArrived();
  });

  test("a cancelled upload leaves nothing", async () => {
    const { task, path } = await newTask(7 * MB);
    assert.equal((await task.cancel()).status, 204);
    assert.equal(task.getUploadSession().isCancelled, true);
    assert.equal((await refusal(task.getStatus())).statusCode, 404);
    assert.deepEqual((await client.api(path).get()).value, []);
  });

  test("what is smaller than 3 MB needs no session", async () => {
    assert.equal((await refusal(newTask(MB))).code, "ErrorAttachmentSizeShouldNotBeLessThanMinimumSize");
  });
});

describe("Sent items", () => {
  const SUBJECTS = Array.from({ length: 12 }, (_, n) => `Number ${n}`);
  const list = () => client.api("/me/mailFolders/sentitems/messages");

  beforeEach(async () => {
    for (const subject of SUBJECTS) {
      await client.api("/me/sendMail").post({ message: newMessage(subject) });
      await passTime(2);
    }
  });

  test("pages lead to all of them", async () => {
    const first = await list().get();
    assert.equal(first.value.length, 10);
    const seen = [];
    await new PageIterator(client, first, ({ subject }) => seen.push(subject)).iterate();
    assert.deepEqual(seen.sort(), [...SUBJECTS].sort());
  });

  test("$select, $top and $orderby choose", async () => {
    const { value } = await list().select("subject").top(3).orderby("sentDateTime desc").get();
    assert.deepEqual(value.map(({ subject }) => subject), SUBJECTS.slice(-3).reverse());
    for (const message of value) {
      assert.deepEqual(Object.keys(message).sort(), ["@odata.etag", "id", "subject"]);
    }
    const ordered = await list().top(2).orderby("subject").get();
    assert.deepEqual(ordered.value.map(({ subject }) => subject), ["Number 0", "Number 1"]);
  });
});
