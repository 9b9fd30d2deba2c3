// Starts the programs under test on free ports, and ends them.

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const target = resolve(import.meta.dirname, "../../target");

/** A sandbox with these arguments. */
export async function startSandbox(options = [], env = {}) {
  const binary = process.env.SANDBOX_BIN ?? resolve(target, "debug/sandbox");
  const child = spawn(binary, options, {
    env: { ...process.env, SANDBOX_ADDR: "127.0.0.1:0", RUST_LOG: "error", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface(child.stdout)) {
    const url = line.match(/^LOGIN_URL=(.*)/)?.[1];
    if (url) return { url, stop: () => stop(child) };
  }
  throw new Error("the sandbox did not start");
}

/** The app's server with these settings, and none of the environment's. */
export async function startApp(settings) {
  const address = `127.0.0.1:${await freePort()}`;
  const url = `http://localhost:${address.split(":")[1]}`;
  const folder = mkdtempSync(join(tmpdir(), "graph-connect-app-"));
  const child = spawn(process.env.SERVER_BIN ?? resolve(target, "release/server"), {
    // A folder of its own, so that nobody's `.env` is read.
    cwd: folder,
    env: {
      LEPTOS_SITE_ADDR: address,
      PUBLIC_URL: url,
      SESSION_KEYS: randomBytes(64).toString("base64"),
      // It says when it is there.
      RUST_LOG: "warn,server=info",
      ...settings,
    },
    stdio: ["ignore", "inherit", "pipe"],
  });
  const app = {
    url,
    stop: async () => {
      await stop(child);
      rmSync(folder, { recursive: true });
    },
  };
  const log = createInterface(child.stderr);
  return new Promise((resolve, reject) => {
    log.on("line", (line) => {
      if (line.includes("Graph Connect is on")) resolve(app);
      else if (/ (WARN|ERROR) /.test(line)) console.error(line);
    });
    log.on("close", () => reject(new Error("the server did not start")));
  });
}

/** A server on a free port. */
export async function listen(handler) {
  const server = createServer(handler).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    stop: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** A port that was free a moment ago. */
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

async function stop(child) {
  // It may have ended by itself; that is told only once.
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill();
  await ended;
}
