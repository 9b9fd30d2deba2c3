// Starts a sandbox over TLS and runs the drivers against it, or those that are named: other
// people's clients, unchanged, assert what they hand to the app that uses them.
// `node clients/run.mjs [driver...]`. PYTHON is an interpreter with requirements.txt installed.

import { execFileSync, spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSandbox } from "./processes.mjs";
import { CERTIFIED, REDIRECT_URI } from "./sandbox.mjs";

const DRIVERS = [
  "processes.test.mjs",
  "test_msal.py",
  "test_msal_credentials.py",
  "msal-node.test.mjs",
  "msal-node-credentials.test.mjs",
  "graph-js.test.mjs",
  "test_msgraph.py",
  "auth-js.test.mjs",
  "openid-client.test.mjs",
  "azure-identity.test.mjs",
  "kiota.test.mjs",
  "test_authlib.py",
  "test_o365.py",
  "providers.test.mjs",
];

const chosen = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "graph-connect-clients-"));
const certificate = join(folder, "certificate.pem");
const config = join(folder, "sandbox.toml");
writeFileSync(config, readFileSync(join(import.meta.dirname, "sandbox.toml"), "utf8") + withCertificate());
const sandbox = await startSandbox(["--tls", "--config", config], { STATE_DIR: folder });
const authority = join(folder, "sandbox/authority.pem");
const env = {
  ...process.env,
  SANDBOX_URL: sandbox.url,
  CERTIFICATE: certificate,
  NODE_EXTRA_CA_CERTS: authority,
  REQUESTS_CA_BUNDLE: authority,
  SSL_CERT_FILE: authority,
  PYTHONDONTWRITEBYTECODE: "1",
};

/** An application that proves who it is with a certificate; this makes it and its key, for this run. */
function withCertificate() {
  const made = ["-newkey", "rsa:2048", "-nodes", "-subj", "/CN=Clients of the sandbox", "-days", "2"];
  const files = ["-keyout", certificate, "-out", `${certificate}.public`];
  execFileSync("openssl", ["req", "-x509", ...made, ...files], { stdio: ["ignore", "ignore", "pipe"] });
  const pem = readFileSync(`${certificate}.public`, "utf8");
  // Key and certificate in one file, as Microsoft's clients read them.
  appendFileSync(certificate, pem);
  return `
[[registration]]
client_id = "${CERTIFIED}"
name = "With a certificate"
redirect_uris = ["${REDIRECT_URI}"]
application_permissions = ["Mail.Send"]
certificates = ["""
${pem}"""]
`;
}

/** Runs a driver and gives how many of its tests passed and failed, as its runner's last lines say. */
function run(driver) {
  const [command, ...options] = driver.endsWith(".py")
    ? // The clients warn about what they themselves do.
      [process.env.PYTHON ?? "python3", "-W", "ignore", "-m", "unittest", "-v", driver]
    : // A whole driver takes a minute or two; one that hangs must end some time.
      [process.execPath, "--test", "--test-timeout=1200000", "--test-reporter=spec", driver];
  return new Promise((resolve, reject) => {
    const child = spawn(command, options, { cwd: import.meta.dirname, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (data) => {
        output += data;
        process.stdout.write(data);
      });
    }
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...count(output) }));
  });
}

function count(output) {
  const sum = (pattern) => [...output.matchAll(pattern)].reduce((total, [, number]) => total + Number(number), 0);
  const failed = sum(/^ℹ fail (\d+)/gm) + sum(/^FAILED .*failures=(\d+)/gm) + sum(/^FAILED .*errors=(\d+)/gm);
  return { failed, passed: sum(/^ℹ pass (\d+)/gm) + Math.max(0, sum(/^Ran (\d+) tests?/gm) - failed) };
}

const results = [];
try {
  for (const driver of chosen.length ? chosen : DRIVERS) {
    console.log(`\n-- ${driver}`);
    const began = performance.now();
    results.push(await run(driver));
    console.log(`   (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  }
} finally {
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
}
const total = (key) => results.reduce((sum, result) => sum + result[key], 0);
console.log(`\n${total("passed")} passed, ${total("failed")} failed`);
process.exitCode = results.every(({ code, passed }) => code === 0 && passed > 0) ? 0 : 1;
