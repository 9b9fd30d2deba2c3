// A client that sends exactly the bytes it is told to, and a browser without scripts on top of it.

import { connect } from "node:net";

const PATIENCE = 20_000;

/** Sends `bytes` and gives all that comes back until the connection ends. */
export function exchange(port, bytes, patience = PATIENCE) {
  return new Promise((done, failed) => {
    const socket = connect(port, "127.0.0.1");
    const parts = [];
    const end = () => (socket.destroy(), done(Buffer.concat(parts).toString("latin1")));
    socket.setTimeout(patience, end);
    socket.on("data", (part) => parts.push(part));
    socket.on("close", end);
    socket.on("error", (error) => (parts.length || error.code === "ECONNRESET" ? end() : failed(error)));
    socket.on("connect", () => socket.write(bytes));
  });
}

/** The first answer in `text`: status, headers by name (several as a list), body. */
export function parse(text) {
  const [head, ...rest] = text.split("\r\n\r\n");
  const [line, ...fields] = head.split("\r\n");
  const headers = {};
  for (const field of fields) {
    const at = field.indexOf(":");
    (headers[field.slice(0, at).toLowerCase()] ??= []).push(field.slice(at + 1).trim());
  }
  const body = Buffer.from(rest.join("\r\n\r\n"), "latin1").toString();
  return { status: Number(line.split(" ")[1]) || 0, headers, body };
}

/** Decides what a request to `program` looks like. */
export function head(program, method, target, headers = {}) {
  const all = { Host: new URL(program.origin).host, Connection: "close", "Sec-Fetch-Site": "same-origin", ...headers };
  const fields = Object.entries(all).flatMap(([name, value]) => [value].flat().map((it) => `${name}: ${it}\r\n`));
  return `${method} ${target} HTTP/1.1\r\n${fields.join("")}\r\n`;
}

/** A browser that keeps cookies and follows nothing by itself. */
export class Browser {
  constructor(program, cookies = []) {
    this.program = program;
    this.cookies = new Map(cookies);
  }

  /** The same browser with a jar of its own. */
  copy() {
    return new Browser(this.program, this.cookies);
  }

  get cookieHeader() {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  async request(method, target, headers = {}, body = "") {
    const jar = this.cookies.size ? { Cookie: this.cookieHeader } : {};
    const length = body || method === "POST" ? { "Content-Length": Buffer.byteLength(body) } : {};
    const all = { ...jar, ...length, ...headers };
    // A header's letters are its bytes, and so are those of a body that is sent with it.
    const text = head(this.program, method, target, all);
    const answer = parse(await exchange(this.program.port, Buffer.concat([Buffer.from(text, "latin1"), Buffer.from(body)])));
    for (const line of answer.headers["set-cookie"] ?? []) {
      const [, name, value] = line.match(/^([^=]*)=([^;]*)/);
      if (line.includes("Max-Age=0")) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }

  get(target, headers) {
    return this.request("GET", target, headers);
  }

  post(target, fields, headers) {
    const type = { "Content-Type": "application/x-www-form-urlencoded" };
    return this.request("POST", target, { ...type, ...headers }, new URLSearchParams(fields).toString());
  }

  /** Presses "Connect": the authorization request. */
  async pressConnect() {
    const answer = await this.get("/login?prompt=select_account");
    if (answer.status !== 303) throw new Error(`"Connect" answers ${answer.status}`);
    return new URL(answer.headers.location[0]);
  }

  /** Signs in at the sandbox as `account`; the path that leads back. */
  async atSandbox(authorize, account) {
    const { sandbox } = this.program;
    const form = (path, fields) =>
      fetch(sandbox + path, { method: "POST", redirect: "manual", body: new URLSearchParams(fields) });
    const transaction = async (page) => (await page.text()).match(/name="transaction" value="([^"]*)"/)[1];
    const picker = await fetch(authorize, { redirect: "manual" });
    let answer = await form("/sandbox/sign-in/account", { transaction: await transaction(picker), account });
    if (!answer.headers.get("location")) {
      const accept = { transaction: await transaction(answer), answer: "accept" };
      answer = await form("/sandbox/sign-in/consent", accept);
    }
    const back = new URL(answer.headers.get("location"));
    return back.pathname + back.search;
  }

  async signIn(account) {
    const back = await this.atSandbox(await this.pressConnect(), account);
    const page = await this.get(back);
    if (page.status !== 200) throw new Error(`signing in answers ${page.status}`);
    return this;
  }

  /** Whom the mail page greets; nothing where it greets nobody. */
  async greeted(headers) {
    return greeting((await this.get("/send", headers)).body);
  }

  /** The fields of a fresh form with this text. */
  async form(subject) {
    const { body } = await this.get("/send");
    const field = (name) => body.match(new RegExp(`name="${name}"[^>]*?value="([^"]*)"`))?.[1];
    return { key: field("key"), account: field("account"), confirmed: "", to: "a@b.example", subject, message: "m" };
  }
}

export const greeting = (body) => body.match(/Hi, (?:<!>)?([^<!]+)/)?.[1];
