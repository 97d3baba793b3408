import type { Tags } from "@groundplane/contracts";
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterRef } from "../ecs/cluster.ts";
import type { ContainerArgs, ContainerSize } from "../ecs/container-args.ts";
import type { AlarmsArgs } from "../monitoring/alarms.ts";
import type { Preset, PresetTable } from "../preset.ts";
import type { VpcRef } from "../vpc/vpc-ref.ts";

export type ScheduledJobAlarm = "failures" | "errors";

export interface ScheduledJobSize extends ContainerSize {
  /** How often starting it is tried again. */
  readonly retries: number;
  /** Pulumi's `protect` of the log group and the queue of failures. */
  readonly protect: boolean;
}

/** What the presets set. */
export const SCHEDULED_JOB_PRESETS: PresetTable<ScheduledJobSize> = {
  dev: { cpuUnits: 256, memoryMiB: 512, logRetentionDays: 30, retries: 0, protect: false },
  staging: { cpuUnits: 512, memoryMiB: 1024, logRetentionDays: 90, retries: 3, protect: false },
  prod: { cpuUnits: 512, memoryMiB: 1024, logRetentionDays: 365, retries: 3, protect: true },
};

/** Runs a container on Fargate until it ends. */
export interface TaskJob extends ContainerArgs {
  readonly type: "task";
  /** Tasks run in its private subnets. */
  readonly vpc: VpcRef;
  /** @default - one of its own */
  readonly cluster?: ClusterRef;
}

/** Calls a function of Lambda. */
export interface FunctionJob {
  readonly type: "function";
  /** @format ARN of a function, or of a version or alias of one */
  readonly functionArn: pulumi.Input<string>;
  /** What the function is called with: JSON. @default - an event that names the schedule */
  readonly input?: pulumi.Input<string>;
}

export interface ScheduledJobArgs {
  /** @default "prod" */
  readonly preset?: Preset;
  /** `rate(5 minutes)`, `cron(0 3 * * ? *)` or `at(2027-01-31T03:00:00)`. */
  readonly schedule: string;
  /** A name of the tz database: `Europe/Berlin`. It follows summer time. @default "UTC" */
  readonly timeZone?: string;
  /** It runs at any moment of so many minutes after its time: many jobs do not start at once. @minimum 1 @maximum 1440 @default - at its time */
  readonly windowMinutes?: number;
  /** The schedule stays, and nothing runs. @default false */
  readonly paused?: boolean;
  readonly run: TaskJob | FunctionJob;
  /** How often starting it is tried again, not what it does itself. @minimum 0 @maximum 185 @default - of the preset: 0 in dev, else 3 */
  readonly retries?: number;
  /** After this time it is not tried again. @minimum 60 @maximum 86400 @default 3600 */
  readonly maxAgeSeconds?: number;
  readonly alarms?: AlarmsArgs<ScheduledJobAlarm>;
  /** @default - of the preset: only in prod */
  readonly protect?: boolean;
  /** At least Environment, Project, Owner and ManagedBy. */
  readonly tags: Tags;
}
