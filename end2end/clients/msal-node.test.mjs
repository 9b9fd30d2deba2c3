// MSAL Node: what it hands to an app that signs people in.

import { AuthError, InteractionRequiredAuthError } from "@azure/msal-node";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { beforeEach, describe, test } from "node:test";
import { authorize, newApp, signIn } from "./app.mjs";
import {
  CLIENT_ID,
  DISABLED,
  EXPIRED,
  fault,
  ONE_TENANT,
  passTime,
  PERSONAL,
  PUBLIC,
  REDIRECT_URI,
  reset,
  revoke,
  TENANT,
  URL_BASE,
  WORK,
} from "./sandbox.mjs";

// What MSAL Node knows to be for the person. `token_expired` is not among it, and comes as a ServerError.
const INTERACTIVE = ["additional_action", "bad_token", "basic_action", "message_only"];
const tokenErrors = JSON.parse(readFileSync(new URL("token-errors.json", import.meta.url)));

/** A forced refresh. */
async function refresh(app, options) {
  const [account] = await app.getTokenCache().getAllAccounts();
  return app.acquireTokenSilent({ account, scopes: ["User.Read"], forceRefresh: true, ...options });
}

function me({ accessToken }) {
  return fetch(`${URL_BASE}/v1.0/me`, { headers: { authorization: `Bearer ${accessToken}` } });
}

const signedInAs = async (result) => (await (await me(result)).json()).userPrincipalName;

/** What the app is told when it gets no token. */
async function refusal(promise) {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof AuthError, `${error.stack}`);
    return error;
  }
  assert.fail("there is a token");
}

beforeEach(reset);

describe("Sign-in", () => {
  test("a person signs in with PKCE and nonce", async () => {
    const app = newApp();
    const result = await signIn(app);
    assert.equal(result.account.username, WORK);
    assert.equal(result.tenantId, TENANT);
    assert.equal(result.fromCache, false);
    assert.equal(result.idTokenClaims.aud, CLIENT_ID);
    assert.equal(result.idTokenClaims.iss, `${URL_BASE}/${TENANT}/v2.0`);
    assert.equal(result.account.homeAccountId, `${result.idTokenClaims.oid}.${TENANT}`);
    assert.equal(await signedInAs(result), WORK);
  });

  for (const [tenant, account] of [
    ["common", PERSONAL],
    ["organizations", WORK],
    ["consumers", PERSONAL],
    [TENANT, WORK],
    ["sandbox.example", WORK],
  ]) {
    test(`the authority ${tenant} signs its accounts in`, async () => {
      const result = await signIn(newApp({ tenant }), { words: [account, "Accept"] });
      assert.equal(result.account.username, account);
    });
  }

  test("the answer may come as a form", async () => {
    const result = await signIn(newApp(), { responseMode: "form_post", words: [WORK, "Accept", "Continue"] });
    assert.equal(result.account.username, WORK);
  });

  test("an answer for another nonce is refused by MSAL", async () => {
    const app = newApp();
    const [request, answer] = await authorize(app);
    const error = await refusal(app.acquireTokenByCode({ ...request, nonce: "another" }, answer));
    assert.equal(error.errorCode, "nonce_mismatch");
  });

  for (const [words, scope, subcode, reason] of [
    [["Cancel"], "User.Read", "cancel", ""],
    [[WORK, "Cancel"], "User.Read", "cancel", ""],
    [[WORK, "Decline"], "User.Read", undefined, "AADSTS65004"],
    // Only an administrator may consent to this.
    [[WORK, "Return to the application without granting consent"], "Mail.ReadWrite", undefined, "AADSTS90094"],
  ]) {
    test(`${words.at(-1)} (${words.length}) comes back as access_denied`, async () => {
      const [, answer] = await authorize(newApp(), { words, scopes: [scope] });
      assert.deepEqual([answer.error, answer.error_subcode], ["access_denied", subcode]);
      assert.equal((answer.error_description ?? "").split(":")[0], reason);
    });
  }

  for (const [mistake, options, number] of [
    ["a code challenge of another method", { codeChallengeMethod: "S512" }, 50147],
    ["a code challenge of the wrong size", { codeChallenge: "short" }, 501491],
  ]) {
    test(`${mistake} is AADSTS${number}`, async () => {
      const [, answer] = await authorize(newApp(), { ...options, words: [] });
      assert.equal(answer.error, "invalid_request");
      assert.match(answer.error_description, new RegExp(`^AADSTS${number}:`));
    });
  }

  test("nobody is asked where the app forbids it", async () => {
    const [, answer] = await authorize(newApp(), { prompt: "none", words: [] });
    assert.equal(answer.error, "login_required");
  });
});

