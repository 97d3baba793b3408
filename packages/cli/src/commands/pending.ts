import { EXIT_CODES, GroundplaneError } from "@groundplane/contracts";
import { z } from "zod";
import type { CommandContext, CommandHandler } from "../command-context.ts";
import { parseInput, runOptionsSchema } from "../options.ts";
import { pendingLines } from "../render/pending.ts";
import { chosenStack, loadFrom, reporterFor, runInSession, showRun, withPipeline } from "../session.ts";
import { writeLines } from "../terminal.ts";

const argumentsSchema = z.tuple([z.string(), z.string().optional()]);
const optionsSchema = runOptionsSchema.extend({
  gone: z.array(z.string().min(1)).default([]),
  adopt: z.array(z.string().min(1)).default([]),
  read: z.boolean().default(false),
  dryRun: z.boolean().default(false),
});

/** A URN may hold "=", and an id too: where there are several, the URNs that are pending tell which one parts them. */
function adoption(text: string, urns: readonly string[]): { readonly urn: string; readonly id: string } {
  const known = urns.find((urn) => text.startsWith(`${urn}=`));
  const at = known?.length ?? text.indexOf("=");
  const [urn, id] = [text.slice(0, Math.max(0, at)), text.slice(at + 1)];
  if (urn.startsWith("urn:") && id !== "") return { urn, id };
  throw new GroundplaneError(
    "INVALID_ARGUMENT",
    `--adopt takes <urn>=<id>, and "${text}" is not that. "groundplane pending" lists the URNs; the id is the provider's.`,
    { facts: { adopt: text } },
  );
}

async function list(context: CommandContext, options: z.output<typeof optionsSchema>, ref: StackRef) {
  const report = await withPipeline(context, options.project, (pipeline, { project }) =>
    pipeline.pending({
      environment: ref.environment,
      stack: chosenStack(project, ref.environment, ref.named),
    }),
  );
  const { stdout } = context.terminal;
  if (options.json) stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else writeLines(stdout, pendingLines(report, context.style));
  return report.operations.length === 0 ? EXIT_CODES.done : EXIT_CODES.blocked;
}

function pendingUrns(
  context: CommandContext,
  project: string | undefined,
  ref: { readonly stack: string; readonly environment: string },
): Promise<readonly string[]> {
  return withPipeline(context, project, async (pipeline) =>
    (await pipeline.pending(ref)).operations.map(({ urn }) => urn),
  );
}

interface StackRef {
  readonly environment: string;
  readonly named: string | undefined;
}

/** Lists the operations that never ended, or settles them. */
export const pending: CommandHandler = async (context) => {
  const [environment, named] = parseInput(argumentsSchema, [context.arguments[0], context.arguments[1]]);
  const options = parseInput(optionsSchema, context.options);
  const settles = options.read || options.gone.length > 0 || options.adopt.length > 0;
  if (!settles) return list(context, options, { environment, named });
  const handle = await loadFrom(context, options.project);
  const stack = chosenStack(handle.project, environment, named);
  const ambiguous = options.adopt.some((text) => text.split("=").length > 2);
  const urns = ambiguous ? await pendingUrns(context, options.project, { stack, environment }) : [];
  const adopt = options.adopt.map((text) => adoption(text, urns));
  const report = reporterFor(context, options, {
    title: `settle what is pending in ${environment}/${stack}`,
    steps: options.dryRun ? [] : ["approve", "up"],
  });
  const result = await runInSession(context, handle, options, report, ({ pipeline, actor, signal }) =>
    pipeline.settle({
      stack,
      environment,
      requester: actor,
      gone: options.gone,
      adopt,
      confirm: options.confirm,
      ...(options.dryRun ? { previewOnly: true } : {}),
      signal,
    }),
  );
  return showRun(context, options, result);
};
