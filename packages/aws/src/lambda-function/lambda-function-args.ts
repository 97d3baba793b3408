import type { Tags } from "@groundplane/contracts";
import type * as pulumi from "@pulumi/pulumi";
import type { PolicyStatement } from "../iam/policy-statement.ts";
import type { AlarmsArgs } from "../monitoring/alarms.ts";
import type { RetentionDays } from "../monitoring/retention-days.ts";
import type { Opening } from "../opening.ts";
import type { Preset, PresetTable } from "../preset.ts";
import type { VpcRef } from "../vpc/vpc-ref.ts";
import type { FunctionCode } from "./function-code.ts";

export type LambdaFunctionAlarm = "errors" | "throttles" | "duration" | "dead-letters";

export interface LambdaFunctionSize {
  /** AWS gives processor time in proportion: a whole one at 1769. */
  readonly memoryMiB: number;
  readonly timeoutSeconds: number;
  readonly logRetentionDays: RetentionDays;
}

/** What the presets set. */
export const LAMBDA_FUNCTION_PRESETS: PresetTable<LambdaFunctionSize> = {
  dev: { memoryMiB: 256, timeoutSeconds: 30, logRetentionDays: 30 },
  staging: { memoryMiB: 512, timeoutSeconds: 30, logRetentionDays: 90 },
  prod: { memoryMiB: 1024, timeoutSeconds: 30, logRetentionDays: 365 },
};

export interface FunctionVpcArgs {
  readonly network: VpcRef;
  /** @default "private" */
  readonly tier?: "private" | "isolated";
  /** @default - one of its own, which lets nothing in */
  readonly securityGroupIds?: readonly pulumi.Input<string>[];
  /**
   * Lets it leave the VPC where the subnets have a way out; so also to S3 and DynamoDB through gateway endpoints.
   *
   * @default - it reaches what has an address in the VPC
   */
  readonly reachAnywhere?: Opening;
}

/** A service that invokes the function by itself. */
export interface FunctionInvoker {
  /** @format `events.amazonaws.com` */
  readonly service: string;
  /** What of that service: a rule, a bucket, a topic. Without it another account's could. @format ARN */
  readonly sourceArn: pulumi.Input<string>;
}

/** A part of the invocations that goes to another version. */
export interface FunctionTraffic {
  /** @format number of a published version */
  readonly version: string;
  /** Its part of the whole. @minimum 0 @maximum 1 */
  readonly weight: number;
}

export interface LambdaFunctionArgs {
  /** @default "prod" */
  readonly preset?: Preset;
  /** Changing between an archive and an image replaces the function. */
  readonly code: FunctionCode;
  /** Changing it replaces the function. @default - generated */
  readonly functionName?: string;
  /** @default - none */
  readonly description?: string;
  /** Graviton is cheaper; the code must be built for it. @default "arm64" */
  readonly architecture?: "arm64" | "x86_64";
  /** @minimum 128 @maximum 10240 @default - of the preset: 256, 512 or 1024 */
  readonly memoryMiB?: number;
  /** @minimum 1 @maximum 900 @default 30 */
  readonly timeoutSeconds?: number;
  /** Of the folder for temporary files. @minimum 512 @maximum 10240 @default 512 */
  readonly temporaryStorageMiB?: number;
  /** Variables. A secret is named by its ARN, and read with `secret.readStatements()`. @default {} */
  readonly environment?: Readonly<Record<string, pulumi.Input<string>>>;
  /** The rights of its role, such as `bucket.readStatements()`. @default [], besides its own logs, traces and queue */
  readonly statements?: readonly PolicyStatement[];
  /** @default - outside of any VPC: it reaches the internet, and nothing private */
  readonly vpc?: FunctionVpcArgs;
  /** How many may run at once, kept free of others; 0 stops it. @minimum 0 @default - as many as the account has */
  readonly reservedConcurrency?: number;
  /** How often a failed event is tried again. @minimum 0 @maximum 2 @default 2 */
  readonly retries?: number;
  /** How long an event may wait for that. @minimum 60 @maximum 21600 @default 21600 */
  readonly maximumEventAgeSeconds?: number;
  /** How long the queue keeps events that failed for good. @minimum 1 @maximum 14 @default 14 */
  readonly deadLetterDays?: number;
  /** To X-Ray. @default true */
  readonly tracing?: boolean;
  /** @default - of the preset: 30, 90 or 365 */
  readonly logRetentionDays?: RetentionDays;
  /**
   * Of variables, logs and dead letters. Its key policy lets the logs service of the region use it.
   *
   * @format ARN of a KMS key
   * @default - encrypted with keys that AWS owns
   */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /** Name of the alias that others invoke. Changing it replaces the alias. @default "live" */
  readonly aliasName?: string;
  /** What the alias leads to; an older one takes a change back within seconds. @default - the newest */
  readonly version?: string;
  /** @default - everything goes to one version */
  readonly traffic?: FunctionTraffic;
  /** By a name of your choice: lower-case letters, digits and dashes. @default {} */
  readonly invokers?: Readonly<Record<string, FunctionInvoker>>;
  /** An HTTPS address that answers only signed requests of who has the right. @default false */
  readonly iamUrl?: boolean;
  readonly alarms?: AlarmsArgs<LambdaFunctionAlarm>;
  /** At least Environment, Project, Owner and ManagedBy. */
  readonly tags: Tags;
}
