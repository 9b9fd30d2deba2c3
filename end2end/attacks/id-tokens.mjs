// id_tokens that prove nothing, from a provider of the test's own. None signs anybody in.

import { Browser } from "./client.mjs";
import { withProgram } from "./program.mjs";
import { Provider, TENANT } from "./provider.mjs";

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const claims = (change) => (token, provider) => void change(token.claims, provider);
const header = (value) => (token) => void Object.assign(token.header, value);
const tid = (text) => claims((it) => ((it.iss = it.iss.replace(TENANT, text)), (it.tid = text)));
const without = (name) => claims((it) => delete it[name]);

const FLAWS = {
  "another audience": claims((it) => (it.aud = "other")),
  "several audiences without ours": claims((it) => (it.aud = ["other", "another"])),
  "no audience at all": without("aud"),
  "an audience of a number": claims((it) => (it.aud = 7)),
  "an audience that begins as ours": claims((it) => (it.aud += "0")),
  "an audience in upper case with braces": claims((it) => (it.aud = `{${it.aud}}`)),
  "another issuer": claims((it) => (it.iss = "https://evil.example/v2.0")),
  "an issuer that begins as ours": claims((it) => (it.iss += "/")),
  "an issuer of another tenant": claims((it) => (it.iss = it.iss.replace(TENANT, "99999999-9999-4999-8999-999999999999"))),
  "no issuer": without("iss"),
  "a tenant that is no GUID": tid("evil"),
  "a tenant with a path": tid(`${TENANT}/../${TENANT}`),
  "a tenant in braces": tid(`{${TENANT}}`),
  "a tenant as a URN": tid(`urn:uuid:${TENANT}`),
  "a tenant without hyphens": tid(TENANT.replaceAll("-", "")),
  "the template as tenant": tid("{tenantid}"),
  "the template as issuer, no tenant": (token) => (tid("{tenantid}")(token), delete token.claims.tid),
  "a tenant with white space": tid(` ${TENANT}`),
  "a tenant of a list": claims((it) => (it.tid = [TENANT])),
  "no tenant": without("tid"),
  expired: claims((it) => (it.exp = it.iat - 1)),
  "expired by more than the skew": claims((it) => (it.exp = Math.floor(Date.now() / 1000) - 301)),
  "an end that is a text": claims((it) => (it.exp = String(it.exp))),
  "an end that is negative": claims((it) => (it.exp = -1)),
  "no end": without("exp"),
  "not valid yet": claims((it) => (it.nbf = it.exp)),
  "another nonce": claims((it) => (it.nonce = "other")),
  "an empty nonce": claims((it) => (it.nonce = "")),
  "a nonce in upper case": claims((it) => (it.nonce = it.nonce.toUpperCase())),
  "no nonce": without("nonce"),
  "no subject": without("sub"),
  "a key that is not published": (token, provider) => void (token.key = provider.foreign.privateKey),
  "an unknown key id": header({ kid: "two" }),
  "a key id with a path": header({ kid: "../../dev/null" }),
  "no key id": (token) => void delete token.header.kid,
  "a key in the header (jwk)": (token, provider) => {
    token.key = provider.foreign.privateKey;
    token.header.jwk = provider.foreign.publicKey.export({ format: "jwk" });
  },
  "a key by URL (jku)": (token, provider) => {
    token.key = provider.foreign.privateKey;
    token.header.jku = "https://evil.example/keys";
  },
  "no signature (none)": header({ alg: "none" }),
  "no signature (None)": header({ alg: "None" }),
  "no signature (empty)": header({ alg: "" }),
  "HS256 with the modulus": header({ alg: "HS256" }),
  "HS256 with the published PEM": (token) => (header({ alg: "HS256" })(token), void (token.secret = "pem")),
  "RS512": header({ alg: "RS512" }),
  "RS256 said, HS256 made": (token) => void (token.sign = "HS256"),
  "a critical extension": header({ crit: ["b64"], b64: true }),
  "an unknown critical extension": header({ crit: ["exp"], exp: 1 }),
  "an empty list of critical extensions": header({ crit: [] }),
  "a signature of another token": (token, provider) => {
    const change = provider.change;
    provider.change = () => {};
    const good = provider.idToken({ nonce: token.claims.nonce, name: provider.name }).split(".");
    provider.change = change;
    token.text = [good[0], part({ ...token.claims, oid: "admin" }), good[2]].join(".");
  },
  "five parts": (token) => void (token.text = "a.b.c.d.e"),
  "two parts": (token) => void (token.text = `${part(token.header)}.${part(token.claims)}`),
  "an empty text": (token) => void (token.text = ""),
  "no text": (token) => void (token.text = null),
  "a megabyte of text": (token) => void (token.text = "A".repeat(900_000)),
};

export async function idTokens({ attempt }) {
  const provider = await new Provider().start();
  try {
    await withProgram(provider.settings, async (program) => {
      const signIn = async () => {
        const browser = new Browser(program);
        const back = provider.code(await browser.pressConnect());
        const page = await browser.get(back.pathname + back.search);
        return { page, connected: Boolean(await browser.greeted()) };
      };
      // What must be refused shows nothing where everything is.
      const proof = await signIn();
      if (!proof.connected) throw new Error(`an id_token without a flaw signs nobody in: ${proof.page.status}`);
      for (const [flaw, change] of Object.entries(FLAWS)) {
        await attempt(flaw, async () => {
          provider.change = change;
          const { page, connected } = await signIn();
          if (connected || ![502, 503].includes(page.status)) return `${connected ? "signed in" : ""} ${page.status}`;
        });
      }
      provider.change = () => {};
      if (!(await signIn()).connected) throw new Error("afterwards nobody can sign in");
      const leaked = program.log.find((line) => JSON.stringify(line).includes("eyJ"));
      await attempt("one of them in the log", () => leaked && JSON.stringify(leaked));
    });
  } finally {
    provider.stop();
  }
}
