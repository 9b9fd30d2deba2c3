// Requests that one reader takes for one and another for two, sent to the program itself and to a real
// nginx in front of it: the program never answers a request that its front has not seen.

import { Browser, exchange } from "./client.mjs";
import { hasNginx, startNginx } from "./nginx.mjs";
import { withProgram } from "./program.mjs";

/** What is hidden, and a request's first lines; `lines` are its other headers, `body` what follows. */
const request = (lines, body, first = "POST /send HTTP/1.1") =>
  `${first}\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\n${lines}\r\n\r\n${body}`;

const chunked = (hidden) => `0\r\n\r\n${hidden}`;

/** Ways to hide a request, by what is odd about them. */
const WAYS = {
  "length and chunks": (it) => request(`Content-Length: ${chunked(it).length}\r\nTransfer-Encoding: chunked`, chunked(it)),
  "chunks and length": (it) => request(`Transfer-Encoding: chunked\r\nContent-Length: 4`, `${it.length.toString(16)}\r\n${it}\r\n0\r\n\r\n`),
  ...Object.fromEntries(
    [
      "Transfer-Encoding: xchunked",
      "Transfer-Encoding: chunked, identity",
      "Transfer-Encoding: identity, chunked",
      "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
      "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
      'Transfer-Encoding: "chunked"',
      "Transfer-Encoding: chunked;q=0",
      "Transfer-Encoding : chunked",
      "Transfer-Encoding:\x0bchunked",
      "Transfer-Encoding:\tchunked\x0c",
      "Transfer-Encoding:\r\n chunked",
      " Transfer-Encoding: chunked",
      "X: a\nTransfer-Encoding: chunked",
      "X: a\rTransfer-Encoding: chunked",
      "Transfer_Encoding: chunked",
      "Transfer-Encoding\0: chunked",
      "Transfer-Encoding: chunked\0",
      "Transfer-Encoding: \xa0chunked",
      "Transfer-Encoding: chunked chunked",
      "Transfer-Encoding: chunked,",
    ].map((line) => [JSON.stringify(line), (it) => request(`Content-Length: ${chunked(it).length}\r\n${line}`, chunked(it))]),
  ),
  ...Object.fromEntries(
    ["0\r\nContent-Length: N", "N\r\nContent-Length: 0", "0, N", "N, 0", "+0", "-0", "0x0", "00", "0 0", "0\x0b", "0\0", "", " ", "1e0", "N\n", "\r\n 0", "18446744073709551616"].map(
      (text) => [`length ${JSON.stringify(text)}`, (it) => request(`Content-Length: ${text.replace("N", it.length)}`, it)],
    ),
  ),
  ...Object.fromEntries(
    ["0\n\n", "0;\n\r\n\r\n", "00000000000000000\r\n\r\n", "0x0\r\n\r\n", "-0\r\n\r\n", "+0\r\n\r\n", " 0\r\n\r\n", "0 \r\n\r\n", "0;a\nb\r\n\r\n", "10000000000000000\r\n\r\n", "\r\n0\r\n\r\n", "0\r\nX: a\n\r\n", "0\r\r\n\r\n", "g\r\n\r\n"].map(
      (end) => [`last chunk ${JSON.stringify(end)}`, (it) => request("Transfer-Encoding: chunked", end + it)],
    ),
  ),
  "chunks in HTTP/1.0": (it) => request("Transfer-Encoding: chunked\r\nConnection: keep-alive", chunked(it), "POST /send HTTP/1.0"),
  "a body of GET": (it) => request(`Content-Length: ${it.length}`, it, "GET / HTTP/1.1"),
  "a body of HEAD": (it) => request(`Content-Length: ${it.length}`, it, "HEAD / HTTP/1.1"),
  "a body of OPTIONS": (it) => request(`Content-Length: ${it.length}`, it, "OPTIONS /send HTTP/1.1"),
  "a body after an early refusal": (it) => request(`Content-Length: ${it.length}`, it).replace("same-origin", "cross-site"),
  "a body after a refused header": (it) => request(`X: ${"a".repeat(20_000)}\r\nContent-Length: ${it.length}`, it),
  "a body that is waited for": (it) => request(`Expect: 100-continue\r\nContent-Length: ${it.length}`, it),
  "another expectation": (it) => request(`Expect: 200-ok\r\nContent-Length: ${it.length}`, it),
  "an upgrade to HTTP/2": (it) => request(`Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\nContent-Length: ${it.length}`, it),
  "a websocket": (it) => request(`Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nContent-Length: ${it.length}`, it, "GET / HTTP/1.1"),
  "a length that is said to end at the proxy": (it) => request(`Connection: keep-alive, Content-Length\r\nContent-Length: ${it.length}`, it),
  "a line end in the target": (it) => request(`Content-Length: ${it.length}`, it, "POST /send\n HTTP/1.1"),
  "a space in the target": (it) => request(`Content-Length: ${it.length}`, it, "POST /send HTTP/1.1 HTTP/1.1"),
  "an absolute target": (it) => request(`Content-Length: ${it.length}`, it, "POST http://evil.example/send HTTP/1.1"),
  "two hosts": (it) => request(`Host: evil.example\r\nContent-Length: ${it.length}`, it),
  "an encoded line end": (it) => request(`Content-Length: ${it.length}`, it, "POST /%0d%0a%0d%0a HTTP/1.1"),
};

