// Runs in the container that stands in for Mattermost's image: accounts over the local socket, and a ping that is only
// answered with 200 when the database lets it in by the file that PGPASSFILE names.
import { execFile } from "node:child_process";
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { FakeMattermost } from "../../fake-mattermost.ts";

const STATE = "/mattermost/data/state.json";
const mattermost = new FakeMattermost();
if (existsSync(STATE)) mattermost.restore(readFileSync(STATE, "utf8"));
mattermost.onChange = () => writeFileSync(STATE, mattermost.saved());

const socket = process.env["MM_SERVICESETTINGS_LOCALMODESOCKETLOCATION"] ?? "";
rmSync(socket, { force: true });
await mattermost.listen(socket);
chmodSync(socket, 0o600);
// What it writes at its first start.
for (const folder of ["config", "plugins", "client/plugins", "logs", "bleve-indexes"])
  writeFileSync(`/mattermost/${folder}/written`, "");

createServer((_, response) => {
  const database = process.env["MM_SQLSETTINGS_DATASOURCE"] ?? "";
  execFile("psql", ["-w", "-qAtXc", "SELECT 1", database], (error) =>
    response.writeHead(error === null ? 200 : 500).end("{}"),
  );
}).listen(8065);
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => process.exit(0));
