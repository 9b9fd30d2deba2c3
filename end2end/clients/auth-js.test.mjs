// Auth.js: a small server whose pages sign people in with its Microsoft Entra ID provider.

import { Auth } from "@auth/core";
import MicrosoftEntraID from "@auth/core/providers/microsoft-entra-id";
import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { after, before, beforeEach, describe, test } from "node:test";
import { Person } from "./person.mjs";
import { listen } from "./processes.mjs";
import { CLIENT_ID, CLIENT_SECRET, outbox, passTime, PERSONAL, reset, TENANT, URL_BASE, WORK } from "./sandbox.mjs";

const SCOPE = "openid profile email offline_access User.Read Mail.Send";

/** What the app's server keeps of somebody's sign-in; Auth.js has it in an encrypted cookie. */
let kept;
/** Seconds by which the app's clock has moved, with the sandbox's. */
let moved;

/** Auth.js has no way to refresh a token; this is the one that its guide shows (authjs.dev/guides/refresh-token-rotation). */
async function refresh(token, issuer) {
  if (Date.now() / 1000 + moved < token.expires_at) return token;
  const answer = await fetch(`${issuer.replace(/\/v2\.0$/, "")}/oauth2/v2.0/token`, {
    method: "POST",
    body: new URLSearchParams({
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
      grant_type: "refresh_token",
      refresh_token: token.refresh_token,
    }),
  });
  const tokens = await answer.json();
  if (!answer.ok) throw tokens;
  return { ...token, ...tokens, expires_at: Math.floor(Date.now() / 1000 + moved + tokens.expires_in) };
}

function newConfig(issuer) {
  return {
    secret: "only for this test",
    trustHost: true,
    basePath: "/auth",
    providers: [
      MicrosoftEntraID({
        clientId: CLIENT_ID,
        clientSecret: CLIENT_SECRET,
        issuer,
        authorization: { params: { scope: SCOPE } },
        // The provider's own asks graph.microsoft.com: see the last test.
        profile: ({ sub, name, email }) => ({ id: sub, name, email }),
      }),
    ],
    callbacks: {
      async jwt({ token, account }) {
        kept = await refresh(account ? { ...token, ...account } : token, issuer);
        return kept;
      },
    },
  };
}

const graph = (path, options) =>
  fetch(`${URL_BASE}/v1.0/${path}`, {
    ...options,
    headers: { authorization: `Bearer ${kept.access_token}`, "content-type": "application/json" },
  });

for (const [name, tenant, account] of [
  ["a tenant", TENANT, WORK],
  ["common", "common", PERSONAL],
]) {
  describe(`Auth.js at ${name}`, () => {
    let server;
    before(async () => {
      const config = newConfig(`${URL_BASE}/${tenant}/v2.0`);
      server = await listen(async (incoming, outgoing) => {
        if (!incoming.url.startsWith("/auth/")) return outgoing.end("The app's own page");
        const request = new Request(`http://${incoming.headers.host}${incoming.url}`, {
          method: incoming.method,
          headers: incoming.headers,
          body: incoming.method === "POST" ? Readable.toWeb(incoming) : undefined,
          duplex: "half",
        });
        const response = await Auth(request, config);
        outgoing.writeHead(response.status, [...response.headers].flat());
        outgoing.end(Buffer.from(await response.arrayBuffer()));
      });
      // Registered is localhost, on any port.
      server.url = server.url.replace("127.0.0.1", "localhost");
    });
    beforeEach(async () => {
      moved = 0;
      await reset();
    });
    after(() => server?.stop());

    /** Somebody who signed in, and stands on a page that says who they are. */
    async function signedIn() {
      const person = new Person();
      await person.open(`${server.url}/auth/signin`);
      await person.press("Sign in with Microsoft Entra ID");
      await person.press(account);
      await person.press("Accept");
      await person.open(`${server.url}/auth/session`);
      return person;
    }

    test("a person signs in and the app sends an email", async () => {
      const person = await signedIn();
      const { user } = JSON.parse(person.text);
      const me = await (await graph("me")).json();
      assert.deepEqual([user.name, me.userPrincipalName], [me.displayName, account]);
      const message = { subject: "From Auth.js", toRecipients: [{ emailAddress: { address: WORK } }] };
      const sent = await graph("me/sendMail", { method: "POST", body: JSON.stringify({ message }) });
      assert.equal(sent.status, 202);
      assert.equal((await outbox()).at(-1).account, account);
    });

    test("a token that has expired is refreshed as the guide shows", async () => {
      const person = await signedIn();
      const { access_token: before } = kept;
      moved = 7200;
      await passTime(moved);
      assert.equal((await graph("me")).status, 401);
      await person.open(`${server.url}/auth/session`);
      assert.notEqual(kept.access_token, before);
      assert.equal((await graph("me")).status, 200);
    });

    test("a person who declines is back at the app, signed out", async () => {
      const person = new Person();
      await person.open(`${server.url}/auth/signin`);
      await person.press("Sign in with Microsoft Entra ID");
      await person.press(account);
      await person.press("Decline");
      await person.open(`${server.url}/auth/session`);
      assert.equal(person.text.trim(), "null");
    });
  });
}

test("the provider's own profile asks Microsoft's Graph, wherever its issuer is", () => {
  // @auth/core's providers/microsoft-entra-id.js; an app that uses another Graph gives a `profile` of its own.
  const { profile } = MicrosoftEntraID({ issuer: `${URL_BASE}/common/v2.0` });
  assert.match(profile.toString(), /https:\/\/graph\.microsoft\.com\/v1\.0\/me\/photos/);
});
