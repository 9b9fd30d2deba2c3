// What the drivers rely on to end: a program that is gone needs no waiting for.

import { test } from "node:test";
import { startSandbox } from "./processes.mjs";

test("stopping a program that has ended returns at once", async () => {
  const sandbox = await startSandbox();
  await sandbox.stop();
  await sandbox.stop();
});
