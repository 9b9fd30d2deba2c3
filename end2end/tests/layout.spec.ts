// Pages hold together at the narrowest width that WCAG asks for (320 CSS pixels, which is 1280 at
// 400 %) and with text at 200 %.

import type { Page } from "@playwright/test";
import {
  cancel,
  connect,
  connectLink,
  details,
  disconnect,
  expect,
  expectNoSidewaysScrolling,
  greeting,
  mail,
  reaches,
  scripted,
  sendButton,
  sentTo,
  signedInAs,
  test,
  tryToConnect,
  write,
} from "./fixtures";

/** Walks through the main job and a failure, and looks at each page on the way. */
async function everyPage(page: Page, look: () => Promise<void>): Promise<void> {
  await page.goto("/");
  await expect(connectLink(page)).toBeVisible();
  await look();
  await connectLink(page).click();
  await expect(page.getByRole("heading", { name: "Pick an account" })).toBeVisible();
  await look();
  await connect(page);
  await look();
  await write(page, mail);
  await sendButton(page).click();
  await expect(sentTo(page, mail.to)).toBeVisible();
  await details(page).click();
  await look();
  await page.goto("/");
  await expect(signedInAs(page, "Wanda Work")).toBeVisible();
  await look();
  await page.getByRole("button", { name: "Disconnect" }).click();
  for (const name of reaches) {
    const choice = page.getByRole("button", { name });
    // A dialog must not hide one; a page scrolls like any other.
    if (scripted()) await expect(choice).toBeInViewport({ ratio: 1 });
    else await expect(choice).toBeVisible();
  }
  await look();
  await cancel(page).click();
  await disconnect(page);
  await look();
}

/** What the browser's own setting for the size of text does, at 200 %. */
async function doubleText(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Page.setFontSizes", { fontSizes: { standard: 32, fixed: 26 } });
  const size = () => page.evaluate(() => getComputedStyle(document.documentElement).fontSize);
  await expect.poll(size).toBe("32px");
}

test("nobody scrolls sideways at 320 pixels", async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await everyPage(page, () => expectNoSidewaysScrolling(page));
});

test("text at 200 % is larger, and nobody scrolls sideways", async ({ page }) => {
  await page.goto("/");
  const before = await connectLink(page).boundingBox();
  await doubleText(page);
  await page.reload();
  const after = await connectLink(page).boundingBox();
  expect(after!.height).toBeGreaterThan(before!.height * 1.7);
  await everyPage(page, () => expectNoSidewaysScrolling(page));
});

test("a failure page with its details open holds together at 320 pixels", async ({ guard, page, sandbox }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await sandbox.fault({ route: "token", code: "AADSTS7000215" });
  guard.expects(500, "/login/authorized");
  await tryToConnect(page);
  await details(page).click();
  await expect(page.getByText("Correlation ID")).toBeVisible();
  await expectNoSidewaysScrolling(page);
});

test("a long name and a long address break instead of standing out", async ({ page, sandbox }) => {
  const name = "W".repeat(200);
  const address = `${"w".repeat(64)}@${"sandbox.".repeat(20)}example`;
  await page.setViewportSize({ width: 320, height: 640 });
  await sandbox.fault({ route: "me", body: JSON.stringify({ displayName: name, mail: address }) });
  await tryToConnect(page);
  await expect(greeting(page)).toHaveText(`Hi, ${name}!`);
  await expectNoSidewaysScrolling(page);
});

for (const { where, width, size } of [
  { where: "at 360 pixels", width: 360, size: 100 },
  { where: "at 360 pixels and 200 %", width: 360, size: 200 },
  { where: "at 1280 pixels", width: 1280, size: 100 },
]) {
  test(`${where}, a word without an end breaks wherever it is shown`, async ({ guard, page, sandbox }) => {
    await page.setViewportSize({ width, height: 740 });
    await connect(page);
    if (size === 200) await doubleText(page);

    const mistyped = `${"o".repeat(width < 1000 ? 44 : 300)}.sandbox.example`;
    if (!scripted()) guard.expects(422, "/send");
    await write(page, { ...mail, to: mistyped });
    await sendButton(page).click();
    // Only the first letters of a long text are quoted.
    const quoted = mistyped.length > 60 ? `${mistyped.slice(0, 60)}…` : mistyped;
    await expect(page.getByText(`“${quoted}”`).first()).toBeVisible();
    await expectNoSidewaysScrolling(page);

    const word = "g".repeat(300);
    if (!scripted()) guard.expects(422, "/send");
    await sandbox.fault({
      route: "sendMail",
      status: 400,
      body: JSON.stringify({ error: { code: "ErrorOther", message: word } }),
    });
    await write(page, mail);
    await sendButton(page).click();
    await expect(page.getByText(word)).toBeVisible();
    await details(page).click();
    await expectNoSidewaysScrolling(page);
  });
}

test("the name in the header breaks between words, at 360 pixels and 200 %", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await connect(page);
  await doubleText(page);
  const lines = await page
    .getByRole("banner")
    .getByText("Wanda Work", { exact: true })
    .evaluate((element) => {
      const range = document.createRange();
      range.setStart(element.firstChild!, 0);
      range.setEnd(element.firstChild!, "Wanda".length);
      return range.getClientRects().length;
    });
  expect(lines, "lines of the first word").toBe(1);
});

test("a failure page with a word without an end holds together at 360 pixels and 200 %", async ({
  guard,
  page,
  sandbox,
}) => {
  await page.setViewportSize({ width: 360, height: 740 });
  const word = "g".repeat(300);
  guard.expects(502, "/login/authorized");
  await sandbox.fault({ route: "me", status: 403, body: JSON.stringify({ error: { code: word, message: word } }) });
  await tryToConnect(page);
  await doubleText(page);
  await details(page).click();
  await expect(page.getByText(word).first()).toBeVisible();
  await expectNoSidewaysScrolling(page);
});
