// An identity provider and a Graph of the test's own: it signs in whoever it is told to, and gives
// whatever id_token a test wants to see refused.

import { createHmac, createSign, generateKeyPairSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";

export const CLIENT_ID = "77777777-7777-4777-8777-777777777777";
export const TENANT = "22222222-2222-4222-8222-222222222222";

const keyPair = () => generateKeyPairSync("rsa", { modulusLength: 2048 });
const part = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

export class Provider {
  constructor() {
    this.own = keyPair();
    this.foreign = keyPair();
    /** Signs the browser in, with this name, at the authorization endpoint. */
    this.name = "Vera Victim";
    /** The nonce of each code. */
    this.nonces = new Map();
    /** Whose name each access token stands for. */
    this.people = new Map();
    /** Name and subject of each message that was sent, in order. */
    this.sent = [];
    /** Milliseconds that sending takes. */
    this.delay = 0;
    /** Changes the next id_tokens: `{claims, header, key, text}`. */
    this.change = () => {};
  }

  async start() {
    this.server = createServer((asked, answer) => this.answer(asked, answer)).listen(0, "127.0.0.1");
    await once(this.server, "listening");
    this.url = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }

  stop() {
    this.server.close();
    this.server.closeAllConnections();
  }

  /** What the program needs to use it. */
  get settings() {
    return { CLIENT_ID, CLIENT_SECRET: "s~3cret", LOGIN_URL: this.url, GRAPH_URL: this.url, SENT_ITEMS_URL: this.url };
  }

  /** A code for the request `authorize`, and the URL that leads back with it. */
  code(authorize) {
    const code = randomBytes(16).toString("hex");
    this.nonces.set(code, { nonce: authorize.searchParams.get("nonce"), name: this.name });
    const back = new URL(authorize.searchParams.get("redirect_uri"));
    back.search = new URLSearchParams({ code, state: authorize.searchParams.get("state") });
    return back;
  }

  idToken({ nonce, name }) {
    const now = Math.floor(Date.now() / 1000);
    const token = {
      header: { alg: "RS256", kid: "one", typ: "JWT" },
      claims: {
        aud: CLIENT_ID,
        iss: `${this.url}/${TENANT}/v2.0`,
        iat: now - 300,
        nbf: now - 300,
        exp: now + 3600,
        nonce,
        sub: name,
        tid: TENANT,
        oid: `33333333-3333-4333-8333-${Buffer.from(name.padEnd(6)).toString("hex").slice(0, 12)}`,
      },
      key: this.own.privateKey,
    };
    this.change(token, this);
    if (token.text !== undefined) return token.text;
    const signed = `${part(token.header)}.${part(token.claims)}`;
    const { alg } = token.header;
    const modulus = () => Buffer.from(this.own.publicKey.export({ format: "jwk" }).n, "base64url");
    const pem = () => this.own.publicKey.export({ type: "spki", format: "pem" });
    const signature = {
      RS256: () => createSign("RSA-SHA256").update(signed).sign(token.key).toString("base64url"),
      RS512: () => createSign("RSA-SHA512").update(signed).sign(token.key).toString("base64url"),
      HS256: () => createHmac("sha256", token.secret === "pem" ? pem() : modulus()).update(signed).digest("base64url"),
    };
    return `${signed}.${(signature[token.sign ?? alg] ?? (() => ""))()}`;
  }

  async answer(asked, answer) {
    const { pathname, searchParams } = new URL(asked.url, this.url);
    let body = "";
    for await (const data of asked) body += data;
    const json = (value, status = 200) => {
      answer.writeHead(status, { "content-type": "application/json" });
      answer.end(JSON.stringify(value));
    };
    const name = this.people.get(asked.headers.authorization?.slice(7));
    if (pathname.endsWith("/.well-known/openid-configuration")) {
      return json({
        issuer: `${this.url}/{tenantid}/v2.0`,
        authorization_endpoint: `${this.url}/authorize`,
        token_endpoint: `${this.url}/token`,
        jwks_uri: `${this.url}/keys`,
      });
    }
    if (pathname === "/keys") {
      const { n, e } = this.own.publicKey.export({ format: "jwk" });
      return json({ keys: [{ kty: "RSA", use: "sig", kid: "one", n, e }] });
    }
    if (pathname === "/authorize") {
      answer.writeHead(302, { location: this.code(new URL(asked.url, this.url)).href });
      return answer.end();
    }
    if (pathname === "/token") {
      const known = this.nonces.get(new URLSearchParams(body).get("code"));
      if (!known) return json({ error: "invalid_grant" }, 400);
      const token = randomBytes(16).toString("hex");
      this.people.set(token, known.name);
      const tokens = { access_token: token, refresh_token: token, id_token: this.idToken(known) };
      return json({ token_type: "Bearer", expires_in: 3600, ...tokens });
    }
    if (!name) return json({ error: { code: "InvalidAuthenticationToken", message: "" } }, 401);
    if (pathname === "/v1.0/me") return json({ displayName: name, mail: `${name.split(" ")[0]}@person.example` });
    if (pathname.endsWith("sendMail")) {
      this.sent.push({ name, subject: JSON.parse(body).message.subject });
      await new Promise((later) => setTimeout(later, this.delay));
      answer.writeHead(202);
      return answer.end();
    }
    return json({ error: { code: "NotFound", message: searchParams.toString() } }, 404);
  }
}
