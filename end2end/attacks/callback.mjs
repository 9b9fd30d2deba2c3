// Answers at the redirect URI: replayed, in another browser, altered, twice, at once, after the program
// was killed, with text that is to do something else. None makes a session, or tells the code on.

import { Browser } from "./client.mjs";
import { withProgram } from "./program.mjs";

const ACCOUNT = "work@sandbox.example";

export async function callback({ whole, attempt }) {
  await withProgram({}, async (program) => {
    const isConnected = async (browser) => Boolean(await browser.copy().greeted());
    const begun = async () => {
      const browser = new Browser(program);
      return { browser, back: await browser.atSandbox(await browser.pressConnect(), ACCOUNT) };
    };
    const exchanges = async () => {
      const requests = await (await fetch(`${program.sandbox}/sandbox/requests`)).json();
      return requests.filter((it) => it.form?.grant_type === "authorization_code").length;
    };
    const state = (back) => new URLSearchParams(back.split("?")[1]).get("state");
    const code = (back) => new URLSearchParams(back.split("?")[1]).get("code");
    /** No session, no 5xx, and nothing by which the code could leave. */
    const refused = async (browser, target, method = "GET", headers = {}, body = "") => {
      const answer = await browser.request(method, target, headers, body);
      if (answer.status >= 500 || !answer.status) return `status ${answer.status}`;
      if (await isConnected(browser)) return "a session began";
      if (method === "GET" && target.includes("code=") && answer.status !== 404) {
        if (answer.headers["referrer-policy"]?.[0] !== "no-referrer") return `referrer policy on ${answer.status}`;
        const secret = code(target) ?? "nothing";
        if (secret.length > 8 && answer.body.includes(secret)) return "the code is in the page";
      }
    };

    await attempt("in another browser", async () => refused(new Browser(program), (await begun()).back));
    await attempt("with the other's cookie name guessed", async () => {
      const { back } = await begun();
      const id = state(back).split(".")[0];
      return refused(new Browser(program, [[`graph-connect-login-${id}`, "A".repeat(300)]]), back);
    });
    await attempt("a second time", async () => {
      const { browser, back } = await begun();
      const kept = browser.copy();
      await browser.get(back);
      const before = await exchanges();
      return (await refused(kept, back)) ?? ((await exchanges()) !== before ? "the code was sent again" : undefined);
    });
    await attempt("a second time, after the program was killed", async () => {
      const { browser, back } = await begun();
      const kept = browser.copy();
      await browser.get(back);
      await program.kill();
      await program.start();
      return refused(kept, back);
    });
    for (let round = 0; round < (whole ? 10 : 2); round += 1) {
      await attempt("twenty times at once", async () => {
        const { browser, back } = await begun();
        const before = await exchanges();
        const answers = await Promise.all(Array.from({ length: 20 }, () => browser.copy().get(back)));
        const sessions = answers.filter((it) => it.status === 200).length;
        const sent = (await exchanges()) - before;
        if (sessions !== 1 || sent !== 1) return `${sessions} sessions, ${sent} exchanges`;
      });
    }
    const swapped = async (change) => {
      const [{ browser, back }, other] = [await begun(), await begun()];
      return refused(browser, change(back, other.back));
    };
    const withState = (back, text) => back.replace(/state=[^&]*/, `state=${text}`);
    const withCode = (back, text) => back.replace(/code=[^&]*/, `code=${text}`);
    const rows = {
      "another attempt's state": (back, other) => withState(back, state(other)),
      "this id, another secret": (back, other) => withState(back, `${state(back).split(".")[0]}.${state(other).split(".")[1]}`),
      "another id, this secret": (back, other) => withState(back, `${state(other).split(".")[0]}.${state(back).split(".")[1]}`),
      "no state": (back) => back.replace(/&?state=[^&]*/, ""),
      "an empty state": (back) => withState(back, ""),
      "the state in upper case": (back) => withState(back, state(back).toUpperCase()),
      "the state cut": (back) => withState(back, state(back).slice(0, -1)),
      "the state longer": (back) => withState(back, `${state(back)}A`),
      "a state of a dot": (back) => withState(back, "."),
      "a state with a path": (back) => withState(back, "..%2F..%2F.a"),
      "a state with a line end": (back) => withState(back, "a%0d%0aSet-Cookie:%20a=b.c"),
      "two states": (back, other) => `${back}&state=${state(other)}`,
      "two codes": (back, other) => `${back}&code=${code(other)}`,
      "a code that is no code": (back) => withCode(back, "AAAA"),
      "no code": (back) => back.replace(/code=[^&]*&?/, ""),
      "code and error": (back) => `${back}&error=access_denied`,
      "an error of nobody's": () => "/login/authorized?error=access_denied&state=a.b",
      "an administrator's return with a code": (back) => `${back}&admin_consent=True`,
      "the code of another attempt": (back, other) => withCode(back, code(other)),
      "a code of 12 kB": (back) => withCode(back, "A".repeat(12_000)),
      "a description with markup": (back) =>
        `/login/authorized?error=access_denied&error_description=${encodeURIComponent("<script>1</script>")}&state=${state(back)}`,
      "behind a slash": (back) => back.replace("?", "/?"),
      "behind two slashes": (back) => `/${back}`,
      "with a letter encoded": (back) => back.replace("authorized", "%61uthorized") + "&code=AAAA",
      "in upper case": (back) => back.replace("authorized", "AUTHORIZED"),
      "with a dot in the path": (back) => back.replace("/login/", "/./login/./") + "&code=AAAA",
      "with parameters of a path": (back) => back.replace("?", ";a=b?"),
    };
    for (const [what, change] of Object.entries(rows)) {
      const decoy = /two slashes/.test(what);
      if (!decoy || whole) await attempt(what, () => swapped(change));
    }
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "FOO"]) {
      await attempt(`with ${method}`, async () => {
        const { browser, back } = await begun();
        return refused(browser, back, method);
      });
    }
    await attempt("posted as a form (response_mode=form_post)", async () => {
      const { browser, back } = await begun();
      const type = { "Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "cross-site" };
      return refused(browser, "/login/authorized", "POST", type, back.split("?")[1]);
    });
    for (const to of ["https://evil.example", "//evil.example", "/\\evil.example", "/login?prompt=select_account", "/%2flogin"]) {
      await attempt(`a return path of ${to}`, async () => {
        const browser = new Browser(program);
        const login = await browser.get(`/login?return_to=${encodeURIComponent(to)}`);
        const page = await browser.get(await browser.atSandbox(new URL(login.headers.location[0]), ACCOUNT));
        const led = page.body.match(/url=([^"]*)"/)?.[1];
        if (page.status !== 200 || !["/", "/send"].includes(led)) return `leads to ${led} (${page.status})`;
      });
    }
  });
}
