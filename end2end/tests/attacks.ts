// What all attacks from other origins have in common: against whom they go, and how to see that they
// got nowhere. Looks at outcomes only: mails, cookies, and what the person can still do.

import type { BrowserContext, Page } from "@playwright/test";
import {
  appUrl,
  awake,
  connectLink,
  disconnect,
  elsewhere,
  expect,
  greeting,
  mail,
  personal,
  sendButton,
  sentTo,
  test,
  tryToConnect,
  work,
  write,
} from "./fixtures";

/** What an attacker has at hand. */
export type Means = {
  /** A page of the attacker's in the person's browser. */
  page: Page;
  /** Serves this as the attacker's page; gives its origin. */
  site: (body: string) => Promise<string>;
  /** The fields of the person's own form, as if the attacker could have read them. */
  fields: Record<string, string>;
  /** A callback with a code that was made for the attacker's own account, and not used. */
  foreignCallback: string;
};

const guessed = { key: "A".repeat(22), account: "A".repeat(22) };

/** Begins a sign-in in a browser of the attacker's own, and keeps the answer from arriving. */
async function foreignCallback(browser: { newContext(): Promise<BrowserContext> }): Promise<string> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const answer = page.waitForRequest(`${appUrl}/login/authorized?*`);
  await page.route(`${appUrl}/login/authorized?*`, (route) => route.abort());
  await tryToConnect(page, personal);
  const url = (await answer).url();
  expect(new URL(url).searchParams.get("code")).toBeTruthy();
  await context.close();
  return url;
}

/**
 * Makes a test of `attack`, for pages of each other origin: it goes against somebody in the middle of
 * a sign-in, somebody whom Microsoft would sign in unasked, and somebody who is connected. None of
 * them notices.
 */
export function attackTest(name: string, attack: (means: Means) => Promise<void>): void {
  for (const { who, host } of elsewhere) {
    test(`${name} of ${who} get nowhere`, async ({ baseURL, browser, context, guard, otherSite, page, sandbox }) => {
      // Three attacks of many requests each.
      test.slow();
      const callback = await foreignCallback({ newContext: () => browser.newContext({ baseURL }) });
      const cookies = async () => {
        const all = await context.cookies(appUrl);
        return all.map(({ name, value }) => ({ name, value })).sort((a, b) => a.name.localeCompare(b.name));
      };
      const isAttacked = async (stolen: Record<string, string> = {}) => {
        const before = await cookies();
        await guard.looksAway(async () => {
          const own = context.pages();
          const fields = { to: "eve@sandbox.example", subject: "Win", message: "Win", ...guessed, ...stolen };
          const attacker = await context.newPage();
          await attack({ page: attacker, site: (body) => otherSite(body, host), fields, foreignCallback: callback });
          for (const opened of context.pages()) if (!own.includes(opened)) await opened.close();
        });
        expect(await cookies(), "the cookies of the app").toEqual(before);
        expect(await sandbox.outbox(), "mails").toEqual([]);
      };

      // A sign-in that has begun comes to its end.
      await page.goto("/");
      await connectLink(page).click();
      await expect(page.getByRole("heading", { name: "Pick an account" })).toBeVisible();
      await isAttacked();
      await page.getByRole("button", { name: work, exact: true }).click();
      await page.getByRole("button", { name: "Accept" }).click();
      await expect(greeting(page)).toHaveText("Hi, Wanda Work!");
      await awake(page);

      // A stranger is not connected, although Microsoft would not ask who it is.
      await disconnect(page);
      await isAttacked();
      await page.goto("/");
      await expect(connectLink(page)).toBeVisible();
      await connectLink(page).click();
      await expect(greeting(page)).toHaveText("Hi, Wanda Work!");
      await awake(page);

      // A session goes on, and the mail that was begun is the only one that is sent.
      await write(page, mail);
      const hidden = (field: string) => page.locator(`input[name="${field}"]`).inputValue();
      await isAttacked({ key: await hidden("key"), account: await hidden("account") });
      await sendButton(page).click();
      await expect(sentTo(page, mail.to)).toBeVisible();
      expect((await sandbox.outbox()).map((it) => it.message.subject)).toEqual([mail.subject]);
      await page.goto("/send");
      await expect(greeting(page)).toHaveText("Hi, Wanda Work!");
    });
  }
}
