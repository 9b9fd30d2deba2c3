// What pages of other origins try without scripts of their own.

import { attackTest, type Means } from "./attacks";
import { appUrl, expect, sandboxUrl } from "./fixtures";

/** Every route that changes something, and the two that begin and end a sign-in. */
const targets = ["/send", "/logout", "/api/send_mail", "/api/session", "/login", "/login/authorized"];

/** With the last, a field's name and value can make JSON together. */
const encodings = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];

/** An answer that belongs to no attempt of this browser. */
const forged = `${appUrl}/login/authorized?code=forged&state=forged12.forged`;

/** What begins or ends a sign-in. */
const signIns = ({ foreignCallback }: Means) => [
  `${appUrl}/login?prompt=select_account&return_to=/send`,
  forged,
  `${appUrl}/login/authorized?error=access_denied&error_subcode=cancel&state=forged12.forged`,
  foreignCallback,
];

/** Every address that an attacker can have the browser ask for. */
const addresses = (means: Means) => [
  ...["/", ...targets].map((path) => appUrl + path),
  `${appUrl}/logout?where=microsoft`,
  `${appUrl}/send?${new URLSearchParams(means.fields)}`,
  `${appUrl}/api/send_mail?${new URLSearchParams(means.fields)}`,
  `${appUrl}/login/authorized?admin_consent=True&tenant=forged&state=forged`,
  ...signIns(means),
  ...["query", "form_post", "fragment"].map(authorize),
];

/** An authorization request of the attacker's, for this app's own client id. */
const authorize = (mode: string) =>
  `${sandboxUrl}/common/oauth2/v2.0/authorize?` +
  new URLSearchParams({
    client_id: "11111111-1111-4111-8111-111111111111",
    response_type: "code",
    response_mode: mode,
    redirect_uri: `${appUrl}/login/authorized`,
    scope: "openid profile offline_access User.Read Mail.Send",
    state: "forged12.forged",
    nonce: "forged",
    code_challenge: "A".repeat(43),
    code_challenge_method: "S256",
  });

const attribute = (text: string) => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;");

attackTest("form posts", async ({ page, site, fields }) => {
  const inputs = Object.entries({ ...fields, where: "microsoft" })
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${attribute(value)}">`)
    .join("");
  const json = `<input type="hidden" name='${JSON.stringify({ form: fields }).slice(0, -1)},"a":"' value='"}'>`;
  const forms = targets.flatMap((path) =>
    encodings.map((type) => ({
      path,
      markup: `<form method="post" action="${appUrl}${path}" enctype="${type}">${type === "text/plain" ? json : inputs}<button>Win</button></form>`,
    })),
  );
  for (const { path, markup } of forms) {
    await page.goto(await site(markup));
    const answer = page.waitForResponse(appUrl + path);
    await page.getByRole("button").click();
    expect((await answer).status(), markup).toBe(403);
  }
});

attackTest("forced sign-ins", async (means) => {
  const { page, site } = means;
  const link = (url: string) => `<a href="${attribute(url)}">Win</a>`;
  const refresh = (url: string) => `<meta http-equiv="refresh" content="0;url=${attribute(url)}">`;
  const redirect = (url: string) => `/redirect?to=${encodeURIComponent(url)}`;
  for (const url of [...signIns(means), authorize("query"), authorize("form_post")]) {
    for (const lead of [link(url), refresh(redirect(url))]) {
      const origin = await site(lead);
      // A page each: some of the app's move on by themselves.
      const led = await page.context().newPage();
      await led.goto(origin);
      if (lead.startsWith("<a")) await led.getByRole("link").click();
      await led.waitForURL((it) => it.origin !== origin);
      await led.waitForLoadState();
      // Only the attacker's own request for a sign-in leads to Microsoft.
      if (url.startsWith(appUrl)) expect(new URL(led.url()).origin, lead).toBe(appUrl);
      await led.close();
    }
  }
});

attackTest("pictures and frames", async (means) => {
  const { page, site } = means;
  const origin = await site(
    addresses(means)
      .map(attribute)
      .flatMap((url) => [
        `<img src="${url}" alt="">`,
        `<script src="${url}"></script>`,
        `<link rel="stylesheet" href="${url}">`,
        `<link rel="prefetch" href="${url}">`,
        `<video src="${url}"></video>`,
        `<object data="${url}"></object>`,
        `<embed src="${url}">`,
        `<iframe src="${url}"></iframe>`,
        `<iframe src="${url}" sandbox="allow-scripts allow-forms allow-same-origin"></iframe>`,
      ])
      .join("\n"),
  );
  await page.goto(origin);
  // Frames come and go until the browser has refused them all.
  await expect(async () => {
    for (const frame of page.frames()) {
      expect(await frame.getByText("Graph Connect").count(), "the app in a frame").toBe(0);
    }
  }).toPass({ timeout: 10_000 });
});

attackTest("hundreds of attempts", async ({ page, site }) => {
  const begun = Array.from({ length: 300 }, (_, i) => `${appUrl}/login?prompt=select_account&i=${i}`);
  const ended = Array.from({ length: 100 }, (_, i) => forged + i);
  const pictures = [...begun, ...ended].map((url) => `<img src="${attribute(url)}" alt="">`);
  await page.goto(await site(pictures.join("\n")));
});
