// What a large upload costs the sandbox: its memory before, during and after a file of 149 MB went
// through an upload session.
import { randomBytes } from "node:crypto";
import { launch, memory, row, sandboxUrl } from "./shared.mjs";

const MB = 1024 * 1024;
const SIZE = 149 * MB;
const PIECE = 4 * MB; // the largest that Outlook takes
const CLIENT_ID = "11111111-1111-4111-8111-111111111111";
const REDIRECT_URI = "http://localhost:5000/login/authorized";

async function request(url, options = {}) {
  const answer = await fetch(url, { redirect: "manual", ...options });
  if (answer.status >= 400) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return answer;
}

const form = (fields) => ({ method: "POST", body: new URLSearchParams(fields) });

/** Signs a personal account in, which may consent to drafts itself; its access token. */
async function accessToken(base) {
  const transaction = (page) => page.match(/name="transaction" value="([^"]*)"/)[1];
  const scope = "Mail.ReadWrite";
  const client = { client_id: CLIENT_ID, redirect_uri: REDIRECT_URI };
  const query = new URLSearchParams({ ...client, response_type: "code", scope });
  const picker = await request(`${base}/common/oauth2/v2.0/authorize?${query}`);
  const account = { transaction: transaction(await picker.text()), account: "personal@sandbox.example" };
  const consent = await request(`${base}/sandbox/sign-in/account`, form(account));
  const accept = { transaction: transaction(await consent.text()), answer: "accept" };
  const callback = await request(`${base}/sandbox/sign-in/consent`, form(accept));
  const code = new URL(callback.headers.get("location")).searchParams.get("code");
  const redeem = { ...client, client_secret: "sandbox-secret", grant_type: "authorization_code", code };
  const tokens = await request(`${base}/common/oauth2/v2.0/token`, form(redeem));
  return (await tokens.json()).access_token;
}

async function uploadUrl(base, token) {
  const post = async (path, body) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const options = { method: "POST", headers, body: JSON.stringify(body) };
    return (await request(`${base}/v1.0/${path}`, options)).json();
  };
  const { id } = await post("me/messages", { subject: "Large" });
  const AttachmentItem = { attachmentType: "file", name: "large.bin", size: SIZE };
  return (await post(`me/messages/${id}/attachments/createUploadSession`, { AttachmentItem })).uploadUrl;
}

/** Uploads, and prints how far the memory grew. */
export async function upload() {
  const sandbox = launch(process.env.SANDBOX_BIN, [], { SANDBOX_ADDR: "127.0.0.1:0" });
  const base = await sandboxUrl(sandbox);
  const url = await uploadUrl(base, await accessToken(base));
  const before = memory(sandbox, "VmRSS");
  for (let start = 0; start < SIZE; start += PIECE) {
    const body = randomBytes(Math.min(PIECE, SIZE - start));
    const range = `bytes ${start}-${start + body.length - 1}/${SIZE}`;
    await request(url, { method: "PUT", headers: { "content-range": range }, body });
  }
  row("Sandbox: memory for an upload of 149 MB", memory(sandbox, "VmHWM") - before, "MB");
  sandbox.kill();
}
