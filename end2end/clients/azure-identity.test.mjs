// Azure Identity for JavaScript, with the Graph SDK for TypeScript: who may call Graph.

import { AuthorizationCodeCredential, ClientCertificateCredential, DeviceCodeCredential } from "@azure/identity";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { newClient, place, recipients, signIn } from "./kiota.mjs";
import { Person } from "./person.mjs";
import {
  CERTIFIED,
  CLIENT_ID,
  CLIENT_SECRET,
  fault,
  outbox,
  PERSONAL,
  PUBLIC,
  REDIRECT_URI,
  reset,
  TENANT,
  WORK,
} from "./sandbox.mjs";

beforeEach(reset);

test("a code becomes a token, and the SDK says who it is", async () => {
  const { client } = await signIn();
  assert.equal((await client.me.get()).userPrincipalName, PERSONAL);
});

test("a claims challenge gets another token, with the refresh token", async () => {
  const { client, credential } = await signIn();
  const { token } = await credential.getToken(["User.Read"], { enableCae: true });
  await fault({ route: "me", claims: {} });
  assert.equal((await client.me.get()).userPrincipalName, PERSONAL);
  assert.notEqual((await credential.getToken(["User.Read"], { enableCae: true })).token, token);
});

test("a code that nobody gave out is refused with Microsoft's number", async () => {
  const credential = new AuthorizationCodeCredential("common", CLIENT_ID, CLIENT_SECRET, "0.unknown", REDIRECT_URI, place);
  await assert.rejects(credential.getToken(["User.Read"]), /AADSTS\d+/);
});

test("an app without a person sends as somebody of its tenant", async () => {
  const credential = new ClientCertificateCredential(TENANT, CERTIFIED, { certificatePath: process.env.CERTIFICATE }, place);
  const { client } = newClient(credential, ["https://graph.microsoft.com/.default"]);
  const message = { subject: "From a daemon", toRecipients: recipients("friend@example.com") };
  await client.users.byUserId(WORK).sendMail.post({ message });
  assert.equal((await outbox()).at(-1).account, WORK);
});

test("a device gets its tokens while a person signs in elsewhere", async () => {
  const credential = new DeviceCodeCredential({
    ...place,
    tenantId: TENANT,
    clientId: PUBLIC,
    userPromptCallback: async ({ verificationUri, userCode }) => {
      const person = new Person();
      await person.open(verificationUri);
      await person.press("Next", { code: userCode });
      await person.press(WORK);
      await person.press("Accept");
    },
  });
  const { client } = newClient(credential, ["User.Read"]);
  assert.equal((await client.me.get()).userPrincipalName, WORK);
});
