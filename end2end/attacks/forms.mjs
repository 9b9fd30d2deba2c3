// Forms and their keys while Microsoft fails in every way and the program is killed: each message is
// sent once at most, and what is said of it is true.

import { Browser } from "./client.mjs";
import { withProgram } from "./program.mjs";
import { Provider } from "./provider.mjs";

const FAULTS = {
  none: {},
  "500": { status: 500 },
  "503": { status: 503 },
  "429": { status: 429, retryAfter: "1" },
  "401": { status: 401 },
  "a connection closed before": { close: "before" },
  "a connection closed after": { close: "after" },
  "504 after it was sent": { status: 504, close: "after" },
  "an answer too late": { delayMs: 2500 },
  "another body": { body: "<h1>", contentType: "text/html" },
};

/** What a page says of its message. */
function told({ status, body }) {
  if (status === 303 || body.includes("Successfully sent")) return "sent";
  if (body.includes("We don't know") || body.includes("We don&#39;t know") || body.includes("We don&#x27;t know")) return "unknown";
  return "not sent";
}

export async function forms({ whole, attempt }) {
  await withProgram({}, async (program) => {
    const browser = await new Browser(program).signIn("work@sandbox.example");
    let number = 0;
    const subject = () => `message ${(number += 1)}`;
    const arrived = async (name) => (await program.outbox()).filter((it) => it.message.subject === name).length;
    /** Whether what each press was told fits what happened. */
    const verdict = async (name, pages) => {
      const count = await arrived(name);
      if (count > 1) return `sent ${count} times`;
      const words = new Set(pages.map(told));
      if (words.has("sent") && count === 0) return "told that it was sent, and it was not";
      if (words.has("not sent") && !words.has("sent") && !words.has("unknown") && count === 1) return "told that it was not sent, and it was";
      const server = pages.find((it) => it.status === 500);
      if (server) return "status 500";
    };
    const press = (form) => browser.copy().post("/send", form);

    for (const [what, fault] of Object.entries(FAULTS)) {
      for (const presses of whole ? [1, 2, 5, 20] : [3]) {
        await attempt(`${what}, ${presses} presses at once, and one more`, async () => {
          const form = await browser.form(subject());
          if (what !== "none") await program.fault({ route: "sendMail", ...fault });
          const pages = await Promise.all(Array.from({ length: presses }, () => press(form)));
          pages.push(await press(form));
          await program.clearFaults();
          // One key has one result, whoever hears it.
          const words = new Set(pages.map(told));
          if (words.size > 1) return `told ${[...words]}`;
          return verdict(form.subject, pages);
        });
      }
    }
    await attempt("another text with a used key", async () => {
      const form = await browser.form(subject());
      const first = await press(form);
      const second = await press({ ...form, message: "another" });
      if (second.status !== 409) return `status ${second.status}`;
      return verdict(form.subject, [first]);
    });
    for (const [what, change] of Object.entries({
      "an empty key": { key: "" },
      "a key of 10 kB": { key: "k".repeat(10_000) },
      "a key with NUL": { key: "a\0b" },
    })) {
      await attempt(`${what}, five presses`, async () => {
        const form = { ...(await browser.form(subject())), ...change };
        const pages = await Promise.all(Array.from({ length: 5 }, () => press(form)));
        return verdict(form.subject, pages);
      });
    }
    await attempt("a key of somebody else's form", async () => {
      const other = await new Browser(program).signIn("personal@sandbox.example");
      const form = await browser.form(subject());
      const own = await press(form);
      const stolen = { ...(await other.form(form.subject)), key: form.key };
      const second = await other.post("/send", stolen);
      if (told(second) !== "sent") return `the other's own form is told ${told(second)}`;
      if (own.status !== 303) return `the first: ${own.status}`;
    });

    await attempt("a defect that was logged", () => {
      const line = program.log.find((it) => it.event === "panic" || /panicked/.test(it.text ?? ""));
      return line && JSON.stringify(line);
    });
  });
  await killed({ whole, attempt });
}

/** The program is killed while messages are on their way; Microsoft is not in it, and remembers. */
async function killed({ whole, attempt }) {
  const provider = await new Provider().start();
  try {
    await withProgram(provider.settings, async (program) => {
      const browser = new Browser(program);
      const back = provider.code(await browser.pressConnect());
      await browser.get(back.pathname + back.search);
      for (let round = 1; round <= (whole ? 12 : 2); round += 1) {
        const subjects = Array.from({ length: whole ? 20 : 8 }, (_, index) => `message ${index} of round ${round}`);
        const forms = await Promise.all(subjects.map((subject) => browser.copy().form(subject)));
        // At another moment in each round.
        provider.delay = 15 * (round % 4);
        const presses = forms.map((form) => browser.copy().post("/send", form).catch(() => ({ status: 0, body: "" })));
        await new Promise((later) => setTimeout(later, 8 * round));
        await program.kill();
        const pages = await Promise.all(presses);
        await program.start();
        for (const [index, form] of forms.entries()) {
          await attempt(`killed in round ${round}, ${form.subject}`, async () => {
            const again = await browser.copy().post("/send", form);
            const sent = provider.sent.filter((it) => it.subject === form.subject).length;
            const words = [pages[index], again].filter((it) => it.status).map(told);
            if (sent > 1) return `sent ${sent} times`;
            if (words.includes("sent") && !sent) return "told that it was sent, and it was not";
            if (words.at(-1) === "not sent" && sent) return "told that it was not sent, and it was";
            if (!words.length) return "nothing was told";
          });
        }
      }
    });
  } finally {
    provider.stop();
  }
}
