import {
  checkWhole,
  GroundplaneError,
  type PreflightProblem,
  stackNameSchema,
  type Tags,
} from "@groundplane/contracts";
import type { Input, Output } from "@pulumi/pulumi";
import type { z } from "zod";
import { runUnderPlainPulumi } from "./plain-program.ts";
import type { PlannedUpstreams } from "./planned-upstream-schema.ts";
import { isSecretSchema, nestedSecret, type SecretSchema } from "./secret.ts";

type Shape = z.ZodObject;
type Wrapper<Inner extends z.core.SomeType> =
  | z.ZodOptional<Inner>
  | z.ZodNullable<Inner>
  | z.ZodDefault<Inner>
  | z.ZodPrefault<Inner>
  | z.ZodNonOptional<Inner>
  | z.ZodReadonly<Inner>
  | z.ZodCatch<Inner>
  | z.ZodPipe<Inner, z.core.SomeType>;
/** As `isSecretSchema` decides it. */
type IsSecret<Field> =
  Field extends SecretSchema<z.ZodType> ? true : Field extends Wrapper<infer Inner> ? IsSecret<Inner> : false;

/** Values of a schema as a program sees them: plain, and secrets as `Output`. */
export type ProgramValues<S extends Shape> = {
  readonly [Key in keyof S["shape"]]: IsSecret<S["shape"][Key]> extends true
    ? Output<z.output<S["shape"][Key]>>
    : z.output<S["shape"][Key]>;
};

/** A value of which every part may be known later. */
export type DeepInput<Value> = Input<
  Value extends readonly (infer Item)[]
    ? readonly DeepInput<Item>[]
    : Value extends object
      ? { readonly [Key in keyof Value]: DeepInput<Value[Key]> }
      : Value
>;

/** What a program returns: each output, known now or later. */
export type ProgramOutputs<S extends Shape> = {
  readonly [Key in keyof S["shape"]]: DeepInput<z.input<S["shape"][Key]>>;
};

export interface StackContext<Config extends Shape, Upstream extends Dependencies> {
  /** Name of the environment; also the Pulumi stack's name. */
  readonly environment: string;
  /** True when no real cloud is behind it. */
  readonly sandbox: boolean;
  /** The environment's tags, for every resource. */
  readonly tags: Tags;
  readonly config: ProgramValues<Config>;
  /** Outputs of the stacks in `dependsOn`, parsed by their schemas. */
  readonly upstream: { readonly [Key in keyof Upstream]: ProgramValues<Upstream[Key]["outputs"]> };
}

export interface PreflightContext<Config extends Shape> {
  readonly environment: string;
  /** As the program gets it, but with the secrets decrypted: what it returns or throws is scrubbed of them. */
  readonly config: z.output<Config>;
  /** Aborted when its time is over. */
  readonly signal: AbortSignal;
}

export interface StackCheck<Outputs extends Shape, Config extends Shape = Shape> {
  readonly name: string;
  /** A check that has not ended by then has failed. @minimum 1 @maximum 3600 @default 60 */
  readonly timeoutSeconds?: number;
  /**
   * Throws when the deployed stack is not in order. Runs after each up, against the values just exported. A text that it
   * returns is told where the check holds: what it saw, or why it did not look. What it throws or returns is journaled as
   * it is, so that no secret may be in it.
   */
  readonly check: (context: {
    /** Without the secret ones. */
    readonly outputs: Readonly<Record<string, unknown>> & Partial<z.output<Outputs>>;
    /** Without the secret ones. */
    readonly config: Readonly<Record<string, unknown>> & Partial<z.output<Config>>;
    readonly environment: string;
    readonly sandbox: boolean;
    /** Aborted when its time is over. */
    readonly signal: AbortSignal;
  }) => string | void | Promise<string | undefined> | Promise<void>;
}

export interface StackOptions<Config extends Shape, Outputs extends Shape, Upstream extends Dependencies> {
  /** Equals the `name` in the folder's Pulumi.yaml. */
  readonly name: string;
  /** Keys of `Pulumi.<environment>.yaml`, without the project's prefix. A key that is not in it is refused. */
  readonly config: Config;
  readonly outputs: Outputs;
  /** Stacks whose outputs the program needs, by the name under which it sees them. @default - none */
  readonly dependsOn?: Upstream;
  readonly program: (
    context: StackContext<Config, Upstream>,
  ) => ProgramOutputs<Outputs> | Promise<ProgramOutputs<Outputs>>;
  /**
   * Looks at what the stack needs before a deployment is previewed, and returns what has to be mended: with a problem,
   * a throw, or after `limits.preflightMs` the run ends with PREFLIGHT_FAILED, and nothing was made. Only in real
   * environments, not for a destroy, and not under plain `pulumi`. @default - none
   */
  readonly preflight?: (
    context: PreflightContext<Config>,
  ) => readonly PreflightProblem[] | Promise<readonly PreflightProblem[]>;
  /** @default - none beyond "a preview shows no changes" */
  readonly checks?: readonly StackCheck<Outputs, NoInfer<Config>>[];
}

