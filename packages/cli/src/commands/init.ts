import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { EXIT_CODES, GroundplaneError, projectNameSchema } from "@groundplane/contracts";
import { z } from "zod";
import type { CommandHandler } from "../command-context.ts";
import { actorOf } from "../identity.ts";
import { projectTemplate } from "../init/project-template.ts";
import { commonOptionsSchema, parseInput } from "../options.ts";
import { nextStepLines } from "../render/run-summary.ts";
import { shownPath } from "../shown-path.ts";
import { writeLines } from "../terminal.ts";

const optionsSchema = commonOptionsSchema.extend({
  name: z.string().optional(),
  dryRun: z.boolean().default(false),
});

function projectName(named: string | undefined, folder: string): string {
  const name = named ?? basename(folder);
  const parsed = projectNameSchema.safeParse(name);
  if (parsed.success) return parsed.data;
  throw new GroundplaneError(
    "INVALID_NAME",
    `"${name}" is no project name: give one with --name, of lower-case letters, digits and dashes.`,
    { facts: { value: name } },
  );
}

function refuseOverwriting(folder: string, paths: readonly string[]): void {
  const present = paths.filter((path) => existsSync(join(folder, path)));
  if (present.length === 0) return;
  throw new GroundplaneError(
    "INVALID_ARGUMENT",
    `${present.join(", ")} ${present.length === 1 ? "exists" : "exist"} in ${folder}: choose another folder, or move ${present.length === 1 ? "it" : "them"} away.`,
    { facts: { folder, present } },
  );
}

async function ownVersion(): Promise<string> {
  const { version }: { version: string } = JSON.parse(
    await readFile(new URL("../../package.json", import.meta.url), "utf8"),
  );
  return version;
}

/** Writes a new project. */
export const init: CommandHandler = async (context) => {
  const options = parseInput(optionsSchema, context.options);
  const { terminal } = context;
  const folder = resolve(terminal.cwd, parseInput(z.string().default("."), context.arguments[0]));
  const name = projectName(options.name, folder);
  const files = projectTemplate({ name, owner: actorOf(terminal, undefined), version: await ownVersion() });
  const paths = [...files.keys()];
  refuseOverwriting(folder, paths);
  if (!options.dryRun) {
    for (const [path, text] of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      // "wx": a file that appeared meanwhile is not overwritten either.
      await writeFile(join(folder, path), text, { flag: "wx" });
    }
  }
  if (options.json) {
    terminal.stdout.write(`${JSON.stringify({ folder, written: !options.dryRun, files: paths }, null, 2)}\n`);
    return EXIT_CODES.done;
  }
  const shown = shownPath(folder, terminal.cwd);
  writeLines(terminal.stdout, [
    options.dryRun ? `Would write into ${folder}:` : `Project ${name} is in ${folder}:`,
    ...paths.map((path) => `  ${path}`),
    ...(options.dryRun
      ? []
      : nextStepLines(
          [
            ...(shown === "" ? [] : [{ command: `cd ${shown}`, does: "into the project" }]),
            { command: "npm install", does: "get the packages" },
            { command: "npx groundplane doctor", does: "see whether all is there" },
            { command: "npx groundplane deploy dev", does: "the whole pipeline, on the sandbox" },
          ],
          context.style,
        )),
  ]);
  return EXIT_CODES.done;
};
