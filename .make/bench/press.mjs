// How soon a press is answered visibly, on a CPU slowed down four times, by the browser's own event
// timing (from the press to the next frame, in steps of 8 ms): before WebAssembly and with it.
import { createRequire } from "node:module";
import { rmSync } from "node:fs";
import { median, row, serverOnSandbox } from "./shared.mjs";

const require = createRequire(new URL("../../end2end/package.json", import.meta.url));
const { chromium } = require("@playwright/test");

const PRESSES = 20;
const LIMIT = 100; // ms

/** Notes how long each press took, from now on. */
const observe = () => {
  window.presses = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.name === "click") window.presses.push(entry.duration);
    }
  }).observe({ type: "event", durationThreshold: 16, buffered: false });
};

/** Presses the button, and tells how long the press took; under 16 ms isn't told apart. */
async function press(page, button) {
  const before = await page.evaluate(() => window.presses.length);
  await button.click();
  const measured = page.waitForFunction((before) => window.presses.length > before, before, {
    timeout: 2000,
    polling: 200, // not at each frame, which would slow them
  });
  await measured.catch(() => {});
  return page.evaluate((before) => window.presses[before] ?? 16, before);
}

const report = (what, times) => {
  row(`${what}: median`, median(times), "ms", LIMIT);
  row(`${what}: worst`, Math.max(...times), "ms", LIMIT);
};

export async function presses() {
  const { origin, server, folder } = await serverOnSandbox();
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });
  const page = await browser.newPage();
  await page.goto(`${origin}/login`);
  await page.getByRole("button", { name: "work@sandbox.example" }).click();
  await page.getByRole("button", { name: "Accept" }).click();
  await page.getByRole("heading", { name: /^Hi, / }).waitFor();
  const slow = await page.context().newCDPSession(page);
  await slow.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  const send = page.getByRole("button", { name: "Send mail" });

  // The page without its WebAssembly, and held back from leaving: what is seen until the answer comes.
  await page.route("**/*.wasm", () => {});
  await page.goto(`${origin}/send`, { waitUntil: "domcontentloaded" });
  await page.evaluate(observe);
  await page.evaluate(() => document.addEventListener("submit", (event) => event.preventDefault()));
  const before = [];
  while (before.length < PRESSES) before.push(await press(page, send));
  report("A press before WebAssembly, CPU 4x slower", before);

  await page.unroute("**/*.wasm");
  await page.goto(`${origin}/send`, { waitUntil: "networkidle" });
  await page.evaluate(observe);
  const [sending, another] = [[], []];
  while (sending.length < PRESSES) {
    sending.push(await press(page, send));
    const again = page.getByRole("link", { name: "Write another" });
    await again.waitFor();
    another.push(await press(page, again));
  }
  report("“Send mail” with WebAssembly, CPU 4x slower", sending);
  report("“Write another” with WebAssembly, CPU 4x slower", another);
  await browser.close();
  server.kill();
  rmSync(folder, { recursive: true, force: true });
}