/**
 * A stack: what it takes, makes and hands on. It is also the program itself, so that a folder whose default
 * export it is runs under plain `pulumi up`.
 */
export interface StackDefinition<
  Config extends Shape = Shape,
  Outputs extends Shape = Shape,
  Upstream extends Dependencies = Dependencies,
> {
  /** `planned` comes from the pipeline alone, for previews of a stack whose upstreams are not as they will be. */
  (planned?: PlannedUpstreams): Promise<Record<string, Input<unknown>>>;
  readonly groundplane: "stack";
  readonly stackName: string;
  readonly config: Config;
  readonly outputs: Outputs;
  readonly dependsOn: Upstream;
  readonly program: (context: StackContext<Config, Upstream>) => unknown;
  readonly preflight?: ((context: PreflightContext<Config>) => unknown) | undefined;
  readonly checks: readonly StackCheck<Outputs, Config>[];
}

/** Any stack, for lists. `never` where a program takes its context, as a program is not called through this. */
export interface AnyStack {
  readonly groundplane: "stack";
  readonly stackName: string;
  readonly config: Shape;
  readonly outputs: Shape;
  readonly dependsOn: Readonly<Record<string, AnyStack>>;
  readonly program: (context: never) => unknown;
  readonly preflight?: ((context: never) => unknown) | undefined;
  readonly checks: readonly {
    readonly name: string;
    readonly timeoutSeconds?: number;
    readonly check: (context: never) => string | void | Promise<string | undefined> | Promise<void>;
  }[];
}

export type Dependencies = Readonly<Record<string, AnyStack>>;

/** Only a whole config key or output is kept secret: a mark further in would promise what is not done. */
function refuseNestedSecrets(stack: string, schemas: Readonly<Record<"config" | "outputs", Shape>>): void {
  for (const [kind, shape] of Object.entries(schemas)) {
    for (const [key, field] of Object.entries<z.ZodType>(shape.shape)) {
      const found = isSecretSchema(field) ? undefined : nestedSecret(field);
      if (found === undefined) continue;
      throw new GroundplaneError(
        "STACK_INVALID",
        `stack "${stack}": ${kind} "${key}" has a secret inside (${[key, found].filter(Boolean).join(".")}). Only a whole key can be secret: write secret(…) around "${key}", or give the secret a key of its own.`,
        { facts: { stack, kind, key } },
      );
    }
  }
}

/**
 * Defines a stack.
 *
 * @throws {STACK_INVALID} when a field inside a config key or an output is marked as secret.
 * @throws {INVALID_NAME} when the name is not lower-case letters, digits and dashes.
 * @throws {INVALID_ARGUMENT} when a check's `timeoutSeconds` is out of its bounds.
 *
 * @example
 * export default defineStack({
 *   name: "network",
 *   config: z.object({ cidr: z.string() }),
 *   outputs: z.object({ vpcId: z.string() }),
 *   program: ({ config, tags }) => {
 *     const vpc = new aws.ec2.Vpc("main", { cidrBlock: config.cidr, tags });
 *     return { vpcId: vpc.id };
 *   },
 * });
 */
export function defineStack<
  Config extends Shape,
  Outputs extends Shape,
  Upstream extends Dependencies = Record<never, never>,
>(options: StackOptions<Config, Outputs, Upstream>): StackDefinition<Config, Outputs, Upstream> {
  const name = stackNameSchema.safeParse(options.name);
  if (!name.success) {
    throw new GroundplaneError(
      "INVALID_NAME",
      `"${options.name}" is no stack name: ${name.error.issues[0]?.message}. Rename it in defineStack and in Pulumi.yaml.`,
      { facts: { value: options.name } },
    );
  }
  refuseNestedSecrets(options.name, { config: options.config, outputs: options.outputs });
  for (const { name: check, timeoutSeconds } of options.checks ?? [])
    checkWhole(`timeoutSeconds of the check "${check}"`, timeoutSeconds, 1, 3_600);
  const definition: StackDefinition<Config, Outputs, Upstream> = Object.assign(
    (planned?: PlannedUpstreams) => runUnderPlainPulumi(definition, planned),
    {
      groundplane: "stack" as const,
      stackName: options.name,
      config: options.config,
      outputs: options.outputs,
      dependsOn: options.dependsOn ?? ({} as Upstream),
      program: options.program,
      preflight: options.preflight,
      checks: options.checks ?? [],
    },
  );
  return definition;
}

/** True for what `defineStack` made, in this or another copy of the package. */
export function isStackDefinition(value: unknown): value is AnyStack {
  return typeof value === "function" && "groundplane" in value && value.groundplane === "stack";
}
