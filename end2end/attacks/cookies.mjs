// Cookies that another host of the same domain can leave, or a program can send: names with white
// space and in every encoding, duplicates, and every order. The attacker's own session is in them; it
// must never be whom the site greets.

import { Browser, greeting } from "./client.mjs";
import { withProgram } from "./program.mjs";

const SPACES = [
  0x00, 0x09, 0x0b, 0x0c, 0x20, 0x85, 0xa0, 0xad, 0x1680, 0x180e, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006,
  0x2007, 0x2008, 0x2009, 0x200a, 0x200b, 0x200d, 0x2028, 0x2029, 0x202f, 0x205f, 0x2060, 0x3000, 0xfeff,
].map((it) => String.fromCodePoint(it));

// Line ends and NUL end a request, which is another table's matter.
const SENDABLE = SPACES.filter((it) => it !== "\0");

/** The bytes of a text as the letters of a header. */
const bytes = (text) => Buffer.from(text).toString("latin1");
const percent = (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`;

/** Other names that a lenient reader takes for `name`. */
function* variants(name, prefix) {
  for (const space of SENDABLE) {
    const code = `U+${space.codePointAt(0).toString(16).padStart(4, "0")}`;
    yield [`${code} before`, bytes(space) + name];
    yield [`${code} behind`, name + bytes(space)];
    // As one byte of Latin-1, which is no UTF-8.
    if (space.charCodeAt(0) < 0x100) yield [`${code} as a byte before`, space + name];
  }
  for (let at = 0; at < name.length; at += 1) {
    yield [`letter ${at} percent-encoded`, name.slice(0, at) + percent(name[at]) + name.slice(at + 1)];
    yield [`letter ${at} percent-encoded in lower case`, name.slice(0, at) + percent(name[at]).toLowerCase() + name.slice(at + 1)];
  }
  yield ["all percent-encoded", [...name].map(percent).join("")];
  yield ["encoded twice", name.replace("-", "%252D")];
  yield ["upper case", name.toUpperCase()];
  yield ["quoted", `"${name}"`];
  yield ["in braces", `${name}[]`];
  yield ["full width", bytes(name.replace("a", "ａ"))];
  for (const other of ["", "__Host-", "__Secure-", "__Http-", "__host-http-", "__Host-Http"]) {
    if (other !== prefix) yield [`prefix ${other || "none"}`, other + name.slice(prefix.length)];
  }
}

export async function cookies({ whole, attempt }) {
  await withProgram({}, async (program) => {
    const victim = await new Browser(program).signIn("work@sandbox.example");
    const attacker = await new Browser(program).signIn("personal@sandbox.example");
    await table({ whole, attempt, program, victim, attacker, prefix: "", names: ["Wanda Work", "Petra Personal"] });
  });
}

async function table({ whole, attempt, program, victim, attacker, prefix, names: [own, foreign] }) {
  const session = `${prefix}graph-connect-session-0`;
  const seen = `${prefix}graph-connect-seen`;
  const tossed = (name) => `${name}=${attacker.cookies.get(session)}`;
  const lastUse = `${seen}=${attacker.cookies.get(seen)}`;
  /** Whom a request with this Cookie header is greeted as. */
  const greeted = async (header) => {
    const { status, body } = await new Browser(program).get("/send", { Cookie: header });
    if (status >= 500) throw new Error(`status ${status}`);
    return greeting(body);
  };
  const never = async (header, ...allowed) => {
    const name = await greeted(header);
    if (name === foreign || (name && !allowed.includes(name))) return `greets ${name}`;
  };

  if ((await greeted(victim.cookieHeader)) !== own) throw new Error("the victim's own cookies greet nobody");
  if ((await greeted(`${tossed(session)}; ${lastUse}`)) !== foreign) throw new Error("the attacker's own greet nobody");

  for (const [what, name] of variants(session, prefix)) {
    // RFC 6265 drops these two around a name; then it is the name itself.
    const isName = name.trim() === session && !/[^\t ]/.test(name.replace(session, ""));
    if (!isName) await attempt(`${what}, alone`, () => never(`${tossed(name)}; ${lastUse}`));
    for (const order of whole ? ["after", "before"] : ["after"]) {
      const pair = order === "after" ? [victim.cookieHeader, tossed(name)] : [tossed(name), victim.cookieHeader];
      await attempt(`${what}, ${order} the person's own`, () => never(pair.join("; "), own));
    }
  }
  // Of names that come twice nobody can tell which is ours.
  for (const header of [
    `${victim.cookieHeader}; ${tossed(session)}`,
    `${tossed(session)}; ${victim.cookieHeader}`,
    `${tossed(session)}; ${victim.cookieHeader}; ${lastUse}`,
    `${victim.cookieHeader}; ${tossed(session)}; ${lastUse}`,
    `${tossed(session)}; ${tossed(session)}; ${lastUse}`,
  ]) {
    await attempt("the same name twice", () => never(header));
    await attempt("the same name twice, in two header lines", async () => {
      const [first, ...rest] = header.split("; ");
      const { body } = await new Browser(program).get("/send", { Cookie: [first, rest.join("; ")] });
      if (greeting(body)) return `greets ${greeting(body)}`;
    });
  }
  await attempt("the attacker's time of last use", () => never(victim.cookieHeader.replace(/seen=[^;]*/, lastUse), own));
  // The attacker's session in the other cookies' places.
  for (const name of ["session-1", "session-00", "session-", "session", "seen", "flash", "login-0"]) {
    await attempt(`the session as ${name}`, () => never(`${tossed(`${prefix}graph-connect-${name}`)}; ${lastUse}`));
  }
  // Other spellings of the value.
  const value = attacker.cookies.get(session);
  for (const [what, text] of [
    ["+1.", `+${value}`],
    ["01.", `0${value}`],
    ["1%2E", value.replace(".", "%2E")],
    ["quoted", `"${value}"`],
    ["padded", `${value}=`],
    ["standard base64", value.replaceAll("-", "+").replaceAll("_", "/")],
    ["with a comma", `${value},`],
    ["with white space inside", `${value.slice(0, 9)} ${value.slice(9)}`],
    ["last letter flipped", value.slice(0, -1) + (value.endsWith("A") ? "B" : "A")],
  ]) {
    const same = text === value;
    if (!same) await attempt(`value ${what}`, () => never(`${session}=${text}; ${lastUse}`));
  }
  // Cuts and flips of each kind of place.
  const places = whole ? 200 : 30;
  for (let at = 1; at <= places; at += 1) {
    const place = Math.floor((at * (value.length - 1)) / places);
    const flipped = value.slice(0, place) + (value[place] === "A" ? "B" : "A") + value.slice(place + 1);
    await attempt(`cut at ${place}`, () => never(`${session}=${value.slice(0, place)}; ${lastUse}`));
    await attempt(`flipped at ${place}`, () => never(`${session}=${flipped}; ${lastUse}`));
  }
}