describe("Silent", () => {
  test("the cache answers until a refresh is forced", async () => {
    const app = newApp();
    const first = await signIn(app);
    const cached = await refresh(app, { forceRefresh: false });
    assert.equal(cached.accessToken, first.accessToken);
    assert.equal(cached.fromCache, true);
    const forced = await refresh(app);
    assert.notEqual(forced.accessToken, first.accessToken);
    assert.equal(forced.fromCache, false);
    assert.equal(await signedInAs(forced), WORK);
  });

  test("consent comes in steps", async () => {
    const app = newApp();
    await signIn(app);
    const error = await refusal(refresh(app, { scopes: ["Mail.Send"] }));
    assert.ok(error instanceof InteractionRequiredAuthError);
    assert.equal(error.errorCode, "invalid_grant");
    assert.equal(error.subError, "consent_required");
    const more = await signIn(app, { scopes: ["Mail.Send"], loginHint: WORK });
    assert.ok(more.scopes.includes("Mail.Send"));
    const both = await refresh(app, { scopes: ["User.Read", "Mail.Send"] });
    assert.ok(both.scopes.includes("User.Read") && both.scopes.includes("Mail.Send"));
  });

  test("interaction is required when policy asks for more", async () => {
    const app = newApp();
    await signIn(app);
    await fault({ route: "token", code: "AADSTS50076" });
    const error = await refusal(refresh(app));
    assert.ok(error instanceof InteractionRequiredAuthError);
    assert.equal(error.subError, "basic_action");
    assert.equal(Number(error.errorNo), 50076);
    assert.ok(JSON.parse(error.claims).access_token);
    // As an app does it: back to the browser, with the claims.
    const again = await signIn(newApp(), { claims: error.claims, loginHint: WORK, words: [WORK] });
    assert.equal(again.account.username, WORK);
  });

  test("a claims challenge leads to a token that Graph takes", async () => {
    const app = newApp({ clientCapabilities: ["CP1"] });
    const first = await signIn(app);
    await fault({ route: "me", claims: {} });
    const refused = await me(first);
    assert.equal(refused.status, 401);
    const challenge = refused.headers.get("www-authenticate");
    assert.match(challenge, /error="insufficient_claims"/);
    const claims = Buffer.from(challenge.match(/claims="([^"]*)"/)[1], "base64").toString();
    const second = await refresh(app, { forceRefresh: false, claims });
    assert.notEqual(second.accessToken, first.accessToken);
    assert.equal((await me(first)).status, 401);
    assert.equal((await me(second)).status, 200);
  });
});

