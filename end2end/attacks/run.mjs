// Attacks the release program, over HTTP and in a browser, and prints how many attempts of each kind
// there were and which got somewhere. `node attacks/run.mjs [--whole] [table...]`: without --whole the
// small run, of a minute or two. SERVER_BIN is the program.

import { tables } from "./tables.mjs";

const whole = process.argv.includes("--whole");
const chosen = process.argv.slice(2).filter((it) => !it.startsWith("--"));
const results = [];

for (const [title, attempts] of Object.entries(tables)) {
  if (chosen.length && !chosen.includes(title)) continue;
  const result = { title, attempts: 0, succeeded: [], skipped: "", seconds: 0 };
  const began = performance.now();
  results.push(result);
  try {
    await attempts({
      whole,
      /** One attempt: `attack` throws, or gives a text, where it got somewhere. */
      async attempt(name, attack) {
        result.attempts += 1;
        const reason = await Promise.resolve()
          .then(attack)
          .catch((error) => error.stack ?? String(error));
        if (reason) {
          result.succeeded.push(name);
          console.log(`!! ${title}: ${name}: ${reason}`);
        }
      },
      skip: (reason) => (result.skipped = reason),
    });
  } catch (error) {
    // The table itself could not go on, which shows nothing about what it was to attack.
    result.succeeded.push("the table ended early");
    console.log(`!! ${title}: ${error.stack}`);
  }
  result.seconds = Math.round((performance.now() - began) / 1000);
}

const row = (title, attempts, succeeded, seconds) =>
  `${title.padEnd(14)} ${String(attempts).padStart(9)} ${String(succeeded).padStart(10)} ${String(seconds).padStart(8)}`;
console.log(`\n${row("Table", "Attempts", "Succeeded", "Seconds")}`);
for (const { title, attempts, succeeded, skipped, seconds } of results) {
  console.log(row(title, attempts, succeeded.length, seconds) + (skipped && `  skipped: ${skipped}`));
}
const sum = (of) => results.reduce((total, result) => total + of(result), 0);
const [attempts, succeeded] = [sum((it) => it.attempts), sum((it) => it.succeeded.length)];
console.log(row("Total", attempts, succeeded, sum((it) => it.seconds)));
console.log(`\n${attempts - succeeded} passed, ${succeeded} failed`);
process.exitCode = succeeded || !attempts ? 1 : 0;
