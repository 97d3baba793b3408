import { readFile } from "node:fs/promises";
import { EXIT_CODES, GroundplaneError, type OutputsArtifact } from "@groundplane/contracts";
import { z } from "zod";
import type { CommandContext, CommandHandler } from "../command-context.ts";
import { commonOptionsSchema, parseInput } from "../options.ts";
import type { Pipeline } from "../project-host.ts";
import { changeSetLines } from "../render/change-set.ts";
import { outputsLines } from "../render/outputs.ts";
import { runListLines, runStoryLines } from "../render/run-story.ts";
import { chosenStack, withPipeline } from "../session.ts";
import { writeLines } from "../terminal.ts";
import { runArgument } from "./decide.ts";

function printJson(context: CommandContext, value: unknown): void {
  context.terminal.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

const statusSchema = commonOptionsSchema.extend({
  environment: z.string().optional(),
  stack: z.string().optional(),
  limit: z.coerce
    .number("--limit is a whole number")
    .int("--limit is a whole number")
    .min(1)
    .max(1000)
    .default(20),
  history: z.boolean().default(false),
});

/** One run's story, or the list of runs. */
export const status: CommandHandler = async (context) => {
  const options = parseInput(statusSchema, context.options);
  await withPipeline(context, options.project, (pipeline) => {
    if (context.arguments[0] !== undefined) {
      showStory(context, options, pipeline);
      return;
    }
    const { environment, stack, limit } = options;
    const runs = pipeline.runs({
      limit,
      ...(environment === undefined ? {} : { environment }),
      ...(stack === undefined ? {} : { stack }),
    });
    if (options.json) printJson(context, runs);
    else writeLines(context.terminal.stdout, runListLines(runs, context.terminal.now(), context.style));
  });
  return EXIT_CODES.done;
};

function showStory(
  context: CommandContext,
  options: { readonly json: boolean; readonly history: boolean },
  pipeline: Pipeline,
): void {
  const id = runArgument(context);
  const run = pipeline.run(id);
  if (options.history) {
    const entries = pipeline.history(id);
    if (options.json) printJson(context, entries);
    else
      writeLines(
        context.terminal.stdout,
        entries.map((entry) => `${entry.sequence}  ${entry.at}  ${JSON.stringify(entry.fact)}`),
      );
  } else if (options.json) printJson(context, run);
  else writeLines(context.terminal.stdout, runStoryLines(run, context.style, context.terminal.now()));
}

/** A run's change set, property by property. */
export const diff: CommandHandler = async (context) => {
  const options = parseInput(commonOptionsSchema, context.options);
  const id = runArgument(context);
  await withPipeline(context, options.project, (pipeline) => {
    const changeSet = pipeline.changeSet(id);
    if (options.json) printJson(context, changeSet);
    else writeLines(context.terminal.stdout, changeSetLines(changeSet, context.style));
  });
  return EXIT_CODES.done;
};

const outputsSchema = commonOptionsSchema.extend({
  format: z
    .enum(["table", "json", "dotenv", "types"], "--format is table, json, dotenv or types")
    .default("table"),
});

/** @throws {UPSTREAM_NOT_DEPLOYED} nothing was exported. */
export function requireOutputs(
  outputs: OutputsArtifact | undefined,
  environment: string,
  stack: string,
): OutputsArtifact {
  if (outputs !== undefined) return outputs;
  throw new GroundplaneError(
    "UPSTREAM_NOT_DEPLOYED",
    `${environment}/${stack} has exported no outputs: run "groundplane deploy ${environment} ${stack}" first.`,
    { facts: { environment, stack } },
  );
}

/** What a stack exported last. */
export const outputs: CommandHandler = async (context) => {
  const options = parseInput(outputsSchema, context.options);
  const [environment, named] = parseInput(z.tuple([z.string(), z.string().optional()]), [
    context.arguments[0],
    context.arguments[1],
  ]);
  await withPipeline(context, options.project, async (pipeline, { project }) => {
    const ref = { environment, stack: chosenStack(project, environment, named) };
    const artifact = requireOutputs(pipeline.outputs(ref), environment, ref.stack);
    const { stdout } = context.terminal;
    if (options.json || options.format === "json") printJson(context, artifact);
    else if (options.format === "table") writeLines(stdout, outputsLines(artifact, context.style));
    else stdout.write(await readFile(pipeline.outputFiles(ref)[options.format], "utf8"));
  });
  return EXIT_CODES.done;
};