// The refusals of a token endpoint (Entra, "Microsoft Entra authentication error codes").
describe("Token errors", () => {
  function assertRefused(error, number, code, subError = "") {
    assert.equal(Number(error.errorNo), number);
    assert.deepEqual([error.errorCode, error.subError], [code, subError]);
    assert.match(error.errorMessage, new RegExp(`AADSTS${number}:`));
    assert.ok(error.correlationId);
  }

  /** Redeems a good code with one mistake. */
  async function redeem({ authorizedBy = CLIENT_ID, late = 0, times = 1, client, ...changes }) {
    const [request] = await authorize(newApp({ clientId: authorizedBy }));
    await passTime(late);
    for (let time = 1; time < times; time++) await newApp(client).acquireTokenByCode({ ...request, ...changes });
    return newApp(client).acquireTokenByCode({ ...request, ...changes });
  }

  for (const [mistake, number, code, changes] of [
    ["an unknown client", 700016, "unauthorized_client", { client: { clientId: TENANT } }],
    ["a wrong secret", 7000215, "invalid_client", { client: { clientSecret: "wrong" } }],
    ["an expired secret", 7000222, "invalid_client", { client: { clientId: EXPIRED } }],
    ["a disabled app", 7000112, "unauthorized_client", { client: { clientId: DISABLED } }],
    ["an app of one tenant", 50194, "invalid_request", { client: { clientId: ONE_TENANT } }],
    ["a secret of a public client", 700025, "invalid_client", { authorizedBy: PUBLIC, client: { clientId: PUBLIC } }],
    ["no secret", 7000218, "invalid_client", { client: { clientSecret: "" } }],
    ["a code twice", 54005, "invalid_grant", { times: 2 }],
    ["a code after ten minutes", 70008, "invalid_grant", { late: 601 }],
    ["a code that is none", 70000, "invalid_grant", { code: "none" }],
    ["a code at another tenant", 700005, "invalid_grant", { client: { tenant: TENANT } }],
    ["another verifier", 501481, "invalid_grant", { codeVerifier: "v".repeat(43) }],
    ["no verifier", 50148, "invalid_grant", { codeVerifier: undefined }],
    ["no redirect URI", 900144, "invalid_request", { redirectUri: "" }],
    ["a scope that is none", 70011, "invalid_scope", { scopes: ["Mail.Everything"] }],
    ["two resources", 700022, "invalid_scope", { scopes: ["User.Read", "https://outlook.office.com/Mail.Send"] }],
  ]) {
    test(`${mistake} is AADSTS${number}`, async () => {
      assertRefused(await refusal(redeem(changes)), number, code);
    });
  }

  test("a grant that is not there is AADSTS70003", async () => {
    const request = { oboAssertion: "assertion", scopes: ["User.Read"] };
    const error = await refusal(newApp({ tenant: TENANT }).acquireTokenOnBehalfOf(request));
    assertRefused(error, 70003, "unsupported_grant_type");
  });

  for (const [end, number, act] of [
    ["it rests for 90 days", 700082, () => passTime(90 * 24 * 3600 + 1)],
    ["it is revoked", 50173, () => revoke(WORK)],
  ]) {
    test(`a refresh token ends when ${end}`, async () => {
      const app = newApp();
      await signIn(app);
      await act();
      assertRefused(await refusal(refresh(app)), number, "invalid_grant", "bad_token");
    });
  }

  for (const { number, error, suberror, claims } of tokenErrors) {
    test(`AADSTS${number} can come of a refresh`, async () => {
      const app = newApp();
      await signIn(app);
      await fault({ route: "token", code: `AADSTS${number}` });
      const refused = await refusal(refresh(app));
      assertRefused(refused, number, error, suberror);
      assert.equal(refused instanceof InteractionRequiredAuthError, INTERACTIVE.includes(suberror));
      assert.equal(Boolean(refused.claims), claims ?? false);
    });
  }

  test("a pause that the endpoint asks for is kept", async () => {
    const app = newApp();
    await signIn(app);
    await fault({ route: "token", code: "AADSTS90055", retryAfter: "60" });
    const trace = ({ errorMessage }) => errorMessage.match(/Trace ID: \S+/)[0];
    const [first, second] = [await refusal(refresh(app)), await refusal(refresh(app))];
    assert.equal(first.errorCode, "temporarily_unavailable");
    assert.equal(trace(second), trace(first));
  });

  test("an outage is told", async () => {
    const app = newApp();
    await signIn(app);
    await fault({ route: "token", code: "AADSTS90033" });
    assert.equal((await refusal(refresh(app))).errorCode, "temporarily_unavailable");
  });
});
