import { EXIT_CODES, GroundplaneError, type JsonValue, jsonValueSchema } from "@groundplane/contracts";
import type { Fault } from "@groundplane/sandbox";
import { z } from "zod";
import type { CommandContext, CommandHandler } from "../command-context.ts";
import { commonOptionsSchema, parseInput } from "../options.ts";
import type { SandboxCloudView } from "../project-host.ts";
import { oneLine } from "../render/plain-text.ts";
import { shortType } from "../render/resource-name.ts";
import { table } from "../render/table.ts";
import { loadFrom } from "../session.ts";
import { writeLines } from "../terminal.ts";

async function withSandbox(
  context: CommandContext,
  use: (cloud: SandboxCloudView, json: boolean) => void,
): Promise<number> {
  const options = parseInput(commonOptionsSchema, context.options);
  const handle = await loadFrom(context, options.project);
  const cloud = await handle.sandbox(textArgument(context, 0));
  try {
    use(cloud, options.json);
  } finally {
    cloud.close();
  }
  return EXIT_CODES.done;
}

function textArgument(context: CommandContext, index: number): string {
  return parseInput(z.string(), context.arguments[index]);
}

function printJson(context: CommandContext, value: unknown): void {
  context.terminal.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Lists what exists in an environment's sandbox. */
export const list: CommandHandler = (context) =>
  withSandbox(context, (cloud, json) => {
    const resources = cloud.describe();
    if (json) return printJson(context, resources);
    const { style } = context;
    const header = ["TYPE", "ID", "NAME", "REGION"].map((title) => style.dim(title));
    const rows = resources.map(({ type, id, name, region }) => [
      shortType(type),
      oneLine(id),
      oneLine(name),
      region,
    ]);
    writeLines(
      context.terminal.stdout,
      rows.length === 0 ? ["The sandbox is empty."] : table([header, ...rows]),
    );
  });

/** Shows one resource; always JSON. */
export const get: CommandHandler = (context) =>
  withSandbox(context, (cloud) => {
    const id = textArgument(context, 1);
    const found = cloud.get(id);
    const resource = found.find(({ urn }) => urn !== "") ?? found[0];
    if (resource === undefined) {
      throw new GroundplaneError(
        "SANDBOX_INVALID",
        `nothing in the sandbox has the id "${id}": "groundplane sandbox list ${textArgument(context, 0)}" shows what has.`,
        { facts: { id } },
      );
    }
    printJson(context, resource);
  });

function jsonArgument(text: string): JsonValue {
  try {
    return jsonValueSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new GroundplaneError(
      "INVALID_ARGUMENT",
      `${text} is no JSON: a text needs quotes of its own, such as '"${text}"'.`,
      { cause, facts: { value: text } },
    );
  }
}

/** Drift is what was just made. */
const driftLine = (context: CommandContext): string =>
  `See it: groundplane drift ${textArgument(context, 0)}`;

/** Changes a property behind Pulumi's back. */
export const set: CommandHandler = (context) =>
  withSandbox(context, (cloud, json) => {
    const [id, path] = [1, 2].map((index) => textArgument(context, index));
    const changed = cloud.set(id ?? "", path ?? "", jsonArgument(textArgument(context, 3)));
    if (json) return printJson(context, changed);
    writeLines(context.terminal.stdout, [
      `${id} has ${path} = ${textArgument(context, 3)} now; the state does not know.`,
      driftLine(context),
    ]);
  });

/** Removes a resource behind Pulumi's back. */
export const remove: CommandHandler = (context) =>
  withSandbox(context, (cloud, json) => {
    const id = textArgument(context, 1);
    cloud.remove(id);
    if (json) return printJson(context, { removed: id });
    writeLines(context.terminal.stdout, [`${id} is gone; the state does not know.`, driftLine(context)]);
  });

const wholeNumber = (option: string) =>
  z.coerce.number(`${option} is a whole number`).int(`${option} is a whole number`);
const faultOptionsSchema = z.object({
  add: z.string().min(1).optional(),
  operation: z
    .enum(
      ["check", "diff", "create", "read", "update", "delete", "invoke", "*"],
      "--operation is check, diff, create, read, update, delete, invoke or *",
    )
    .default("*"),
  error: z.string().optional(),
  delay: wholeNumber("--delay").min(0).optional(),
  hang: z.boolean().default(false),
  after: z.boolean().default(false),
  times: wholeNumber("--times").min(1).optional(),
  clear: z.union([z.literal(true), wholeNumber("--clear")]).optional(),
});

function faultWords(fault: Fault): string {
  const does = [
    fault.delayMs > 0 ? `waits ${fault.delayMs} ms` : undefined,
    fault.hang ? "never answers" : undefined,
    fault.error === undefined ? undefined : `fails: ${oneLine(fault.error)}`,
  ].filter((words) => words !== undefined);
  return does.join(", ");
}

/** Adds, lists and clears faults. */
export const faults: CommandHandler = (context) =>
  withSandbox(context, (cloud, json) => {
    const options = parseInput(faultOptionsSchema, context.options);
    const { add, operation, error, delay, hang, after, times, clear } = options;
    if (clear !== undefined) cloud.clearFaults(clear === true ? undefined : clear);
    if (add !== undefined) {
      cloud.addFault({
        ...{ type: add, operation, hang, moment: after ? "after" : "before" },
        ...(error === undefined ? {} : { error }),
        ...(delay === undefined ? {} : { delayMs: delay }),
        ...(times === undefined ? {} : { times }),
      });
    }
    const all = cloud.faults();
    if (json) return printJson(context, all);
    const rows = all.map((fault) => [
      String(fault.id),
      fault.type,
      fault.operation,
      fault.moment,
      fault.remaining === undefined ? "always" : `${fault.remaining} left`,
      faultWords(fault),
    ]);
    writeLines(context.terminal.stdout, rows.length === 0 ? ["No faults."] : table(rows));
  });
