import {
  GroundplaneError,
  type RunId,
  type RunRecord,
  type Sha256,
  sha256Schema,
} from "@groundplane/contracts";
import { z } from "zod";
import { hashLockFile } from "../digest/program-digest.ts";
import type { StackFiles } from "../engine/work-folder.ts";
import type { JournaledRun } from "../pipeline/journaled-run.ts";
import { bundleProgram } from "./bundle-program.ts";

/** Artifacts without which a run cannot be returned to. */
const RETURN_ARTIFACTS = ["program", "return-point"] as const;

const keptSchema = z.strictObject({
  schema: z.literal("groundplane.dev/return-point/v1"),
  settings: z.strictObject({
    /** Text of Pulumi.yaml. */
    project: z.string(),
    /** Text of `Pulumi.<environment>.yaml`; null where there was none. Secrets are encrypted in it. */
    environment: z.string().nullable(),
  }),
  /** Packages that the bundle imports, as it names them, and their versions. */
  packages: z.record(z.string(), z.string()),
  /** Of the lock file; null where there was none. */
  lockFile: sha256Schema.nullable(),
});

type Kept = z.infer<typeof keptSchema>;

/** What is needed to go back to a run: its program, and the settings as they stood. */
export interface ReturnPoint {
  readonly run: RunId;
  /** The bundle's text. */
  readonly program: string;
  readonly programDigest: Sha256;
  readonly files: StackFiles;
  readonly packages: Kept["packages"];
  readonly lockFile: Kept["lockFile"];
}

/** What a run keeps, so that it can be returned to: texts of its artifacts. */
export type KeptTexts = Readonly<Record<(typeof RETURN_ARTIFACTS)[number], string>>;

interface KeptProgram {
  readonly text: string;
  readonly packages: Kept["packages"];
  readonly lockFile: Kept["lockFile"];
}

function textsOf({ text, packages, lockFile }: KeptProgram, files: StackFiles): KeptTexts {
  const kept: Kept = {
    schema: "groundplane.dev/return-point/v1",
    settings: { project: files.project, environment: files.environment ?? null },
    packages,
    lockFile,
  };
  return { program: text, "return-point": `${JSON.stringify(kept, null, 2)}\n` };
}

/**
 * What a deployment keeps of its program and settings, made from what stands.
 *
 * @throws {STACK_INVALID} when the program cannot be bundled.
 */
export async function keepProgram(
  root: string,
  stack: { readonly folder: string; readonly entry: string },
  files: StackFiles,
): Promise<KeptTexts> {
  const { text, packages } = await bundleProgram(root, stack.folder, stack.entry);
  return textsOf({ text, packages, lockFile: (await hashLockFile(stack.folder)) ?? null }, files);
}

/** What a way back keeps: what it went back to, so that it can be returned to itself. */
export function keepReturnPoint({ program, packages, lockFile, files }: ReturnPoint): KeptTexts {
  return textsOf({ text: program, packages, lockFile }, files);
}

export function storeKept(run: JournaledRun, kept: KeptTexts): void {
  run.storeArtifact("program", "program.mjs", kept.program);
  run.storeArtifact("return-point", "return-point.json", kept["return-point"]);
}

/** What a run that should be returned to does not have any more, or not as it was journaled. */
export function missingOf(run: JournaledRun): readonly string[] {
  return RETURN_ARTIFACTS.filter((name) => {
    try {
      run.readArtifact(name);
      return false;
    } catch {
      return true;
    }
  });
}

/** Why a run cannot be returned to; undefined when all it kept is there as it was journaled. */
export function gone(run: JournaledRun | undefined): string | undefined {
  const missing = run === undefined ? [] : missingOf(run);
  if (missing.length === 0) return undefined;
  return `its ${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} gone or was changed since it was kept`;
}

export function unavailable(
  { stack, environment }: Pick<RunRecord, "stack" | "environment">,
  to: string | undefined,
  why: string,
): GroundplaneError {
  return new GroundplaneError(
    "ROLLBACK_UNAVAILABLE",
    `stack "${stack}" in "${environment}" cannot go back${to === undefined ? "" : ` to run ${to}`}: ${why}. "groundplane rollback ${environment} ${stack} --list" shows where it can go back to, and --to takes one.`,
    { facts: { stack, environment, ...(to === undefined ? {} : { run: to }) } },
  );
}

/**
 * Reads what a run kept, checked against the hashes in its journal.
 *
 * @throws {ROLLBACK_UNAVAILABLE} naming what is gone or was changed.
 */
export function readReturnPoint(run: JournaledRun): ReturnPoint {
  const program = run.record.artifacts["program"];
  const why = gone(run);
  if (why !== undefined || program === undefined) {
    throw unavailable(run.record, run.id, why ?? "it kept no program");
  }
  const { settings, packages, lockFile } = keptSchema.parse(JSON.parse(run.readArtifact("return-point")));
  return {
    run: run.id,
    program: run.readArtifact("program"),
    programDigest: program.sha256,
    files: { project: settings.project, environment: settings.environment ?? undefined },
    packages,
    lockFile,
  };
}