/** Zero, written otherwise: whoever takes it for a number takes it for the same one. */
const ZERO = ['length "00"', 'last chunk "00000000000000000\\r\\n\\r\\n"', 'last chunk "0 \\r\\n\\r\\n"'];

export async function smuggling({ attempt, skip }) {
  await withProgram({ CLIENT_TIMEOUT: "2", TRUSTED_PROXIES: "127.0.0.1" }, async (program) => {
    const browser = await new Browser(program).signIn("work@sandbox.example");
    const hidden = (path) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;
    const answered = (path) => program.log.filter((it) => it.event === "answered" && (it.span?.path ?? "").includes(path)).length;
    /** Has the program answer one request more, after which its log has all lines before it. */
    const settled = async (mark) => {
      await exchange(program.port, hidden(mark));
      while (!answered(mark)) await new Promise((later) => setTimeout(later, 5));
    };
    const table = async (where, port, seen) => {
      // Without a front, a zero ends the request for everybody.
      const ways = Object.entries(WAYS).filter(([way]) => where !== "itself" || !ZERO.includes(way));
      const one = async ([way, make], index) => {
        const path = `/hidden-${where}-${index}-`;
        await attempt(`${where}: ${way}`, async () => {
          const bytes = Buffer.from(make(hidden(path)), "latin1");
          await exchange(port, bytes, 3_000);
          await settled(`/mark-${where}-${index}-`);
          // In front of the program, what it has answered is what its front has seen.
          if (answered(path) > seen(path)) return "the hidden request was answered";
        });
      };
      // Most of them wait for what does not come, so some at a time.
      for (let at = 0; at < ways.length; at += 12) {
        await Promise.all(ways.slice(at, at + 12).map((way, index) => one(way, at + index)));
      }
      await attempt(`${where}: it goes on`, async () => {
        if (!program.lives || !(await browser.greeted())) return "it does not";
      });
    };
    await table("itself", program.port, () => 0);
    if (!hasNginx()) return skip("nginx is not installed, so only the program itself was attacked");
    const nginx = await startNginx(program);
    try {
      const through = new Browser(Object.assign(Object.create(program), { port: nginx.port }), browser.cookies);
      await attempt("nginx: an ordinary request gets through", async () => {
        if (!(await through.greeted())) return "it does not";
      });
      await table("nginx", nginx.port, (path) => nginx.log().split(path).length - 1);
      await attempt("nginx: a large form gets through, and is told what is too large", async () => {
        const form = { ...(await through.form("s")), message: "m".repeat(2_300_000) };
        const { status, body } = await through.post("/send", form);
        if (status !== 413 || !body.includes("nothing was sent")) return `status ${status}`;
      });
      await attempt("nginx: a session of several cookies and 170 tossed ones get through", async () => {
        const tossed = Array.from({ length: 170 }, (_, at) => [`graph-connect-login-t${at}`, "tossed"]);
        const crowded = new Browser(through.program, [...browser.cookies, ...tossed]);
        const { status } = await crowded.get("/login?prompt=select_account");
        if (status !== 303) return `status ${status}`;
      });
    } finally {
      await nginx.stop();
    }
  });
}
