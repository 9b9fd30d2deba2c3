// What a visitor downloads: everything that `/` and `/send` load, in a real browser, with the server
// in sandbox mode. Fails above the limits. Started by `make size` and `make test`.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { mkdtempSync, rmSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const require = createRequire(new URL("../end2end/package.json", import.meta.url));
const { chromium } = require("@playwright/test");

/** All that a page loads, in bytes of brotli. */
const MOST = 50_000;
/** The page itself and its stylesheet as they are sent, headers included: ten packets of TCP, which
 * a server may send before the first is acknowledged. */
const MOST_FIRST = 14_000;

const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

async function ready(url) {
  for (let tries = 0; tries < 100; tries++) {
    if ((await fetch(url).catch(() => null))?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} did not answer within ten seconds`);
}

const brotli = (body) =>
  brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;

const columns = (name, ...numbers) =>
  name.padEnd(48) + numbers.map((n) => String(n).padStart(10)).join("");

const failures = [];

function limit(name, bytes, most) {
  console.log(columns(name, bytes) + ` of ${most}`);
  if (bytes > most) failures.push(`${name}: ${bytes} bytes, more than ${most}`);
}

// Loads the page with an empty cache and prints the size of every answer.
async function measure(title, page, url) {
  const answers = new Map(); // by URL: what is asked for twice comes from the cache
  const collect = (response) => answers.set(response.url(), response);
  page.on("response", collect);
  await page.goto(url, { waitUntil: "networkidle" });
  page.off("response", collect);

  console.log("\n" + columns(title, "raw", "gzip", "brotli", "as sent"));
  const total = [0, 0, 0, 0];
  let first = 0;
  for (const response of answers.values()) {
    const body = await response.body().catch(() => Buffer.alloc(0)); // redirects have none
    const { responseHeadersSize, responseBodySize } = await response.request().sizes();
    const sent = responseHeadersSize + responseBodySize;
    const sizes = [body.length, gzipSync(body, { level: 9 }).length, brotli(body), sent];
    sizes.forEach((size, i) => (total[i] += size));
    if (["document", "stylesheet"].includes(response.request().resourceType())) first += sent;
    console.log(columns(new URL(response.url()).pathname, ...sizes));
  }
  console.log(columns("Total", ...total));
  limit(`${title}, brotli`, total[2], MOST);
  limit(`${title}, page and stylesheet as sent`, first, MOST_FIRST);
}

const [port, sandboxPort] = [await freePort(), await freePort()];
const origin = `http://localhost:${port}`;
const state = mkdtempSync(`${tmpdir()}/graph-connect-size-`);
const server = spawn(process.env.SERVER_BIN, {
  env: {
    ...process.env,
    CLIENT_ID: "",
    CLIENT_SECRET: "",
    PUBLIC_URL: origin,
    LEPTOS_SITE_ADDR: `127.0.0.1:${port}`,
    SANDBOX_ADDR: `127.0.0.1:${sandboxPort}`,
    STATE_DIR: state,
    RUST_LOG: "warn",
  },
  stdio: ["ignore", "ignore", "inherit"],
});
// Whatever hangs, this ends.
const tooLong = setTimeout(() => {
  server.kill("SIGKILL");
  console.error("Two minutes are over; giving up.");
  process.exit(1);
}, 120_000);

try {
  await ready(`${origin}/healthz`);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });
  await measure("/ (not connected)", await browser.newPage(), `${origin}/`);

  // Connect in one context, then measure its /send with the cache still empty.
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${origin}/login`);
  await page.getByRole("button", { name: "work@sandbox.example" }).click();
  await page.getByRole("button", { name: "Accept" }).click();
  await page.getByRole("heading", { name: /^Hi, / }).waitFor();
  const connected = await browser.newContext({ storageState: await context.storageState() });
  await measure("/send (connected)", await connected.newPage(), `${origin}/send`);
  await browser.close();
} finally {
  clearTimeout(tooLong);
  server.kill();
  rmSync(state, { recursive: true, force: true });
}
if (failures.length > 0) {
  console.error("\n" + failures.join("\n"));
  process.exitCode = 1;
}
