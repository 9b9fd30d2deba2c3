// Signs somebody in with MSAL Node and sends an email, all in the sandbox. Needs: npm install @azure/msal-node
import { ConfidentialClientApplication } from "@azure/msal-node";

const base = process.env.SANDBOX_URL ?? "https://localhost:5001";
const redirectUri = "http://localhost:5000/login/authorized";
const scopes = ["User.Read", "Mail.Send"];
const app = new ConfidentialClientApplication({
  auth: {
    clientId: "11111111-1111-4111-8111-111111111111",
    clientSecret: "sandbox-secret",
    authority: `${base}/common`,
    knownAuthorities: [new URL(base).host], // otherwise MSAL asks Microsoft about this host
  },
});

// A person opens this URL in a browser and presses two buttons. A test posts the two forms itself.
const page = await fetch(await app.getAuthCodeUrl({ scopes, redirectUri }));
let answer = await press(page, "account", { account: "work@sandbox.example" });
if (answer.status === 200) answer = await press(answer, "consent", { answer: "accept" });
const code = new URL(answer.headers.get("location")).searchParams.get("code");

const { accessToken } = await app.acquireTokenByCode({ code, scopes, redirectUri });
const sent = await fetch(`${base}/v1.0/me/sendMail`, {
  method: "POST",
  headers: { authorization: `Bearer ${accessToken}`, "content-type": "application/json" },
  body: JSON.stringify({
    message: { subject: "Hello", toRecipients: [{ emailAddress: { address: "friend@example.com" } }] },
  }),
});
const outbox = await (await fetch(`${base}/sandbox/outbox`)).json();
console.log(sent.status, outbox.at(-1).message.subject); // 202 Hello

async function press(page, form, fields) {
  const transaction = (await page.text()).match(/name="transaction" value="([^"]+)"/)[1];
  const body = new URLSearchParams({ transaction, ...fields });
  return fetch(`${base}/sandbox/sign-in/${form}`, { method: "POST", body, redirect: "manual" });
}
