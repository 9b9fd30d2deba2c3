// The program under attack, with the sandbox in it or against a provider of the test's own. It can be
// killed and started again with the same state.

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { freePort } from "../clients/processes.mjs";

const binary = process.env.SERVER_BIN ?? resolve(import.meta.dirname, "../../target/release/server");

/** Starts the program with these settings; `use` it, and it is gone. */
export async function withProgram(settings, use) {
  const folder = mkdtempSync(join(tmpdir(), "graph-connect-attacks-"));
  const [port, sandboxPort] = [await freePort(), await freePort()];
  const program = new Program(folder, port, sandboxPort, settings);
  await program.start();
  try {
    return await use(program);
  } finally {
    await program.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

class Program {
  constructor(folder, port, sandboxPort, settings) {
    Object.assign(this, { folder, port });
    this.origin = settings.PUBLIC_URL ?? `http://localhost:${port}`;
    this.sandbox = `http://127.0.0.1:${sandboxPort}`;
    /** Each line of the log, parsed. */
    this.log = [];
    this.env = {
      LEPTOS_SITE_ADDR: `127.0.0.1:${port}`,
      PUBLIC_URL: this.origin,
      SANDBOX_ADDR: `127.0.0.1:${sandboxPort}`,
      STATE_DIR: join(folder, "state"),
      SESSION_KEYS: randomBytes(64).toString("base64"),
      SIGN_INS_PER_MINUTE: "10000",
      SENDS_PER_MINUTE: "10000",
      GRAPH_TIMEOUT: "2",
      LOGIN_TIMEOUT: "4",
      LOG_FORMAT: "json",
      LEPTOS_HASH_FILES: process.env.LEPTOS_HASH_FILES ?? "",
      LEPTOS_SITE_ROOT: resolve(import.meta.dirname, "../..", process.env.LEPTOS_SITE_ROOT ?? "target/site"),
      ...settings,
    };
  }

  async start() {
    this.child = spawn(binary, { cwd: this.folder, env: this.env, stdio: ["ignore", "ignore", "pipe"] });
    const lines = createInterface(this.child.stderr);
    await new Promise((listening, failed) => {
      const said = [];
      lines.on("line", (text) => {
        said.push(text);
        const line = text.startsWith("{") ? JSON.parse(text) : { text };
        this.log.push(line);
        if (line.event === "listening") listening();
      });
      lines.on("close", () => failed(new Error(`the program did not start: ${said.join("\n")}`)));
    });
  }

  /** Ends it without a chance to finish anything. */
  async kill() {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, "exit");
    this.child.kill("SIGKILL");
    await ended;
  }

  /** It has not ended by itself. */
  get lives() {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Megabytes that it has in memory. */
  get memory() {
    const status = readFileSync(`/proc/${this.child.pid}/status`, "utf8");
    return Number(status.match(/VmRSS:\s+(\d+)/)[1]) / 1024;
  }

  /** What the sandbox in it has sent. */
  async outbox() {
    return (await fetch(`${this.sandbox}/sandbox/outbox`)).json();
  }

  async fault(...faults) {
    const answer = await fetch(`${this.sandbox}/sandbox/faults`, { method: "POST", body: JSON.stringify(faults) });
    if (!answer.ok) throw new Error(`the sandbox takes no such fault: ${await answer.text()}`);
  }

  async clearFaults() {
    await fetch(`${this.sandbox}/sandbox/faults`, { method: "DELETE" });
  }
}
