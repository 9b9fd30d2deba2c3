// What a large upload costs the sandbox: its memory before, during and after a
// file of 149 MB went through an upload session. Started by `make bench`.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";

const MB = 1024 * 1024;
const SIZE = 149 * MB;
const PIECE = 4 * MB; // the largest that Outlook takes
const CLIENT_ID = "11111111-1111-4111-8111-111111111111";
const REDIRECT_URI = "http://localhost:5000/login/authorized";

const sandbox = spawn(process.env.SANDBOX_BIN, {
  env: { ...process.env, SANDBOX_ADDR: "127.0.0.1:0", RUST_LOG: "warn" },
  stdio: ["ignore", "pipe", "inherit"],
});
// Whatever hangs, this ends.
const tooLong = setTimeout(() => {
  sandbox.kill("SIGKILL");
  console.error("Two minutes are over; giving up.");
  process.exit(1);
}, 120_000);

/** Its address, from what it prints at start. */
async function address() {
  let printed = "";
  for await (const text of sandbox.stdout) {
    printed += text;
    const found = printed.match(/^GRAPH_URL=(.*)$/m);
    if (found) return found[1];
  }
  throw new Error("The sandbox ended before it said where it answers.");
}

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

/** A line of /proc/{pid}/status, in MB. */
function memory(line) {
  const status = readFileSync(`/proc/${sandbox.pid}/status`, "utf8");
  return Number(status.match(new RegExp(`^${line}:\\s+(\\d+) kB$`, "m"))[1]) / 1024;
}

const show = (name, number) => console.log(name.padEnd(36) + number.toFixed(1).padStart(10) + " MB");

try {
  const base = await address();
  const url = await uploadUrl(base, await accessToken(base));
  const before = memory("VmRSS");
  for (let start = 0; start < SIZE; start += PIECE) {
    const body = randomBytes(Math.min(PIECE, SIZE - start));
    const range = `bytes ${start}-${start + body.length - 1}/${SIZE}`;
    await request(url, { method: "PUT", headers: { "content-range": range }, body });
  }
  const [peak, after] = [memory("VmHWM"), memory("VmRSS")];
  show("Uploaded", SIZE / MB);
  show("Resident before", before);
  show("Resident at most", peak);
  show("Resident after", after);
  show("Growth at most", peak - before);
} finally {
  clearTimeout(tooLong);
  sandbox.kill();
}
