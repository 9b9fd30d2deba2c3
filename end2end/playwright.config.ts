// Chromium at two widths, with and without JavaScript. Only `*.js.spec.ts` need JavaScript;
// everything else must work without it. The tables of failures and attacks run once each way:
// without JavaScript on the desktop, and with it on the phone.

import { defineConfig } from "@playwright/test";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { appUrl, serversOf, workers } from "./servers";

const target = resolve(__dirname, "../target");
const release = join(target, "release/server");
const server = process.env.SERVER_BIN || (existsSync(release) ? release : join(target, "debug/server"));

// Workers load this file too; the folder is made, and removed, by the one process that starts them.
const folder = (process.env.GRAPH_CONNECT_TEST_DIR ??= mkdtempSync(join(tmpdir(), "graph-connect-test-")));
if (!process.env.TEST_WORKER_INDEX) {
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
}

const desktop = { width: 1280, height: 800 };
const phone = { width: 360, height: 740 };
const needsJs = /\.js\.spec\.ts$/;
const tables = /-(failures|attacks)(\.js)?\.spec\.ts$/;

/** The server of one worker, with a sandbox in it. */
function webServer(worker: number) {
  const { appUrl, sandboxUrl } = serversOf(worker);
  return {
    command: server,
    url: `${appUrl}/healthz`,
    reuseExistingServer: false,
    gracefulShutdown: { signal: "SIGTERM" as const, timeout: 10_000 },
    // A folder of its own, so that nobody's `.env` is read.
    cwd: folder,
    env: {
      CLIENT_ID: "",
      CLIENT_SECRET: "",
      PUBLIC_URL: appUrl,
      LEPTOS_SITE_ADDR: new URL(appUrl).host.replace("localhost", "127.0.0.1"),
      LEPTOS_SITE_ROOT: resolve(__dirname, "..", process.env.LEPTOS_SITE_ROOT ?? "target/site"),
      SANDBOX_ADDR: new URL(sandboxUrl).host,
      STATE_DIR: join(folder, `state-${worker}`),
      // Short, so that a test of slowness is not slow.
      GRAPH_TIMEOUT: "5",
      LOGIN_TIMEOUT: "4",
      // Tests provoke warnings by the dozen.
      RUST_LOG: "error",
    },
  };
}

export default defineConfig({
  testDir: "tests",
  // Each worker has a sandbox of its own, where its tests take turns.
  workers,
  fullyParallel: false,
  retries: 0,
  forbidOnly: !!process.env.CI,
  timeout: 45_000,
  expect: { timeout: 15_000 },
  reporter: "list",
  use: {
    baseURL: appUrl,
    // A trace would record cookies.
    trace: "off",
    launchOptions: {
      executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    { name: "desktop js", use: { viewport: desktop }, testIgnore: tables },
    {
      name: "desktop no js",
      use: { viewport: desktop, javaScriptEnabled: false },
      testIgnore: needsJs,
    },
    { name: "phone js", use: { viewport: phone, hasTouch: true } },
    {
      name: "phone no js",
      use: { viewport: phone, hasTouch: true, javaScriptEnabled: false },
      testIgnore: [needsJs, tables],
    },
  ],
  webServer: Array.from({ length: workers }, (_, worker) => webServer(worker)),
});
