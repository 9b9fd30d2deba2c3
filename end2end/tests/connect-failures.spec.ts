// Every way that a sign-in can end without a session has a page that says what happened, who can
// mend it, and the way on.

import type { Page } from "@playwright/test";
import { randomBytes } from "node:crypto";
import {
  appUrl,
  connect,
  connectLink,
  details,
  expect,
  expectAccessible,
  expectNoSidewaysScrolling,
  greeting,
  signedInAs,
  test,
  tryToConnect,
  work,
  type Fault,
} from "./fixtures";

const callback = "/login/authorized";

/** The failure page with these words, which is in order as a page, and has a way on. */
async function expectFailurePage(page: Page, heading: string, ...words: string[]): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(heading);
  for (const text of words) await expect(page.getByText(text)).toBeVisible();
  await expect(page.getByRole("link", { name: "Go to start page" })).toBeVisible();
  await expectNoSidewaysScrolling(page);
  await expectAccessible(page);
}

test("going back from the account picker shares nothing, and says so", async ({ guard, page }) => {
  guard.expects(403, callback);
  await page.goto("/");
  await connectLink(page).click();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expectFailurePage(page, "You cancelled signing in", "Nothing was shared.");
});

test("“Cancel” on the consent page says the same", async ({ guard, page }) => {
  guard.expects(403, callback);
  await page.goto("/");
  await connectLink(page).click();
  await page.getByRole("button", { name: work }).click();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expectFailurePage(page, "You cancelled signing in", "Nothing was shared.");
});

test("“Decline” says what the permission is for, and has Microsoft's message in the details", async ({ guard, page }) => {
  guard.expects(403, callback);
  await page.goto("/");
  await connectLink(page).click();
  await page.getByRole("button", { name: work }).click();
  await page.getByRole("button", { name: "Decline" }).click();
  await expectFailurePage(
    page,
    "You didn't give permission",
    "Graph Connect needs it to send email for you. Nothing was shared.",
  );
  const message = page.getByText("The user declined to consent to access the app.");
  await expect(message).toBeHidden();
  await details(page).click();
  await expect(message).toBeVisible();
  await expect(page.getByText("AADSTS65004", { exact: true })).toBeVisible();
  await expect(page.getByText("Correlation ID")).toBeVisible();
});

test("“Sign in again” asks who, and signs in", async ({ guard, page }) => {
  guard.expects(403, callback);
  await page.goto("/");
  await connectLink(page).click();
  await page.getByRole("button", { name: work }).click();
  await page.getByRole("button", { name: "Decline" }).click();
  await page.getByRole("link", { name: "Sign in again" }).click();
  await page.getByRole("button", { name: work }).click();
  await page.getByRole("button", { name: "Accept" }).click();
  await expect(greeting(page)).toHaveText("Hi, Wanda Work!");
});

test("an answer that nobody here asked for is not used", async ({ guard, page }) => {
  guard.expects(400, callback);
  await page.goto(`${callback}?code=x&state=y`);
  await expectFailurePage(page, "This sign-in link has expired", "so nothing was shared.");
});

test("an answer without anything in it leads to the start page and changes nothing", async ({ page }) => {
  await page.goto(callback);
  await expect(page).toHaveURL(`${appUrl}/`);
  await expect(connectLink(page)).toBeVisible();
  await connect(page);
  await page.goto(callback);
  await expect(page).toHaveURL(`${appUrl}/`);
  await expect(signedInAs(page, "Wanda Work")).toBeVisible();
});

test("an answer works once", async ({ guard, page }) => {
  const answer = page.waitForRequest((request) => request.url().startsWith(`${appUrl}${callback}`));
  await connect(page);
  guard.expects(400, callback);
  await page.goto((await answer).url());
  await expectFailurePage(page, "This sign-in link has expired", "It was already used");
  // The session it made before is not touched.
  await page.goto("/send");
  await expect(greeting(page)).toBeVisible();
});

test("an answer whose state is not the attempt's is not used", async ({ guard, page }) => {
  guard.expects(400, callback);
  await page.goto("/");
  await connectLink(page).click();
  await expect(page.getByRole("heading", { name: "Pick an account" })).toBeVisible();
  const state = new URL(page.url()).searchParams.get("state") ?? "";
  const [id, secret] = state.split(".");
  expect(secret).toHaveLength(43);
  await page.goto(`${callback}?code=x&state=${id}.${"A".repeat(43)}`);
  await expectFailurePage(page, "This response doesn't match your sign-in", "so we ignored it and nothing was shared.");
});

/** A token answer whose id_token nobody signed. */
const unproven = JSON.stringify({
  token_type: "Bearer",
  scope: "User.Read Mail.Send",
  expires_in: 3600,
  access_token: "x",
  id_token: "e30.e30.x",
});

/** A name that fits no cookie, however well it is packed. */
const hugeProfile = JSON.stringify({
  displayName: randomBytes(9_000).toString("base64"),
  mail: work,
  userPrincipalName: work,
});

const identity = "Microsoft sign-in";
const graph = "Microsoft Graph";
const passes = "Try signing in again in a few minutes.";
const siteOwner = "You're not signed in. Only the site owner can fix this: send them the details below.";

