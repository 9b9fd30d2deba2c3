// Pictures of every page, for people to look at: `npm run screenshots`. They go to the folder that
// SHOTS names. Not part of the tests.

import { defineConfig } from "@playwright/test";
import tests from "./playwright.config";

const desktop = { width: 1280, height: 800 };
const phone = { width: 360, height: 740 };

// Spread, because `defineConfig(tests, …)` would keep the projects of the tests too.
export default defineConfig({
  ...tests,
  testDir: "screenshots",
  // So that this does not sweep away what the tests left.
  outputDir: "test-results/screenshots",
  projects: [
    { name: "1280-light", use: { viewport: desktop, colorScheme: "light" } },
    { name: "1280-dark", use: { viewport: desktop, colorScheme: "dark" } },
    { name: "360-light", use: { viewport: phone, colorScheme: "light" } },
  ],
});
