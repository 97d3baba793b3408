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
  parent: z.string().optional(),
  provider: z.string().optional(),
  protect: z.boolean().optional(),
  inputs: z.record(z.string(), jsonValueSchema).optional(),
  outputs: z.record(z.string(), jsonValueSchema).optional(),
});

/** As it was to become: its inputs are the reviewed ones. */
const pendingResourceSchema = resourceSchema.extend({ type: z.string().default("") });

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
      .array(z.looseObject({ type: z.string(), resource: pendingResourceSchema }))
      .nullish(),
    secrets_providers: z.looseObject({ type: z.string(), state: jsonValueSchema.optional() }).nullish(),
  }),
});

export type StateResource = Readonly<z.infer<typeof resourceSchema>>;

/** An operation that was begun and not ended: `creating`, `updating`, `deleting`, `reading` or `importing`. */
export interface PendingOperation {
  readonly type: string;
  readonly urn: string;
  readonly resource: StateResource;
  /** What it cannot stand without, and the state may lack too; the outermost first. @default - the state has all of it */
  readonly needs?: readonly StateResource[];
}

/** Whose state it is, in the engine's words: the project is our stack, the stack our environment. */
export interface StateSubject {
  readonly project: string;
  readonly stack: string;
}

/** A stack's state as the engine exports it; secrets are in it encrypted. */
export interface StackState {
  readonly exists: boolean;
  readonly resources: readonly StateResource[];
  readonly pendingOperations: readonly PendingOperation[];
  /** Of a passphrase provider. */
  readonly salt?: string;
  /** What encrypts the secrets in it; absent in a state without any. */
  readonly secretsProvider?: { readonly type: string; readonly state: JsonValue };
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

function digestOf(
  resources: readonly StateResource[],
  pendingOperations: StackState["pendingOperations"],
): Sha256 {
  // The manifest holds the time of the last write, which says nothing of what stands.
  const content = jsonValueSchema.parse({ resources, pendingOperations });
  return `sha256:${createHash("sha256").update(canonicalJson(content)).digest("hex")}`;
}

/** Digest of a stack that exists and holds nothing. */
export const EMPTY_STATE_DIGEST = digestOf([], []);

const saltSchema = z.object({ salt: z.string() });
const encryptedKeySchema = z.object({ encryptedkey: z.string() });

/** The engine's words when the backend answers, and what it holds is no checkpoint (pkg/backend/diy/state.go). */
const NO_CHECKPOINT = /failed to load checkpoint: (?!.*\(code=)/;

/**
 * Reads a stack's state. A stack that was never made is an empty state; one that cannot be read is an error,
 * never taken for an empty one.
 *
 * @throws {STATE_UNREADABLE} with the engine's words, when the backend does not answer as it should.
 * @throws {STATE_CORRUPT} when it answers, and what it holds is no state.
 */
export async function readState(subject: StateSubject, options: PulumiCommandOptions): Promise<StackState> {
  const { project, stack } = subject;
  const name = `organization/${project}/${stack}`;
  const result = await runPulumi(["stack", "export", `--stack=${name}`], options);
  if (result.code === 0) return parseState(subject, result.stdout);
  if (/no stack named .* found/.test(result.stderr)) return ABSENT;
  const said =
    result.stderr
      .trim()
      .split("\n")
      .at(-1)
      ?.replace(/^error: /, "") || "no reason given";
  if (NO_CHECKPOINT.test(result.stderr)) throw corrupt(subject, `cannot be read: ${said}`);
  throw new GroundplaneError(
    "STATE_UNREADABLE",
    `the state of "${project}" in "${stack}" cannot be read: ${said}. Nothing was changed; mend the backend first.`,
    { facts: { stack: project, environment: stack } },
  );
}

function corrupt({ project, stack }: StateSubject, problem: string, cause?: unknown): GroundplaneError {
  return new GroundplaneError(
    "STATE_CORRUPT",
    `the state of "${project}" in "${stack}" ${problem}. Nothing was changed. "groundplane restore ${stack} ${project} --list" shows the states that runs kept, and "groundplane restore ${stack} ${project}" puts the newest of them back.`,
    { ...(cause === undefined ? {} : { cause }), facts: { stack: project, environment: stack } },
  );
}

/** @throws {STATE_CORRUPT} when the text is no export of a state. */
export function parseState(subject: StateSubject, text: string): StackState {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw corrupt(subject, "is no JSON", cause);
  }
  const parsed = exportSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw corrupt(subject, `has not the form of Pulumi's: ${issue?.path.join(".")}: ${issue?.message}`);
  }
  const { deployment } = parsed.data;
  const resources = deployment.resources ?? [];
  const pendingOperations = (deployment.pending_operations ?? []).map((operation) => ({
    type: operation.type,
    urn: operation.resource.urn,
    resource: operation.resource,
  }));
  const salt = saltSchema.safeParse(deployment.secrets_providers?.state);
  const key = encryptedKeySchema.safeParse(deployment.secrets_providers?.state);
  return {
    exists: true,
    resources,
    pendingOperations,
    ...(deployment.secrets_providers
      ? {
          secretsProvider: {
            type: deployment.secrets_providers.type,
            state: deployment.secrets_providers.state ?? null,
          },
        }
      : {}),
    ...(salt.success ? { salt: salt.data.salt } : {}),
    ...(key.success ? { encryptedKey: key.data.encryptedkey } : {}),
    digest: digestOf(resources, pendingOperations),
    text,
  };
}

/** The stack's outputs as the state holds them: secrets encrypted. */
export function stackOutputsOf(state: Pick<StackState, "resources">): Readonly<Record<string, JsonValue>> {
  const stack = state.resources.find(
    ({ type, delete: gone }) => type === "pulumi:pulumi:Stack" && gone !== true,
  );
  return stack?.outputs ?? {};
}

/** Something of a cloud: not the stack itself, a component or a provider. */
export function isRealResource({ type, custom }: StateResource): boolean {
  return custom === true && !type.startsWith("pulumi:");
}
