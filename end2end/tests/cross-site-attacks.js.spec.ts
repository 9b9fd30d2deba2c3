// What pages of other origins try with scripts.

import { attackTest } from "./attacks";
import { appUrl, expect } from "./fixtures";

attackTest("requests of scripts", async ({ page, site, fields }) => {
  await page.goto(await site(""));
  const got = await page.evaluate(
    async ({ appUrl, fields }) => {
      const form = new URLSearchParams({ ...fields, where: "microsoft" });
      const json = JSON.stringify({ form: fields });
      const asks: [string, RequestInit][] = ["/", "/send", "/login", "/api/session", "/healthz"].map((path) => [
        path,
        { method: "GET" },
      ]);
      for (const path of ["/send", "/logout", "/api/send_mail", "/api/session"]) {
        for (const body of [form, json, new Blob([json], { type: "text/plain" })]) {
          asks.push([path, { method: "POST", body }]);
        }
        const headers = { "content-type": "application/json" };
        asks.push([path, { method: "POST", body: json, headers }]);
        asks.push([path, { method: "PUT", body: json, headers }]);
        asks.push([path, { method: "DELETE" }]);
      }
      const read: string[] = [];
      for (const [path, init] of asks) {
        for (const mode of ["cors", "no-cors"] as const) {
          for (const redirect of ["follow", "manual"] as const) {
            try {
              const answer = await fetch(appUrl + path, { ...init, mode, redirect, credentials: "include" });
              read.push(await answer.text());
            } catch {
              // What is wished for.
            }
          }
        }
        if (init.method === "POST") navigator.sendBeacon(appUrl + path, init.body);
      }
      return read.filter((text) => text !== "");
    },
    { appUrl, fields },
  );
  expect(got, "answers that the attacker could read").toEqual([]);
});

attackTest("window openers", async ({ page, site }) => {
  const origin = await site("<button>Win</button>");
  await page.goto(origin);
  await page.evaluate((url) => {
    document.querySelector("button")!.onclick = () => {
      (window as any).prey = window.open(url, "prey");
    };
  }, `${appUrl}/send`);
  const popup = page.waitForEvent("popup");
  await page.getByRole("button").click();
  const prey = await popup;
  // The page may move on by itself once.
  const known = () => prey.evaluate(() => [location.origin, window.opener, window.name]).catch(() => {});
  await expect.poll(known).toEqual([appUrl, null, ""]);
  const seen = await page.evaluate(() => {
    const { prey } = window as any;
    prey.postMessage("Win", "*");
    const seen = { closed: prey.closed, frames: prey.length };
    prey.close();
    prey.location = "/phish";
    return seen;
  });
  expect(seen, "the opener sees a window that is gone").toEqual({ closed: true, frames: 0 });
  await expect.poll(known).toEqual([appUrl, null, ""]);
});
