// openid-client 6: what an app that signs people in with it gets.

import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import * as client from "openid-client";
import { Person } from "./person.mjs";
import { CLIENT_ID, CLIENT_SECRET, outbox, passTime, PUBLIC, REDIRECT_URI, reset, revoke, TENANT, URL_BASE, WORK } from "./sandbox.mjs";

const SCOPE = "openid profile email offline_access User.Read Mail.Send";
const issuer = new URL(`${URL_BASE}/${TENANT}/v2.0`);

async function signIn({ words = [WORK, "Accept"], authentication } = {}) {
  const config = await client.discovery(issuer, CLIENT_ID, CLIENT_SECRET, authentication);
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const checks = { pkceCodeVerifier, expectedState: client.randomState(), expectedNonce: client.randomNonce() };
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: REDIRECT_URI,
    scope: SCOPE,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
    state: checks.expectedState,
    nonce: checks.expectedNonce,
  });
  const answer = await new Person(REDIRECT_URI).walk(url, words);
  const current = new URL(`${REDIRECT_URI}?${new URLSearchParams(answer)}`);
  return { config, tokens: await client.authorizationCodeGrant(config, current, checks) };
}

const graph = (config, { access_token }, path, method = "GET", body) =>
  client.fetchProtectedResource(
    config,
    access_token,
    new URL(`${URL_BASE}/v1.0/${path}`),
    method,
    body && JSON.stringify(body),
    new Headers({ "content-type": "application/json" }),
  );

beforeEach(reset);

describe("Sign-in", () => {
  for (const [name, authentication] of [
    ["client_secret_post", client.ClientSecretPost(CLIENT_SECRET)],
    ["client_secret_basic", client.ClientSecretBasic(CLIENT_SECRET)],
  ]) {
    test(`${name} gets tokens, and who it is from UserInfo`, async () => {
      const { config, tokens } = await signIn({ authentication });
      const claims = tokens.claims();
      assert.deepEqual([claims.preferred_username, claims.tid], [WORK, TENANT]);
      const info = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
      assert.equal(info.sub, claims.sub);
    });
  }

  test("an email goes out with the token", async () => {
    const { config, tokens } = await signIn();
    const message = { subject: "From openid-client", toRecipients: [{ emailAddress: { address: WORK } }] };
    assert.equal((await graph(config, tokens, "me/sendMail", "POST", { message })).status, 202);
    assert.equal((await outbox()).at(-1).account, WORK);
  });

  test("a person who declines is an authorization error", async () => {
    await assert.rejects(signIn({ words: [WORK, "Decline"] }), { error: "access_denied" });
  });

  test("the multi-tenant issuer is understood at Microsoft's host only", async () => {
    // openid-client's build/index.js asks for the origin https://login.microsoftonline.com before it
    // takes an issuer with {tenantid} in it.
    const common = new URL(`${URL_BASE}/common/v2.0`);
    await assert.rejects(client.discovery(common, CLIENT_ID, CLIENT_SECRET), /discovered metadata issuer does not match/);
  });
});

describe("Refresh", () => {
  test("a refresh token brings another access token once the first has expired", async () => {
    const { config, tokens } = await signIn();
    await passTime(7200);
    await assert.rejects(graph(config, tokens, "me"), client.WWWAuthenticateChallengeError);
    // The next id_token is of the sandbox's time.
    const metadata = { client_secret: CLIENT_SECRET, [client.clockSkew]: 7200 };
    const later = await client.discovery(issuer, CLIENT_ID, metadata);
    const refreshed = await client.refreshTokenGrant(later, tokens.refresh_token);
    assert.notEqual(refreshed.access_token, tokens.access_token);
    assert.equal((await graph(config, refreshed, "me")).status, 200);
  });

  test("a refresh token that was revoked is refused with Microsoft's number", async () => {
    const { config, tokens } = await signIn();
    await revoke(WORK);
    const refusal = await client.refreshTokenGrant(config, tokens.refresh_token).catch((error) => error);
    assert.equal(refusal.error, "invalid_grant");
    assert.match(refusal.error_description, /^AADSTS\d+: /);
  });
});

test("a device gets its tokens while a person signs in elsewhere", async () => {
  const config = await client.discovery(issuer, PUBLIC, undefined, client.None());
  const device = await client.initiateDeviceAuthorization(config, { scope: SCOPE });
  const person = new Person();
  await person.open(device.verification_uri);
  await person.press("Next", { code: device.user_code });
  await person.press(WORK);
  await person.press("Accept");
  const tokens = await client.pollDeviceAuthorizationGrant(config, device);
  assert.equal(tokens.claims().preferred_username, WORK);
});
