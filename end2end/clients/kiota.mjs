// An app that calls Graph with its SDK for TypeScript and signs people in with Azure Identity.

import { AuthorizationCodeCredential } from "@azure/identity";
import { AzureIdentityAuthenticationProvider } from "@microsoft/kiota-authentication-azure";
import { createGraphServiceClient, GraphRequestAdapter } from "@microsoft/msgraph-sdk";
import "@microsoft/msgraph-sdk-users";
import assert from "node:assert/strict";
import { Person } from "./person.mjs";
import { CLIENT_ID, CLIENT_SECRET, PERSONAL, REDIRECT_URI, URL_BASE } from "./sandbox.mjs";

const SCOPES = ["User.Read", "Mail.Send", "Mail.ReadWrite"];

/** Where Azure Identity signs in, instead of at Microsoft. */
export const place = { authorityHost: URL_BASE, disableInstanceDiscovery: true };

/** The SDK's client for a credential, and the adapter below it. */
export function newClient(credential, scopes) {
  // Without the port; other hosts get no token.
  const hosts = new Set([new URL(URL_BASE).hostname]);
  const adapter = new GraphRequestAdapter(new AzureIdentityAuthenticationProvider(credential, scopes, undefined, hosts));
  adapter.baseUrl = `${URL_BASE}/v1.0`;
  return { adapter, client: createGraphServiceClient(adapter) };
}

/** A client for somebody who signed in, by default somebody who may grant all of this themselves. */
export async function signIn({ account = PERSONAL, scopes = SCOPES, words = [account, "Accept"] } = {}) {
  const url = `${URL_BASE}/common/oauth2/v2.0/authorize?${new URLSearchParams({
    client_id: CLIENT_ID,
    redirect_uri: REDIRECT_URI,
    response_type: "code",
    scope: ["openid", "profile", "offline_access", ...scopes].join(" "),
  })}`;
  const { code } = await new Person(REDIRECT_URI).walk(url, words);
  const credential = new AuthorizationCodeCredential("common", CLIENT_ID, CLIENT_SECRET, code, REDIRECT_URI, place);
  return { credential, ...newClient(credential, scopes) };
}

/** What Graph refuses, as the app sees it: status and code. */
export async function refusal(promise) {
  const error = await promise.then(() => assert.fail("it was not refused"), (error) => error);
  return [error.responseStatusCode, error.errorEscaped?.code];
}

export const recipients = (...addresses) => addresses.map((address) => ({ emailAddress: { address } }));

export const addresses = (recipients) => recipients.map(({ emailAddress }) => emailAddress.address);
