#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { hideSqliteWarning } from "./sqlite-warning.ts";

hideSqliteWarning(process);
const [{ main }, { processTerminal }, { orchestratorHost }] = await Promise.all([
  import("./main.ts"),
  import("./process-terminal.ts"),
  import("./orchestrator-host.ts"),
]);
const { version }: { version: string } = JSON.parse(
  readFileSync(new URL("../package.json", import.meta.url), "utf8"),
);
process.exitCode = await main({
  argv: process.argv.slice(2),
  terminal: processTerminal(),
  host: orchestratorHost(),
  version,
});
