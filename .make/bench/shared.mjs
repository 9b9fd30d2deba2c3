// What the measurements share: processes that end with this one, what they cost, and the table.
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";

const children = new Set();
process.on("exit", () => children.forEach((child) => child.kill("SIGKILL")));

/** Starts a program that ends with this one. */
export function launch(program, args = [], env = {}) {
  const child = spawn(program, args, {
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", process.env.VERBOSE ? "inherit" : "ignore"],
  });
  children.add(child);
  child.on("exit", () => children.delete(child));
  return child;
}

/** What a program prints until it matches. */
export async function printed(child, pattern) {
  let text = "";
  for await (const piece of child.stdout.iterator({ destroyOnReturn: false })) {
    text += piece;
    const found = text.match(pattern);
    if (found) return found[1];
  }
  throw new Error(`${child.spawnfile} ended before it printed ${pattern}`);
}

/** Where a sandbox of its own answers. */
export const sandboxUrl = (sandbox) => printed(sandbox, /^GRAPH_URL=(.*)$/m);

export const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

/** Waits until the URL answers; milliseconds since the process began. */
export async function ready(url) {
  const begun = performance.now();
  while (performance.now() < begun + 20_000) {
    if ((await fetch(url).catch(() => null))?.ok) return performance.now() - begun;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  throw new Error(`${url} did not answer within twenty seconds`);
}

/** CPU time of all threads of a process so far, in microseconds (proc(5), `schedstat`). */
export function cpu({ pid }) {
  const tasks = readdirSync(`/proc/${pid}/task`);
  const nanos = (task) => Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, "utf8").split(" ")[0]);
  return tasks.reduce((sum, task) => sum + nanos(task), 0) / 1000;
}

/** A line of /proc/{pid}/status, in MB. */
export function memory({ pid }, line = "VmRSS") {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(status.match(new RegExp(`^${line}:\\s+(\\d+) kB$`, "m"))[1]) / 1024;
}

export const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

const cell = (value) => (typeof value === "number" ? value.toFixed(value < 10 ? 1 : 0) : (value ?? ""));

const line = (...cells) =>
  console.log("| " + cells.map((it, i) => (i ? cell(it).padStart(11) : it.padEnd(52))).join(" | ") + " |");

export function head() {
  line("What", "Ours", "Floor", "Ratio", "Limit");
  console.log("|" + "-".repeat(54) + ("|" + "-".repeat(12) + ":").repeat(4) + "|");
}

/** A row with no floor to compare with. */
export const row = (what, ours, unit, limit) =>
  line(what, `${cell(ours)} ${unit}`, "", "", limit === undefined ? "" : `${limit} ${unit}`);

/** A row whose limit is a multiple of the floor. */
export const ratio = (what, ours, floor, unit, limit) =>
  line(what, `${cell(ours)} ${unit}`, `${cell(floor)} ${unit}`, `${(ours / floor).toFixed(1)}x`, `${limit}x`);

/** The server with its sandbox, and a folder that is the caller's to remove. */
export async function serverOnSandbox() {
  const [port, sandboxPort] = [await freePort(), await freePort()];
  const origin = `http://localhost:${port}`;
  const folder = mkdtempSync(`${tmpdir()}/graph-connect-bench-`);
  const server = launch(process.env.SERVER_BIN, [], {
    CLIENT_ID: "",
    CLIENT_SECRET: "",
    PUBLIC_URL: origin,
    LEPTOS_SITE_ADDR: `127.0.0.1:${port}`,
    SANDBOX_ADDR: `127.0.0.1:${sandboxPort}`,
    STATE_DIR: `${folder}/state`,
    RUST_LOG: "warn",
  });
  await ready(`${origin}/livez`);
  return { origin, server, folder };
}
