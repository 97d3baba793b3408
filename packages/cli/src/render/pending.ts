import type { JsonValue, PendingOperationReport, PendingReport, PendingStory } from "@groundplane/contracts";
import { quotedForShell } from "../quoted-for-shell.ts";
import type { Style } from "../terminal.ts";
import { dateTime } from "./duration.ts";
import { oneLine } from "./plain-text.ts";
import { inlineValue } from "./property-value.ts";
import { table } from "./table.ts";

/** Properties that are shown to tell the resource by; `--json` has them all. */
const SHOWN_INPUTS = 6;

const TOLD: Readonly<Record<PendingStory, string>> = {
  began: "the engine told that it began, and nothing after that",
  ended: "the engine told that it went well; the state does not have that",
  failed: "the engine told that it failed",
  nothing: "no run here tells of it: it was another tool, or another machine",
};

function tells(value: JsonValue): boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function operationLines(operation: PendingOperationReport, style: Style): string[] {
  const { urn, type, name, id, told, run, beganAt, errors, inputs } = operation;
  const telling = Object.entries(inputs).filter(([key, value]) => tells(value) && !key.startsWith("__"));
  const facts = [
    ["Urn", oneLine(urn)],
    [
      "Look for",
      `${oneLine(type)} ${style.bold(oneLine(name))}${id === undefined ? "" : `, ${oneLine(id)}`}`,
    ],
    ...telling
      .slice(0, SHOWN_INPUTS)
      .map(([key, value]) => ["", style.dim(`${oneLine(key)}: ${inlineValue(value)}`)]),
    ["Told", TOLD[told]],
    ...errors.map((error) => ["", style.red(oneLine(error))]),
    ...(run === undefined
      ? []
      : [["Since", `${run}${beganAt === undefined ? "" : `, ${dateTime(beganAt)}`}`]]),
  ];
  return [
    "",
    `${style.yellow("●")} ${style.bold(oneLine(operation.operation))} ${oneLine(name)}`,
    ...table(facts, "    "),
  ];
}

function settleLines({ stack, environment, operations }: PendingReport, style: Style): string[] {
  const command = `groundplane pending ${environment} ${stack}`;
  const creating = operations.filter(({ operation }) => operation === "creating");
  if (creating.length === 0)
    return [
      "",
      style.bold("To settle it"),
      `  ${command} --read`,
      style.dim("  reads from the cloud how it went"),
    ];
  const decide = (flag: (operation: PendingOperationReport) => string): string =>
    `  ${[command, ...creating.map(flag)].join(" \\\n    ")}`;
  return [
    "",
    style.bold("To settle it, look in the cloud first; decide each creation in one command"),
    style.dim("  it does not exist:"),
    decide(({ urn }) => `--gone ${quotedForShell(urn)}`),
    style.dim("  it exists, under this id of the provider's:"),
    decide(({ urn, id }) => `--adopt ${quotedForShell(`${urn}=${id ?? "ID"}`)}`),
  ];
}

/** Each operation that never ended, what to look for, and how to settle it. */
export function pendingLines(report: PendingReport, style: Style): string[] {
  const { stack, environment, operations } = report;
  const where = style.bold(`${environment}/${stack}`);
  if (operations.length === 0) return [`${where}: no operation is pending.`];
  const count = `${operations.length} ${operations.length === 1 ? "operation" : "operations"} never ended`;
  return [
    `${where}: ${style.yellow(count)}`,
    ...operations.flatMap((operation) => operationLines(operation, style)),
    ...settleLines(report, style),
  ];
}
