import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { jsonValueSchema } from "@groundplane/contracts";
import { z } from "zod";
import type { StackState } from "./stack-state.ts";

/** What `pulumi stack export` writes; a checkpoint is the same in another wrapping (sdk/go/common/apitype/core.go). */
const exportSchema = z.object({
  version: z.number(),
  features: z.array(z.string()).optional(),
  deployment: jsonValueSchema,
});

export interface CopiedStack {
  /** Name in the project's Pulumi.yaml. */
  readonly project: string;
  /** The Pulumi stack's name. */
  readonly stack: string;
  readonly state: StackState;
}

/**
 * Makes a file backend of one's own with a copy of a stack's state, secrets encrypted as they were. What the engine
 * locks and writes there is nobody else's.
 *
 * @returns variables that lead the engine to it.
 */
export async function copyState(
  folder: string,
  { project, stack, state }: CopiedStack,
): Promise<Readonly<Record<string, string>>> {
  const { deployment, ...versions } = exportSchema.parse(JSON.parse(state.text));
  const stacks = join(folder, ".pulumi", "stacks", project);
  await mkdir(stacks, { recursive: true, mode: 0o700 });
  const checkpoint = {
    ...versions,
    checkpoint: { stack: `organization/${project}/${stack}`, latest: deployment },
  };
  await writeFile(join(folder, ".pulumi", "meta.yaml"), "version: 1\n");
  await writeFile(join(stacks, `${stack}.json`), JSON.stringify(checkpoint), { mode: 0o600 });
  return { PULUMI_BACKEND_URL: `file://${folder}`, PULUMI_SELF_MANAGED_STATE_GZIP: "false" };
}
