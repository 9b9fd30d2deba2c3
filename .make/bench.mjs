// The table of `make bench`. A limit that isn't kept fails nothing: time depends on the machine.
import { head } from "./bench/shared.mjs";
import { requests } from "./bench/cpu.mjs";
import { presses } from "./bench/press.mjs";
import { lighthouse } from "./bench/lighthouse.mjs";
import { growth } from "./bench/growth.mjs";
import { upload } from "./bench/upload.mjs";

const parts = { requests, presses, lighthouse, growth, upload };
const wanted = process.argv.slice(2);

// Whatever hangs, this ends.
const tooLong = setTimeout(() => {
  console.error("Half an hour is over; giving up.");
  process.exit(1);
}, 1_800_000);

head();
for (const name of wanted.length > 0 ? wanted : Object.keys(parts)) await parts[name]();
clearTimeout(tooLong);
process.exit();
