// A real nginx with the README's configuration in front of the program.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join, resolve } from "node:path";
import { freePort } from "../clients/processes.mjs";

export const hasNginx = () => spawnSync("nginx", ["-v"], { stdio: "ignore" }).status === 0;

/** Starts it in front of `program`; gives its port, what it logged, and its end. */
export async function startNginx(program) {
  const folder = join(program.folder, "nginx");
  mkdirSync(folder);
  const port = await freePort();
  const readme = readFileSync(resolve(import.meta.dirname, "../../README.md"), "utf8");
  const [server, format] = [...readme.matchAll(/```nginx\n([^`]*)```/g)].map(([, text]) => text);
  const log = join(folder, "access.log");
  // Without TLS, which plays no part in how a request is read, and beside other servers.
  const changes = [
    ["listen 443 ssl;", `listen 127.0.0.1:${port};`],
    ["http://127.0.0.1:5000", `http://127.0.0.1:${program.port}`],
    ["/var/log/nginx/graph-connect.log", log],
    ["server_name mail.example.com;", "server_name localhost;"],
  ];
  let own = server;
  for (const [from, to] of changes) {
    if (!own.includes(from)) throw new Error(`the README's nginx has no ${from}`);
    own = own.replace(from, to);
  }
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((it) => `${it}_temp_path ${folder}/${it};`);
  // Its workers write into the folder, which is this user's.
  const user = process.getuid() === 0 ? "user root;" : "";
  const config = `daemon off; ${user} pid ${folder}/pid; error_log stderr crit; events {}
    http { ${temporary.join(" ")} ${format} ${own.replace("location / {", "keepalive_timeout 60s;\n location / {")} }`;
  writeFileSync(join(folder, "nginx.conf"), config);
  const child = spawn("nginx", ["-p", folder, "-c", join(folder, "nginx.conf")], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (text) => (said += text));
  for (;;) {
    if (child.exitCode !== null) throw new Error(`nginx did not start: ${said}`);
    if (await isThere(port)) break;
  }
  return {
    port,
    log: () => readFileSync(log, "utf8"),
    async stop() {
      const ended = once(child, "exit");
      child.kill();
      await ended;
    },
  };
}

function isThere(port) {
  return new Promise((done) => {
    const socket = connect(port, "127.0.0.1", () => (socket.destroy(), done(true)));
    socket.on("error", () => setTimeout(done, 20, false));
  });
}
