// A local certificate authority, made for one run, and TLS in front of other servers with its
// certificate. Bytes pass through as they are.

import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { createServer } from "node:tls";

/** A key and a certificate for `names`, signed by an authority of its own, all in `folder`. */
export function certificate(folder, names) {
  const at = (file) => join(folder, file);
  const openssl = (...options) => execFileSync("openssl", options, { stdio: "pipe" });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  openssl("req", "-x509", ...key, "-keyout", at("ca.key"), "-out", at("ca.pem"), "-days", "2", "-subj", "/CN=Attacks");
  openssl("req", ...key, "-keyout", at("key.pem"), "-out", at("request.pem"), "-subj", `/CN=${names[0]}`);
  writeFileSync(at("names"), `subjectAltName=${names.map((name) => `DNS:${name}`).join(",")}\n`);
  const sign = ["-CA", at("ca.pem"), "-CAkey", at("ca.key"), "-CAcreateserial", "-days", "2", "-extfile", at("names")];
  openssl("x509", "-req", "-in", at("request.pem"), "-out", at("cert.pem"), ...sign);
  return { key: readFileSync(at("key.pem")), cert: readFileSync(at("cert.pem")), ca: readFileSync(at("ca.pem")) };
}

/** Takes TLS connections and passes them on to the port that `ports` has for the name asked for. */
export async function tls({ key, cert }, ports) {
  const server = createServer({ key, cert, ALPNProtocols: ["http/1.1"] }, (secure) => {
    const port = ports[secure.servername];
    if (!port) return secure.destroy();
    const plain = connect(port, "127.0.0.1");
    secure.pipe(plain).pipe(secure);
    for (const [one, other] of [[secure, plain], [plain, secure]]) {
      one.on("error", () => other.destroy());
      one.on("close", () => other.destroy());
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { port: server.address().port, server, stop: () => server.close() };
}
