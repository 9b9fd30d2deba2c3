// Whether a cost grows with the work done: a million of each, by server/examples/growth.rs.
import { launch, row } from "./shared.mjs";

const KINDS = [
  ["forms", "1,000,000 sends remembered"],
  ["marks", "1,000,000 marks"],
  ["rates", "1,000,000 presses of 100,000 sessions"],
  ["mailboxes", "1,000,000 turns of 10,000 mailboxes"],
];

/** What it prints: the rows of its table, and how long it takes to start with all the marks. */
async function measure(kind) {
  let text = "";
  for await (const piece of launch(process.env.GROWTH_BIN, [kind]).stdout) text += piece;
  const rows = [...text.matchAll(/^\| +\d.*$/gm)].map(([it]) => it.split("|").slice(1, -1).map(Number));
  return { rows, start: Number(text.match(/: (\d+) ms/)?.[1]) };
}

export async function growth() {
  for (const [kind, name] of KINDS) {
    const { rows, start } = await measure(kind);
    const [first, last] = [rows[0], rows.at(-1)];
    // Whole microseconds: less than one is none.
    row(`${name}: CPU of each, last 100,000`, last[2], "us", Math.max(1, first[2] * 1.2).toFixed(0));
    row(`${name}: memory`, last[3] / 1024, "MB", 48);
    if (start) row(`${name}: start with all of them`, start, "ms", 1000);
  }
}
