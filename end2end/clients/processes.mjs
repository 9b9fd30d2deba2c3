// Starts the programs under test on free ports, and ends them.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
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

async function stop(child) {
  const ended = once(child, "exit");
  child.kill();
  await ended;
}
