// Requests past the parser, made at random: no 5xx, no end of the program, memory flat.

import { Browser, exchange, parse } from "./client.mjs";
import { withProgram } from "./program.mjs";

/** Numbers that are the same in each run (mulberry32). */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let it = Math.imul(state ^ (state >>> 15), 1 | state);
    it = (it + Math.imul(it ^ (it >>> 7), 61 | it)) ^ it;
    return ((it ^ (it >>> 14)) >>> 0) / 2 ** 32;
  };
}

const METHODS = ["GET", "GET", "GET", "POST", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "FOO"];
const PATHS = ["/", "/send", "/login", "/login/authorized", "/logout", "/disconnect", "/api/session", "/api/send_mail", "/api/x", "/pkg/x", "/livez", "/readyz", "/none", "*"];
const NAMES = ["accept", "accept-encoding", "accept-language", "cookie", "origin", "referer", "x-forwarded-for", "forwarded", "range", "if-modified-since", "if-none-match", "content-type", "expect", "te", "upgrade", "x-http-method-override", "sec-fetch-mode", "authorization", "x-a"];
const WORDS = ["", "a", "text/html", "*/*", "gzip, br;q=0", "null", "http://localhost", "127.0.0.1", "::1, unknown", "bytes=0-", "bytes=-1", "bytes=9-1", "100-continue", "multipart/form-data; boundary=edge", "application/x-www-form-urlencoded", "application/json", "application/x-postcard", "graph-connect-session-0=1.AAAA", "graph-connect-session-0=2.AAAA; graph-connect-session-1=A", "graph-connect-flash=AAAA; graph-connect-seen=", "a=b; a=c; =; ;", "\xff\xfe", "W/\"a\"", "Mon, 99 Foo 2026"];
const FIELDS = ["key", "account", "confirmed", "to", "subject", "message", "where", "code", "state", "error", "return_to", "prompt", "admin_consent"];

export async function random({ whole, attempt }) {
  const total = whole ? 10_000 : 1_500;
  await withProgram({}, async (program) => {
    const next = numbers(20_261_130);
    const pick = (list) => list[Math.floor(next() * list.length)];
    const browser = await new Browser(program).signIn("work@sandbox.example");
    const noise = (most, from = 0x20, to = 0xff) =>
      Array.from({ length: Math.floor(next() * most) }, () => String.fromCharCode(from + Math.floor(next() * (to - from)))).join("").replace(/\x7f/g, "");
    const encoded = (most) => encodeURIComponent(noise(most));
    const query = () => Array.from({ length: Math.floor(next() * 4) }, () => `${pick(FIELDS)}=${next() < 0.5 ? pick(FIELDS) : encoded(30)}`).join("&");
    const bodies = [
      () => "",
      query,
      () => noise(300, 0, 0x100),
      () => `--edge\r\ncontent-disposition: form-data; name="${pick(FIELDS)}"\r\n\r\n${noise(50)}\r\n--edge--\r\n`,
      () => JSON.stringify({ form: { to: noise(20) } }),
    ];
    const request = () => {
      let path = pick(PATHS);
      const method = path === "*" ? "OPTIONS" : pick(METHODS);
      if (path !== "*") {
        if (next() < 0.3) path += noise(20, 0x21, 0x7f).replace(/[ #?"<>^`{|}]/g, "");
        if (next() < 0.2) path += `/%${pick(["00", "0a", "2f", "ff", "5c", "zz"])}`;
        if (next() < 0.6) path += `?${query()}`;
      }
      const body = pick(bodies)();
      const lines = [`${method} ${path} HTTP/1.1`, "Host: localhost", "Connection: close"];
      if (next() < 0.8) lines.push(`Sec-Fetch-Site: ${pick(["same-origin", "same-origin", "none", "cross-site", "same-site", noise(9, 0x21, 0x7f)])}`);
      for (let at = Math.floor(next() * 5); at > 0; at -= 1) {
        const value = next() < 0.7 ? pick(WORDS) : noise(60).replace(/[\x80-\x9f]/g, "");
        lines.push(`${pick(NAMES)}: ${value}`);
      }
      if (next() < 0.3) lines.push(`Cookie: ${browser.cookieHeader}`);
      if (body || method === "POST") lines.push(`Content-Length: ${Buffer.byteLength(body, "latin1")}`);
      return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${body}`, "latin1");
    };

    let [past, memory] = [0, 0];
    for (let done = 0; done < total; ) {
      const batch = Array.from({ length: 50 }, request);
      const answers = await Promise.all(batch.map((bytes) => exchange(program.port, bytes)));
      for (const [index, text] of answers.entries()) {
        const { status, headers } = parse(text);
        // A request that the HTTP library itself refuses has no name.
        if (!headers["x-request-id"] && status === 400) continue;
        past += 1;
        done += 1;
        await attempt(`request ${past}`, () => {
          if (!status || status >= 500) return `${status}: ${JSON.stringify(batch[index].toString("latin1"))}`;
        });
      }
      if (!program.lives) throw new Error("the program has ended");
      // What is made at the first requests of each kind is there to stay.
      if (!memory && past >= total / 5) memory = program.memory;
    }
    await attempt("memory", () => {
      const more = program.memory - memory;
      if (more > 20) return `${more.toFixed(1)} MB more than after a fifth of them`;
    });
    await attempt("a defect that was logged", () => {
      const line = program.log.find((it) => it.event === "panic" || it.level === "ERROR");
      return line && JSON.stringify(line);
    });
  });
}
