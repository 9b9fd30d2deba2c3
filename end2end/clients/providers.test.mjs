// The app's server signs people in at providers that are neither Microsoft's nor ours, each mounted
// at a tenant path, and sends their mail through the sandbox's Graph.

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { OAuth2Server } from "oauth2-mock-server";
import Provider from "oidc-provider";
import { Person } from "./person.mjs";
import { listen, startApp, startSandbox } from "./processes.mjs";
import { CLIENT_ID, CLIENT_SECRET, TENANT, WORK } from "./sandbox.mjs";

const PATH = `/${TENANT}/v2.0`;
const GRAPH = "https://graph.microsoft.com";

/** Answers below the tenant's path only. */
const mounted = (handler) => (request, response) => {
  if (!request.url.startsWith(`${PATH}/`)) return response.writeHead(404).end();
  request.originalUrl = request.url;
  request.url = request.url.slice(PATH.length);
  return handler(request, response);
};

/** oidc-provider, certified by the OpenID Foundation, with its own pages for trying it out. */
function certified(url, redirectUri) {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const provider = new Provider(`${url}${PATH}`, {
    clients: [
      {
        client_id: CLIENT_ID,
        client_secret: CLIENT_SECRET,
        redirect_uris: [redirectUri],
        token_endpoint_auth_method: "client_secret_post",
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256", kid: "one" }] },
    cookies: { keys: ["only for this test"] },
    pkce: { required: () => true },
    findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    features: {
      resourceIndicators: {
        enabled: true,
        defaultResource: () => GRAPH,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({ scope: "User.Read Mail.Send", audience: GRAPH, accessTokenFormat: "jwt" }),
      },
    },
  });
  return provider.callback();
}

/** oauth2-mock-server, which lets everybody in as the same person. */
async function mock(url) {
  const server = new OAuth2Server();
  await server.issuer.keys.generate("RS256");
  server.issuer.url = `${url}${PATH}`;
  server.service.on("beforeTokenSigning", ({ payload }) => {
    payload.sub = WORK;
    if (!payload.aud) Object.assign(payload, { aud: GRAPH, scope: "User.Read Mail.Send" });
  });
  return server.service.requestHandler;
}

for (const [name, make, steps] of [
  ["oidc-provider", certified, [["Sign-in", { login: WORK, password: "any" }], ["Continue"]]],
  ["oauth2-mock-server", mock, []],
]) {
  describe(name, () => {
    const folder = mkdtempSync(join(tmpdir(), "graph-connect-providers-"));
    let provider, sandbox, app;
    before(async () => {
      // Everyone has to know where the others are: the provider begins when the app has its address.
      let handler;
      provider = await listen((request, response) => handler(request, response));
      const config = join(folder, "sandbox.toml");
      const issuer = `[[accepted_issuer]]\nissuer = "${provider.url}${PATH}"\naudience = "${GRAPH}"\n`;
      writeFileSync(config, readFileSync(new URL("sandbox.toml", import.meta.url)) + issuer);
      sandbox = await startSandbox(["--config", config]);
      app = await startApp({ LOGIN_URL: provider.url, GRAPH_URL: sandbox.url, TENANT, CLIENT_ID, CLIENT_SECRET });
      handler = mounted(await make(provider.url, `${app.url}/login/authorized`));
    });
    after(async () => {
      for (const process of [app, sandbox, provider]) await process?.stop();
      rmSync(folder, { recursive: true });
    });

    test("a person connects, sends a mail and disconnects", async () => {
      const person = new Person();
      await person.open(app.url);
      await person.press("Connect to Microsoft Graph");
      for (const step of steps) await person.press(...step);
      assert.match(person.text, /Hi, Wanda Work!/);
      const mail = { to: "friend@example.com", subject: "Hello", message: "From elsewhere" };
      await person.press("Send mail", mail);
      assert.match(person.text, /Successfully sent an email to friend@example\.com!/);
      await person.press("Sign out of Graph Connect");
      assert.match(person.text, /Connect to Microsoft Graph/);
    });
  });
}
