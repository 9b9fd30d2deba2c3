// What is too large, too slow, too often or too much at once: refused in time, without a session, in
// bounded memory, and the program goes on.

import { once } from "node:events";
import { connect } from "node:net";
import { Browser, exchange, head, parse } from "./client.mjs";
import { withProgram } from "./program.mjs";

const MB = 1 << 20;
const form = "application/x-www-form-urlencoded";

export async function limits({ whole, attempt }) {
  const settings = { CLIENT_TIMEOUT: "2", MAX_CONNECTIONS: "200" };
  await withProgram(settings, async (program) => {
    const status = async (bytes, patience) => parse(await exchange(program.port, bytes, patience)).status;
    const is = async (expected, bytes) => {
      const found = await status(bytes);
      if (![expected].flat().includes(found)) return `status ${found}`;
    };
    const request = (method, target, headers) => head(program, method, target, headers);
    const post = (length, body, headers) =>
      Buffer.concat([Buffer.from(request("POST", "/send", { "Content-Type": form, "Content-Length": length, ...headers })), Buffer.from(body)]);

    for (const size of [15_900, 16_384, 20_000, 60_000, 1_000_000]) {
      const expected = size < 16_000 ? [200, 404, 405] : [431, 414, 0];
      await attempt(`a target of ${size} bytes`, () => is(expected, request("GET", `/${"a".repeat(size)}`)));
      await attempt(`a query of ${size} bytes`, () => is(expected, request("GET", `/?${"a".repeat(size)}`)));
      await attempt(`a method of ${size} bytes`, () => is(size < 16_000 ? [404, 405] : [431, 400, 0], request("A".repeat(size), "/send")));
      await attempt(`a header of ${size} bytes`, () => is(expected, request("GET", "/", { "X-Long": "a".repeat(size) })));
      await attempt(`cookies of ${size} bytes`, () => is(expected, request("GET", "/", { Cookie: `a=${"b".repeat(size)}` })));
      await attempt(`a header's name of ${size} bytes`, () => is([...expected, 400], request("GET", "/", { ["x".repeat(size)]: "a" })));
    }
    await attempt("a thousand headers", () => is([431, 400], request("GET", "/", { X: Array(1000).fill("a") })));
    await attempt("two hosts", () => is(400, request("GET", "/", { Host: ["localhost", "evil.example"] })));
    await attempt("no host", () => is(400, "GET / HTTP/1.1\r\nConnection: close\r\n\r\n"));
    for (const size of [MB, 3 * MB, 15 * MB]) {
      await attempt(`a body of ${size / MB} MB without a session`, async () => {
        const answer = parse(await exchange(program.port, post(size, "a".repeat(size))));
        if (![400, 413].includes(answer.status) || answer.body.length > 100_000) return `${answer.status}, ${answer.body.length} bytes`;
      });
    }
    await attempt("a body said to have 2^63 bytes", () => is([413, 400], post("9223372036854775807", "a")));
    await attempt("a length that is none", () => is(400, post("-1", "a")));
    await attempt("two lengths", () => is(400, post([1, 2], "a")));
    await attempt("a body that stays away", () => is([408, 0], post(100, "to=a")));
    await attempt("a header that stays away", () => is([408, 0], "GET / HTTP/1.1\r\nHost: a\r\nX: "));
    for (const path of ["/%00", "/a%00b", `/${"a/".repeat(3000)}`, "/pkg/%00", "/pkg/../../etc/passwd", "/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd"]) {
      for (const method of ["GET", "HEAD"]) {
        await attempt(`${method} ${path.slice(0, 40)}`, () => is([404, 400], request(method, path)));
      }
    }

    // Wrong fields that an answer could repeat again and again.
    const browser = await new Browser(program).signIn("work@sandbox.example");
    const fields = await browser.form("s");
    for (const [what, letters] of [["<", "<".repeat(200_000)], ['"', '"'.repeat(200_000)], ["漢", "漢".repeat(60_000)]]) {
      for (const who of [browser, new Browser(program)]) {
        await attempt(`a wrong address of many ${what} ${who === browser ? "with" : "without"} a session`, async () => {
          const answer = await who.copy().post("/send", { ...fields, to: letters });
          const most = 6 * letters.length + 100_000;
          if (answer.status >= 500 || answer.body.length > most) return `${answer.status}, ${answer.body.length} bytes`;
        });
      }
    }

    // Large answers that nobody reads.
    const rounds = whole ? 100 : 50;
    await attempt(`${rounds} large answers that nobody reads`, async () => {
      const before = program.memory;
      // A quotation mark is three bytes in a form, and six in a page.
      const body = new URLSearchParams({ ...fields, to: '"'.repeat(680_000) }).toString();
      const sockets = Array.from({ length: rounds }, () => {
        const socket = connect(program.port, "127.0.0.1").on("error", () => {});
        socket.pause();
        socket.write(post(body.length, body, { Cookie: browser.cookieHeader }));
        return socket;
      });
      let most = 0;
      for (const until = Date.now() + 4000; Date.now() < until; ) {
        most = Math.max(most, program.memory);
        await new Promise((later) => setTimeout(later, 50));
      }
      for (const socket of sockets) socket.destroy();
      if (most - before > 120) return `${Math.round(most - before)} MB more`;
    });
    await attempt("a small request meanwhile and after", () => is(200, request("GET", "/livez")));

    await attempt("more connections than are served", async () => {
      const sockets = Array.from({ length: 400 }, () => connect(program.port, "127.0.0.1").on("error", () => {}));
      const connected = (socket) => once(socket, "connect", { signal: AbortSignal.timeout(5000) }).catch(() => {});
      await Promise.all(sockets.map(connected));
      const found = await status(request("GET", "/livez"), 15_000);
      for (const socket of sockets) socket.destroy();
      if (found !== 200) return `status ${found}`;
    });

    const flood = whole ? 2000 : 200;
    await attempt(`${flood} made-up answers and sign-outs, and a session lives on`, async () => {
      const kept = browser.copy();
      for (let at = 0; at < flood; at += 20) {
        await Promise.all(
          Array.from({ length: 20 }, async (_, index) => {
            const stranger = new Browser(program, [[`graph-connect-login-${at + index}`, "tossed"]]);
            await stranger.get(`/login/authorized?code=a&state=${at + index}.b`);
            await stranger.post("/logout", {});
          }),
        );
      }
      if (!(await kept.greeted())) return "the session is gone";
    });
    await attempt("what waits is not kept", async () => {
      if (!program.lives) return "the program has ended";
      const found = await status(request("GET", "/readyz"));
      if (found !== 200) return `status ${found}`;
    });
  });

  await withProgram({ SENDS_PER_MINUTE: "5", SIGN_INS_PER_MINUTE: "5" }, async (program) => {
    const browser = await new Browser(program).signIn("work@sandbox.example");
    await attempt("fifty messages in a minute", async () => {
      const forms = await Promise.all(Array.from({ length: 50 }, () => browser.copy().form("s")));
      await Promise.all(forms.map((form) => browser.copy().post("/send", form)));
      const sent = (await program.outbox()).length;
      if (sent > 7) return `${sent} were sent`;
    });
    await attempt("a hundred sign-ins in a minute from one address", async () => {
      const answers = await Promise.all(Array.from({ length: 100 }, () => new Browser(program).get("/login")));
      const begun = answers.filter((it) => it.status === 303).length;
      if (begun > 60) return `${begun} were begun`;
    });
  });
}
