// MSAL Node where there is no secret, no person or no browser: certificates, client credentials, devices.

import { ConfidentialClientApplication, PublicClientApplication } from "@azure/msal-node";
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { beforeEach, test } from "node:test";
import { newApp, signIn } from "./app.mjs";
import { Person } from "./person.mjs";
import { CERTIFIED, CLIENT_ID, outbox, PUBLIC, reset, TENANT, URL_BASE, WORK } from "./sandbox.mjs";

const pem = readFileSync(process.env.CERTIFICATE, "utf8");
const DEFAULT = ["https://graph.microsoft.com/.default"];
const knownAuthorities = [new URL(URL_BASE).host];

/** An app that has a certificate and no secret. */
function certified(tenant = "common", clientId = CERTIFIED) {
  const thumbprintSha256 = new X509Certificate(pem).fingerprint256.replaceAll(":", "");
  const clientCertificate = { thumbprintSha256, privateKey: pem };
  const auth = { clientId, clientCertificate, authority: `${URL_BASE}/${tenant}`, knownAuthorities };
  return new ConfidentialClientApplication({ auth });
}

const call = (path, { accessToken }, options = {}) =>
  fetch(`${URL_BASE}/v1.0/${path}`, { ...options, headers: { authorization: `Bearer ${accessToken}`, "content-type": "application/json" } });

beforeEach(reset);

test("a certificate signs a person in and refreshes the token", async () => {
  const app = certified();
  const result = await signIn(app);
  const refreshed = await app.acquireTokenSilent({ account: result.account, scopes: ["User.Read"], forceRefresh: true });
  assert.equal((await (await call("me", refreshed)).json()).userPrincipalName, WORK);
});

test("a certificate that another application registered is refused", async () => {
  await assert.rejects(signIn(certified("common", CLIENT_ID)), { errorNo: 700027 });
});

test("an app without a person sends as somebody of its tenant", async () => {
  const result = await certified(TENANT).acquireTokenByClientCredential({ scopes: DEFAULT });
  const message = { subject: "From a daemon", toRecipients: [{ emailAddress: { address: "friend@example.com" } }] };
  const sent = await call(`users/${WORK}/sendMail`, result, { method: "POST", body: JSON.stringify({ message }) });
  assert.equal(sent.status, 202);
  assert.equal((await outbox()).at(-1).account, WORK);
});

test("client credentials are refused at common", async () => {
  await assert.rejects(newApp().acquireTokenByClientCredential({ scopes: DEFAULT }), /AADSTS9001023|missing_tenant_id_error/);
});

test("a device gets its tokens while a person signs in elsewhere", async () => {
  const app = new PublicClientApplication({ auth: { clientId: PUBLIC, authority: `${URL_BASE}/common`, knownAuthorities } });
  const result = await app.acquireTokenByDeviceCode({
    scopes: ["User.Read"],
    deviceCodeCallback: async ({ verificationUri, userCode }) => {
      const person = new Person();
      await person.open(verificationUri);
      await person.press("Next", { code: userCode });
      await person.press(WORK);
      await person.press("Accept");
      assert.match(person.text, /You have signed in to/);
    },
  });
  assert.equal(result.account.username, WORK);
});
