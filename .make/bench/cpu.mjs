// What a page and a send cost the server, beside a bare axum server that answers with the same bytes
// and makes the same call of Graph: CPU per request, in turns within one run, medians.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import { cpu, freePort, launch, median, memory, printed, ratio, ready, row, sandboxUrl } from "./shared.mjs";
import { field, OWN, signIn } from "./sign-in.mjs";

const ROUNDS = 5;
const PAGES = 10_000; // in a round
const SENDS = 3_000;
const CONNECTIONS = 16;
/** Each has a session; a mailbox takes four messages at a time. */
const ACCOUNTS = ["work", "personal", "markup", "admin"].map((name) => `${name}@sandbox.example`);
/** Asks a server so often; CPU of each request, in microseconds. */
async function load(server, what) {
  const before = cpu(server);
  const tool = launch(process.env.BENCH_BIN, ["load"]);
  tool.stdin.end(JSON.stringify(what));
  const times = JSON.parse(await printed(tool, /^(.*)\n/));
  return { cpu: (cpu(server) - before) / what.requests, ...times };
}

export async function requests() {
  const folder = mkdtempSync(`${tmpdir()}/graph-connect-bench-`);
  const sandbox = launch(process.env.SANDBOX_BIN, [], { SANDBOX_ADDR: "127.0.0.1:0", RUST_LOG: "warn" });
  const login = await sandboxUrl(sandbox);
  const graph = launch(process.env.BENCH_BIN, ["graph"]);
  const graphUrl = `http://127.0.0.1:${await printed(graph, /^(\d+)\n/)}`;
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const direct = `http://127.0.0.1:${port}`;
  const server = launch(process.env.SERVER_BIN, [], {
    CLIENT_ID: "11111111-1111-4111-8111-111111111111",
    CLIENT_SECRET: "sandbox-secret",
    SESSION_KEYS: randomBytes(64).toString("base64"),
    LOGIN_URL: login,
    GRAPH_URL: graphUrl,
    PUBLIC_URL: origin,
    LEPTOS_SITE_ADDR: `127.0.0.1:${port}`,
    STATE_DIR: join(folder, "state"),
    SENDS_PER_MINUTE: "100000000",
  });
  row("Start, until it answers", await ready(`${direct}/livez`), "ms", 20);
  row("Memory, idle", memory(server), "MB", 10);

  const people = [];
  for (const account of ACCOUNTS) people.push(await signIn(origin, account));
  const files = { connect: join(folder, "connect.html"), send: join(folder, "send.html") };
  writeFileSync(files.connect, await (await fetch(origin)).text());
  writeFileSync(files.send, people[0].page);
  const bare = launch(process.env.BENCH_BIN, ["bare", files.connect, files.send, graphUrl, "t".repeat(1500)]);
  const floor = `http://127.0.0.1:${await printed(bare, /^(\d+)\n/)}`;

  const host = ["host", `localhost:${port}`];
  const nobody = [{ headers: [host] }];
  const connected = people.map(({ cookie }) => ({ headers: [host, ["cookie", cookie]] }));
  const writing = (round) =>
    people.map(({ cookie, account }) => ({
      headers: [host, ["cookie", cookie], OWN, ["content-type", "application/x-www-form-urlencoded"]],
      body: `key=${round}-{n}&account=${account}&to=somebody%40sandbox.example&subject=Hello&message=${"A+line+of+text.%0D%0A".repeat(20)}`,
    }));
  const page = (path, people) => () => ({ url: path, method: "GET", status: 200, requests: PAGES, people });
  const kinds = [
    ["GET /, nobody connected", page("/", nobody), 5],
    ["GET /send, connected", page("/send", connected), 5],
    [
      "POST /send, one message",
      (round) => ({ url: "/send", method: "POST", status: 303, requests: SENDS, people: writing(round) }),
      2,
    ],
  ];
  for (const [name, what, limit] of kinds) {
    const results = { ours: [], floor: [] };
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [whose, process, base] of [["ours", server, direct], ["floor", bare, floor]]) {
        const asked = what(round);
        const result = await load(process, { ...asked, url: base + asked.url, connections: CONNECTIONS });
        if (round > 0) results[whose].push(result); // the first one warms up
      }
    }
    const of = (whose, key) => median(results[whose].map((it) => it[key]));
    ratio(`${name}: CPU`, of("ours", "cpu"), of("floor", "cpu"), "us", limit);
    row(`${name}: median time of ${CONNECTIONS} at once`, of("ours", "median"), "ms");
  }
  await load(server, { ...page(`${direct}/send`, connected)(), requests: 100_000, connections: CONNECTIONS });
  row("Memory, after 100,000 pages and the sends", memory(server), "MB", 16);
  for (const process of [server, bare, graph, sandbox]) process.kill();
  rmSync(folder, { recursive: true, force: true });
}
