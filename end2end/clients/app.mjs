// An app that signs people in with MSAL Node, as its documentation shows.

import { ConfidentialClientApplication, CryptoProvider, PublicClientApplication } from "@azure/msal-node";
import { Person } from "./person.mjs";
import { CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, URL_BASE, WORK } from "./sandbox.mjs";

const crypto = new CryptoProvider();

export function newApp({ tenant = "common", clientId = CLIENT_ID, clientSecret = CLIENT_SECRET, ...options } = {}) {
  const authority = `${URL_BASE}/${tenant}`;
  const knownAuthorities = [new URL(URL_BASE).host];
  const Application = clientSecret ? ConfidentialClientApplication : PublicClientApplication;
  return new Application({ auth: { clientId, clientSecret, authority, knownAuthorities, ...options } });
}

/** The way through the browser: the request for tokens, with the code that came back. */
export async function authorize(app, { scopes = ["User.Read"], words = [WORK, "Accept"], ...options } = {}) {
  const { verifier, challenge } = await crypto.generatePkceCodes();
  const request = { scopes, redirectUri: REDIRECT_URI, state: crypto.createNewGuid(), nonce: crypto.createNewGuid() };
  const url = await app.getAuthCodeUrl({
    ...request,
    codeChallenge: challenge,
    codeChallengeMethod: "S256",
    ...options,
  });
  const answer = await new Person(REDIRECT_URI).walk(url, words);
  return [{ ...request, code: answer.code, codeVerifier: verifier }, answer];
}

export async function signIn(app, options) {
  return app.acquireTokenByCode(...(await authorize(app, options)));
}
