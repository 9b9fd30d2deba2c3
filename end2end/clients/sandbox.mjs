// The sandbox under test: where it is, who is registered there (sandbox.toml), and its controls.

export const URL_BASE = process.env.SANDBOX_URL;
export const CLIENT_ID = "11111111-1111-4111-8111-111111111111";
export const EXPIRED = "11111111-1111-4111-8111-111111111112";
export const DISABLED = "11111111-1111-4111-8111-111111111113";
export const ONE_TENANT = "11111111-1111-4111-8111-111111111114";
export const PUBLIC = "11111111-1111-4111-8111-111111111115";
export const CERTIFIED = "11111111-1111-4111-8111-111111111116";
export const CLIENT_SECRET = "sandbox-secret";
export const TENANT = "22222222-2222-4222-8222-222222222222";
export const REDIRECT_URI = "http://localhost:5000/login/authorized";
export const WORK = "work@sandbox.example";
export const PERSONAL = "personal@sandbox.example";
export const NO_MAILBOX = "nomailbox@sandbox.example";

export const reset = () => post("reset");

/** What was sent, newest last. */
export const outbox = async () => (await fetch(`${URL_BASE}/sandbox/outbox`)).json();

/** One thing goes wrong, once. */
export const fault = (fault) => post("faults", [fault]);

export const passTime = (seconds) => post("clock", { advance: seconds });

/** Ends every refresh token of an account, as an administrator does. */
export const revoke = (account) => post("revoke", { account });

async function post(control, json) {
  const answer = await fetch(`${URL_BASE}/sandbox/${control}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: json && JSON.stringify(json),
  });
  if (!answer.ok) throw new Error(`${control}: ${answer.status} ${await answer.text()}`);
}
