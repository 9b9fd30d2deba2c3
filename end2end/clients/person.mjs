// A person at a browser without JavaScript: opens pages, presses links and buttons by their words,
// fills in fields, keeps cookies. Knows nothing of OAuth.

const MOST_HOPS = 20;

export class Person {
  #cookies = new Map();
  #page;

  /** `end`: where the way ends. Nobody serves that address; what comes there is `arrived`. */
  constructor(end) {
    this.end = end;
  }

  /** Opens a page and presses these buttons, one after another; gives what arrived at the end. */
  async walk(url, words) {
    await this.open(url);
    for (const word of words) await this.press(word);
    if (!this.arrived) throw new Error(`the way ended on a page:\n${this.text}`);
    return this.arrived;
  }

  async open(url) {
    this.arrived = undefined;
    await this.#go(new URL(url));
  }

  /** What is written on the page. */
  get text() {
    const { title, html } = this.#page;
    return decode(`${title}\n${html.replace(/<(style|script)[\s\S]*?<\/\1>/g, "").replace(/<[^>]*>/g, " ")}`);
  }

  get status() {
    return this.#page.status;
  }

  /** Presses the link or the button with these words; `fields` are filled in first. */
  async press(words, fields = {}) {
    const { url, html } = this.#page;
    for (const [, tag, content] of html.matchAll(/<a\s([^>]*)>([\s\S]*?)<\/a>/g)) {
      if (plain(content) === words) return this.#go(new URL(attribute(tag, "href"), url));
    }
    for (const [, formTag, content] of html.matchAll(/<form([^>]*)>([\s\S]*?)<\/form>/g)) {
      for (const [, buttonTag, label] of content.matchAll(/<button([^>]*)>([\s\S]*?)<\/button>/g)) {
        if (plain(label) !== words) continue;
        const form = new URLSearchParams(this.#inputs(content));
        const name = attribute(buttonTag, "name");
        if (name) form.append(name, attribute(buttonTag, "value") ?? "");
        for (const [field, value] of Object.entries(fields)) form.set(field, value);
        return this.#go(new URL(attribute(formTag, "action") ?? "", url), form);
      }
    }
    throw new Error(`nothing says "${words}" here:\n${this.text}`);
  }

  #inputs(content) {
    return [...content.matchAll(/<input([^>]*)>/g)]
      .filter(([, tag]) => attribute(tag, "name"))
      .map(([, tag]) => [attribute(tag, "name"), attribute(tag, "value") ?? ""]);
  }

  async #go(url, form) {
    for (let hop = 0; hop < MOST_HOPS; hop++) {
      if (this.end && url.href.startsWith(this.end)) {
        this.arrived = Object.fromEntries(form ?? url.searchParams);
        return;
      }
      const answer = await fetch(url, {
        method: form ? "POST" : "GET",
        body: form,
        redirect: "manual",
        headers: { cookie: this.#cookiesFor(url), ...(form && { origin: this.#page.url.origin }) },
      });
      this.#keepCookies(url, answer);
      const html = await answer.text();
      const title = html.match(/<title>([^<]*)/)?.[1] ?? "";
      this.#page = { url, status: answer.status, title, html };
      const next =
        answer.headers.get("location") ?? html.match(/http-equiv="refresh" content="0; ?url=([^"]*)"/)?.[1];
      if (!next) return;
      [url, form] = [new URL(decode(next), url), undefined];
    }
    throw new Error(`the way goes in circles at ${url.origin}${url.pathname}`);
  }

  // As browsers do: cookies belong to a host, whatever its port.
  #cookiesFor({ hostname }) {
    return [...(this.#cookies.get(hostname) ?? [])].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  #keepCookies({ hostname }, answer) {
    const kept = this.#cookies.get(hostname) ?? new Map();
    this.#cookies.set(hostname, kept);
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
      const expires = line.match(/;\s*expires=([^;]*)/i)?.[1];
      const ended = /;\s*max-age=0/i.test(line) || (expires && new Date(expires) < new Date());
      if (ended) kept.delete(name);
      else kept.set(name, value);
    }
  }
}

function attribute(tag, name) {
  const value = tag.match(new RegExp(`\\b${name}=(?:"([^"]*)"|([^\\s>]+))`));
  return value && decode(value[1] ?? value[2]);
}

function plain(html) {
  return decode(html.replace(/<[^>]*>/g, "")).trim();
}

function decode(text) {
  const entities = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal, hex, name) =>
    name ? (entities[name] ?? whole) : String.fromCodePoint(decimal ? Number(decimal) : parseInt(hex, 16)),
  );
}
