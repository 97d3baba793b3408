import {
  type Actor,
  type ApprovalRule,
  type ApprovalRuleInput,
  actorSchema,
  approvalRuleSchema,
  type DriftIgnore,
  driftIgnoreSchema,
  type Exemption,
  environmentNameSchema,
  exemptionSchema,
  GroundplaneError,
  type OnFailure,
  onFailureSchema,
  type SandboxCloud,
  stackNameSchema,
  type Tags,
  tagsSchema,
} from "@groundplane/contracts";
import { type AssumptionOverrides, assumptionOverridesSchema } from "@groundplane/cost";
import { z } from "zod";

const backendSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("file"), path: z.string().min(1).optional() }),
  z.object({
    type: z.literal("s3"),
    bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "an S3 bucket name"),
    region: z.string().min(1),
    prefix: z.string().optional(),
    /** For an S3 server that is not AWS: `http://127.0.0.1:7070`. */
    endpoint: z.url().optional(),
  }),
]);

const secretsSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("passphrase"), file: z.string().min(1).optional() }),
  z.object({ type: z.literal("awskms"), key: z.string().min(1), region: z.string().min(1) }),
]);

const sandboxCloudSchema = z.custom<SandboxCloud>(
  (value) =>
    typeof value === "object" &&
    value !== null &&
    "kind" in value &&
    value.kind === "sandbox" &&
    "prepare" in value &&
    typeof value.prepare === "function",
  'cloud is "real", or what awsSandbox() of @groundplane/sandbox returns',
);

const environmentSchema = z
  .strictObject({
    name: environmentNameSchema,
    cloud: z.union([z.literal("real"), sandboxCloudSchema]),
    stacks: z.array(stackNameSchema).min(1, "name a stack, or leave it out for all of them").optional(),
    backend: backendSchema.default({ type: "file" }),
    secrets: secretsSchema.default({ type: "passphrase" }),
    policyPacks: z.array(z.string().min(1)),
    strict: z.boolean().optional(),
    exemptions: z.array(exemptionSchema).default([]),
    driftIgnores: z.array(driftIgnoreSchema).default([]),
    approval: approvalRuleSchema,
    tags: tagsSchema,
    protected: z.boolean().default(false),
    onFailure: onFailureSchema.default("stop"),
    cost: z.strictObject({ assumptions: assumptionOverridesSchema }).optional(),
    budget: z
      .strictObject({ monthlyUsd: z.number().positive(), liftedBy: z.array(actorSchema).default([]) })
      .optional(),
  })
  .refine((environment) => !(environment.protected && environment.approval.type === "automatic"), {
    path: ["approval"],
    error: "a protected environment needs a person: choose any-person, other-person or group",
  });

export interface EnvironmentOptions {
  readonly name: string;
  /** `"real"`, or a stand-in such as `awsSandbox()`. */
  readonly cloud: "real" | SandboxCloud;
  /**
   * Names of the project's stacks that this environment has: with each of them every stack that it depends on.
   * Destroy a stack before you take it out. @default every stack of the project
   */
  readonly stacks?: readonly string[];
  /** Where the state lives. @default a file backend of the environment's own, in the project's data folder */
  readonly backend?: z.input<typeof backendSchema>;
  /**
   * What encrypts secrets in the state. @default a passphrase, in a file of the data folder; a sandbox makes
   * it at first use, a real environment must be given it
   */
  readonly secrets?: z.input<typeof secretsSchema>;
  /** npm names or folders of policy packs. Empty only when nothing is to be checked. */
  readonly policyPacks: readonly string[];
  /** What a rule could not evaluate blocks like a violation. @default the value of `protected` */
  readonly strict?: boolean;
  /** @default - none */
  readonly exemptions?: readonly Exemption[];
  /** Drift that is known and waited out, or not ours to mend. @default - none */
  readonly driftIgnores?: readonly DriftIgnore[];
  readonly approval: ApprovalRuleInput;
  readonly tags: Tags;
  /** Shared or production: needs a person's approval, and keeps its data. @default false */
  readonly protected?: boolean;
  /**
   * When up or verification of a deployment fails: `stop` leaves what was made and says so; `roll-back` goes back to
   * what stood before in the same run, unless that would lose data or a policy blocks it. @default "stop"
   */
  readonly onFailure?: OnFailure;
  /**
   * Usage that the estimates count with, by the assumption's name (`ASSUMPTIONS` of @groundplane/cost), and prices of what is
   * your own (`OWN_PRICES`). @default - those, and unknown
   */
  readonly cost?: { readonly assumptions: AssumptionOverrides };
  /**
   * What all stacks of the environment may cost a month. A change that brings the forecast to 80 % of it or beyond is
   * held until one of `liftedBy` lifts the brake for that run. @default - no limit
   */
  readonly budget?: {
    readonly monthlyUsd: number;
    /** Who may lift the brake; where the environment is protected, not for their own runs. @default - nobody */
    readonly liftedBy?: readonly Actor[];
  };
}

export type Backend = Readonly<z.output<typeof backendSchema>>;
export type SecretsProvider = Readonly<z.output<typeof secretsSchema>>;

export interface EnvironmentDefinition {
  readonly groundplane: "environment";
  readonly name: string;
  readonly cloud: "real" | SandboxCloud;
  /** Undefined for every stack of the project. */
  readonly stacks?: readonly string[] | undefined;
  readonly backend: Backend;
  readonly secrets: SecretsProvider;
  readonly policyPacks: readonly string[];
  readonly strict: boolean;
  readonly exemptions: readonly Exemption[];
  readonly driftIgnores: readonly DriftIgnore[];
  readonly approval: ApprovalRule;
  readonly tags: Tags;
  readonly protected: boolean;
  readonly onFailure: OnFailure;
  readonly cost?: { readonly assumptions: AssumptionOverrides } | undefined;
  readonly budget?: { readonly monthlyUsd: number; readonly liftedBy: readonly Actor[] } | undefined;
}

/**
 * Defines an environment: where its state is, who approves, what checks it.
 *
 * @throws {PROJECT_INVALID} naming the field and the remedy.
 */
export function defineEnvironment(options: EnvironmentOptions): EnvironmentDefinition {
  const parsed = environmentSchema.safeParse(options);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new GroundplaneError(
      "PROJECT_INVALID",
      `environment "${options.name}": ${issue?.path.join(".") ?? ""}: ${issue?.message ?? parsed.error.message}`,
      { facts: { environment: options.name, path: issue?.path.join(".") ?? "" } },
    );
  }
  return {
    groundplane: "environment",
    ...parsed.data,
    strict: parsed.data.strict ?? parsed.data.protected,
  };
}
