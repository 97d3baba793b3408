#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { hideSqliteWarning } from "./sqlite-warning.ts";

hideSqliteWarning(process);
await import("@groundplane/orchestrator/lean-sdk");
const [{ main, wantsJsonLog }, { processTerminal }, { orchestratorHost }, { CommandTelemetry }] =
  await Promise.all([
    import("./main.ts"),
    import("./process-terminal.ts"),
    import("./orchestrator-host.ts"),
    import("./telemetry/command-telemetry.ts"),
  ]);
const { version }: { version: string } = JSON.parse(
  readFileSync(new URL("../package.json", import.meta.url), "utf8"),
);
const argv = process.argv.slice(2);
const warningLine = (message: string): string =>
  wantsJsonLog(argv)
    ? JSON.stringify({ time: new Date().toISOString(), level: "warn", message })
    : `warning: ${message}`;
const telemetry = new CommandTelemetry({
  env: process.env,
  version,
  warn: (message) => process.stderr.write(`${warningLine(message)}\n`),
});
const exitCode = await main({
  argv,
  terminal: processTerminal(),
  host: orchestratorHost(telemetry),
  version,
});
process.exitCode = exitCode;
// An endpoint that hangs must not keep the command: it leaves once what it printed is out.
if (!(await telemetry.end()))
  process.stdout.write("", () => process.stderr.write("", () => process.exit(exitCode)));
