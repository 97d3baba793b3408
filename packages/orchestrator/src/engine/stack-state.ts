import { createHash } from "node:crypto";
import {
  canonicalJson,
  GroundplaneError,
  type JsonValue,
  jsonValueSchema,
  type Sha256,
} from "@groundplane/contracts";
import { z } from "zod";
import { type PulumiCommandOptions, runPulumi } from "./pulumi-cli.ts";

const resourceSchema = z.looseObject({
  urn: z.string(),
  type: z.string(),
  custom: z.boolean().optional(),
  delete: z.boolean().optional(),
  id: z.string().optional(),
  protect: z.boolean().optional(),
  inputs: z.record(z.string(), jsonValueSchema).optional(),
  outputs: z.record(z.string(), jsonValueSchema).optional(),
});

// Strict: behind a name that is not known here, resources could stand that are then taken for none
// (apitype.UntypedDeployment and DeploymentV3 of the engine's sdk).
const exportSchema = z.strictObject({
  version: z.int().min(3).max(4),
  features: z.array(z.string()).nullish(),
  deployment: z.strictObject({
    manifest: z.looseObject({}),
    metadata: z.looseObject({}).nullish(),
    resources: z.array(resourceSchema).nullish(),
    pending_operations: z
      .array(z.looseObject({ type: z.string(), resource: z.looseObject({ urn: z.string() }) }))
      .nullish(),
    secrets_providers: z.looseObject({ type: z.string(), state: jsonValueSchema.optional() }).nullish(),
  }),
});

export type StateResource = Readonly<z.infer<typeof resourceSchema>>;

/** A stack's state as the engine exports it; secrets are in it encrypted. */
export interface StackState {
  readonly exists: boolean;
  readonly resources: readonly StateResource[];
  readonly pendingOperations: readonly { readonly type: string; readonly urn: string }[];
  /** Of a passphrase provider. */
  readonly salt?: string;
  /** Of a key management service: the data key, encrypted by the service's. */
  readonly encryptedKey?: string;
  readonly digest: Sha256;
  /** The export itself: what a backup holds. */
  readonly text: string;
}

const ABSENT: StackState = {
  exists: false,
  resources: [],
  pendingOperations: [],
  digest: `sha256:${createHash("sha256").update("absent").digest("hex")}`,
  text: "",
};

const saltSchema = z.object({ salt: z.string() });
const encryptedKeySchema = z.object({ encryptedkey: z.string() });

/**
 * Reads a stack's state. A stack that was never made is an empty state; one that cannot be read is an error,
 * never taken for an empty one.
 *
 * @throws {STATE_UNREADABLE} with the engine's words.
 */
export async function readState(stack: string, options: PulumiCommandOptions): Promise<StackState> {
  const result = await runPulumi(["stack", "export", `--stack=${stack}`], options);
  if (result.code !== 0) {
    if (/no stack named .* found/.test(result.stderr)) return ABSENT;
    throw new GroundplaneError(
      "STATE_UNREADABLE",
      `the state of "${stack}" cannot be read: ${result.stderr.trim().split("\n").at(-1) ?? "no reason given"}. Nothing was changed; mend the backend first.`,
      { facts: { stack } },
    );
  }
  return parseState(stack, result.stdout);
}

export function parseState(stack: string, text: string): StackState {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new GroundplaneError(
      "STATE_UNREADABLE",
      `the state of "${stack}" is no JSON. Nothing was changed; restore it from a backup.`,
      {
        cause,
        facts: { stack },
      },
    );
  }
  const parsed = exportSchema.safeParse(json);
  if (!parsed.success) {
    throw new GroundplaneError(
      "STATE_UNREADABLE",
      `the state of "${stack}" has not the form of Pulumi's: ${parsed.error.issues[0]?.path.join(".")}: ${parsed.error.issues[0]?.message}.`,
      { facts: { stack } },
    );
  }
  const { deployment } = parsed.data;
  const resources = deployment.resources ?? [];
  const pendingOperations = (deployment.pending_operations ?? []).map((operation) => ({
    type: operation.type,
    urn: operation.resource.urn,
  }));
  const salt = saltSchema.safeParse(deployment.secrets_providers?.state);
  const key = encryptedKeySchema.safeParse(deployment.secrets_providers?.state);
  // The manifest holds the time of the last write, which says nothing of what stands.
  const content = jsonValueSchema.parse({ resources, pendingOperations });
  return {
    exists: true,
    resources,
    pendingOperations,
    ...(salt.success ? { salt: salt.data.salt } : {}),
    ...(key.success ? { encryptedKey: key.data.encryptedkey } : {}),
    digest: `sha256:${createHash("sha256").update(canonicalJson(content)).digest("hex")}`,
    text,
  };
}

/** The stack's outputs as the state holds them: secrets encrypted. */
export function stackOutputsOf(state: StackState): Readonly<Record<string, JsonValue>> {
  const stack = state.resources.find(
    ({ type, delete: gone }) => type === "pulumi:pulumi:Stack" && gone !== true,
  );
  return stack?.outputs ?? {};
}
