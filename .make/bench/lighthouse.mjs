// Lighthouse's mobile audit of `/` and of `/send`, signed in: the median of three.
import { createRequire } from "node:module";
import { rmSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { freePort, launch, median, ready, row, serverOnSandbox } from "./shared.mjs";
import { signIn } from "./sign-in.mjs";

const RUNS = 3;

export async function lighthouse() {
  const require = createRequire(`${process.env.LIGHTHOUSE}/package.json`);
  const { default: audit } = await import(pathToFileURL(require.resolve("lighthouse")).href);
  const { origin, server, folder } = await serverOnSandbox();
  const debug = await freePort();
  const chromium = launch(process.env.CHROMIUM, [
    "--headless",
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    `--remote-debugging-port=${debug}`,
    `--user-data-dir=${folder}/chromium`,
    "--no-first-run",
    "--disable-background-networking",
  ]);
  await ready(`http://127.0.0.1:${debug}/json/version`);
  const { cookie } = await signIn(origin, "work@sandbox.example");
  for (const [path, extraHeaders] of [["/", {}], ["/send", { cookie }]]) {
    const results = [];
    while (results.length < RUNS) {
      const { lhr } = await audit(origin + path, { port: debug, logLevel: "silent", extraHeaders });
      results.push(lhr);
    }
    const of = (value) => median(results.map(value));
    for (const { id, title } of Object.values(results[0].categories)) {
      row(`Lighthouse, ${path}: ${title}`, Math.round(of((it) => it.categories[id].score) * 100), "", "100");
    }
    for (const [id, limit] of [["largest-contentful-paint", 1000], ["total-blocking-time", 0]]) {
      row(`Lighthouse, ${path}: ${results[0].audits[id].title}`, of((it) => it.audits[id].numericValue), "ms", limit);
    }
    if (process.env.VERBOSE) {
      const failed = Object.values(results[0].audits).filter((it) => it.score !== null && it.score < 1);
      for (const { id, score, displayValue } of failed) console.error(path, id, score, displayValue);
    }
  }
  const ended = new Promise((resolve) => chromium.on("exit", resolve));
  chromium.kill();
  await ended;
  server.kill();
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
}