const failures: { when: string; fault: Fault; status: number; heading: string; words: string[] }[] = [
  {
    when: "the client secret is wrong",
    fault: { route: "token", code: "AADSTS7000215" },
    status: 500,
    heading: "Graph Connect isn't set up correctly",
    words: ["The client secret is wrong.", siteOwner],
  },
  {
    when: "the client secret has expired",
    fault: { route: "token", code: "AADSTS7000222" },
    status: 500,
    heading: "Graph Connect isn't set up correctly",
    words: ["The client secret has expired.", siteOwner],
  },
  {
    when: "the app is not known there",
    fault: { route: "token", code: "AADSTS700016" },
    status: 500,
    heading: "Graph Connect isn't set up correctly",
    words: ["The client ID isn't known in this tenant.", siteOwner],
  },
  {
    when: "a policy of the organization blocks the sign-in",
    fault: { route: "token", code: "AADSTS53003" },
    status: 400,
    heading: "Microsoft didn't sign you in",
    words: ["Your organization's rules don't allow this sign-in from here.", "Nothing was shared."],
  },
  {
    when: "the code has expired",
    fault: { route: "token", code: "AADSTS70008" },
    status: 400,
    heading: "This sign-in link has expired",
    words: ["If this keeps happening, allow cookies for this site."],
  },
  {
    when: "the sign-in service sends the person back with an error of its own",
    fault: { route: "authorize", code: "AADSTS90033" },
    status: 503,
    heading: `${identity} isn't working right now`,
    words: [passes],
  },
  {
    when: "the sign-in service is down",
    fault: { route: "token", status: 503 },
    status: 503,
    heading: `${identity} isn't working right now`,
    words: ["so you're not signed in.", passes],
  },
  {
    when: "the sign-in service ends the connection",
    fault: { route: "token", close: "before" },
    status: 503,
    heading: `${identity} isn't working right now`,
    words: [passes],
  },
  {
    when: "the sign-in service asks for a pause",
    fault: { route: "token", status: 429, retryAfter: "7" },
    status: 503,
    heading: `${identity} is busy`,
    words: ["It's getting too many requests, so you're not signed in.", "Wait 7 seconds, and sign in again."],
  },
  {
    when: "the sign-in service is slower than LOGIN_TIMEOUT",
    fault: { route: "token", delayMs: 60_000 },
    status: 504,
    heading: `${identity} is taking too long`,
    words: [passes],
  },
  {
    when: "the sign-in service answers nonsense",
    fault: { route: "token", body: "<html>Welcome to the café's Wi-Fi</html>" },
    status: 502,
    heading: `We couldn't read the answer from ${identity}`,
    words: ["Something between this site and Microsoft may be interfering, so you're not signed in.", passes],
  },
  {
    when: "the answer does not prove who signed in",
    fault: { route: "token", body: unproven },
    status: 502,
    heading: "We couldn't confirm your identity",
    words: ["so we stopped the sign-in."],
  },
  {
    when: "Graph is down",
    fault: { route: "me", status: 503 },
    status: 503,
    heading: `${graph} isn't working right now`,
    words: [passes],
  },
  {
    when: "Graph asks for a pause",
    fault: { route: "me", status: 429, retryAfter: "7" },
    status: 503,
    heading: `${graph} is busy`,
    words: ["Wait 7 seconds, and sign in again."],
  },
  {
    when: "Graph is slower than LOGIN_TIMEOUT",
    fault: { route: "me", delayMs: 60_000 },
    status: 504,
    heading: `${graph} is taking too long`,
    words: [passes],
  },
  {
    when: "Graph answers nonsense",
    fault: { route: "me", body: "<html>" },
    status: 502,
    heading: `We couldn't read the answer from ${graph}`,
    words: [passes],
  },
  {
    when: "Graph does not give out the profile",
    fault: { route: "me", status: 403 },
    status: 502,
    heading: "Microsoft Graph didn't share your profile",
    words: ["A fault of the sandbox."],
  },
  {
    when: "the keys do not fit the cookies",
    fault: { route: "me", body: hugeProfile },
    status: 500,
    heading: "We couldn't keep you signed in",
    words: ["which happens to people who are in a lot of groups."],
  },
];

for (const { when, fault, status, heading, words } of failures) {
  test(`when ${when}, a page says so and makes no session`, async ({ guard, page, sandbox }) => {
    await sandbox.fault(fault);
    guard.expects(status, callback);
    if (fault.route === "authorize") {
      await page.goto("/");
      await connectLink(page).click();
    } else {
      await tryToConnect(page);
    }
    await expectFailurePage(page, heading, ...words);
    await page.getByRole("link", { name: "Go to start page" }).click();
    await expect(connectLink(page)).toBeVisible();
  });
}

test("a passing failure is over when the person connects again", async ({ guard, page, sandbox }) => {
  await sandbox.fault({ route: "me", status: 503 });
  guard.expects(503, callback);
  await tryToConnect(page);
  await page.getByRole("link", { name: "Sign in again" }).click();
  await page.getByRole("button", { name: work }).click();
  await expect(greeting(page)).toHaveText("Hi, Wanda Work!");
});

test("a failed second sign-in leaves the first one as it was", async ({ guard, page }) => {
  await connect(page);
  await page.goto("/");
  guard.expects(403, callback);
  await page.getByRole("link", { name: "Use another account" }).click();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expectFailurePage(page, "You cancelled signing in");
  await page.getByRole("link", { name: "Go to start page" }).click();
  await expect(signedInAs(page, "Wanda Work")).toBeVisible();
});

test("an address that is no page says so", async ({ guard, page }) => {
  guard.expects(404, "/nowhere");
  await page.goto("/nowhere");
  await expectFailurePage(page, "Page not found", "The address may be mistyped, or the link may be out of date.");
  await page.getByRole("link", { name: "Go to start page" }).click();
  await expect(connectLink(page)).toBeVisible();
});

test("a page that is asked for in the wrong way says so", async ({ guard, page }) => {
  guard.expects(405, "/logout");
  await page.goto("/logout");
  await expectFailurePage(page, "You can't open this page directly", "so nothing was changed.");
});
