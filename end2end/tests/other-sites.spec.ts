// What pages of other origins can do here: lead a person in, and nothing else. (What they cannot do
// is in cross-site-attacks.spec.ts.)

import {
  appUrl,
  connect,
  connectLink,
  elsewhere,
  expect,
  expectAccessible,
  expectNoSidewaysScrolling,
  greeting,
  scripted,
  test,
} from "./fixtures";

for (const { who, host } of elsewhere) {
  test(`a link on ${who} leads a connected person to the mail page`, async ({ otherSite, page }) => {
    await connect(page);
    await page.goto(await otherSite(`<a href="${appUrl}/send">Write</a>`, host));
    await page.getByRole("link", { name: "Write" }).click();
    if (!scripted() && host !== new URL(appUrl).hostname) {
      // The browser keeps the session's cookie back until the person presses something here.
      await connectLink(page).click();
    }
    await expect(greeting(page)).toHaveText("Hi, Wanda Work!");
    await expect(page).toHaveURL(`${appUrl}/send`);
  });

  test(`a link on ${who} leads a stranger to the connect page`, async ({ otherSite, page }) => {
    await page.goto(await otherSite(`<a href="${appUrl}/send">Write</a>`, host));
    await page.getByRole("link", { name: "Write" }).click();
    await expect(connectLink(page)).toBeVisible();
  });

  test(`a form that ${who} posts is refused in words`, async ({ guard, otherSite, page }) => {
    await connect(page);
    guard.expects(403, "/logout");
    const form = `<form method="post" action="${appUrl}/logout"><button>Win</button></form>`;
    await page.goto(await otherSite(form, host));
    await page.getByRole("button", { name: "Win" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("This request came from another site");
    await expect(page.getByText("so nothing was changed.")).toBeVisible();
    await expectNoSidewaysScrolling(page);
    await expectAccessible(page);
    await page.goto("/send");
    await expect(greeting(page)).toBeVisible();
  });
}
