import type { Tags } from "@groundplane/contracts";
import type { AlarmsArgs } from "../monitoring/alarms.ts";
import type { SecurityGroupRef } from "../network/peer-access.ts";
import type { Preset, PresetTable } from "../preset.ts";
import type { VpcRef } from "../vpc/vpc-ref.ts";

export type CanaryAlarm = "failing";

/** Minutes between two runs. */
export type CanaryInterval = 1 | 5 | 10 | 15 | 30 | 60;

export interface CanarySize {
  readonly intervalMinutes: CanaryInterval;
  /** How long the logs and results of runs are kept. @minimum 1 @maximum 1024 */
  readonly keepDays: number;
  /** Pulumi's `protect` on the bucket of the results; without it, what it holds goes with it. */
  readonly protect: boolean;
}

/** What the presets set. */
export const CANARY_PRESETS: PresetTable<CanarySize> = {
  dev: { intervalMinutes: 60, keepDays: 7, protect: false },
  staging: { intervalMinutes: 15, keepDays: 14, protect: false },
  prod: { intervalMinutes: 5, keepDays: 30, protect: true },
};

/**
 * With the library that the script asks for, which came with 13.1.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Synthetics_Library_nodejs_puppeteer.html
 */
export const CANARY_RUNTIME = "syn-nodejs-puppeteer-15.0";

export interface CanaryArgs {
  /** What is asked for. @format https URL */
  readonly url: string;
  /**
   * Asks from the private subnets of a VPC, for what only the VPC can reach. They need a way to S3 and CloudWatch: NAT,
   * or the gateway endpoint `s3` and the interface endpoint `monitoring`.
   *
   * @default - from the internet
   */
  readonly network?: {
    readonly vpc: Pick<VpcRef, "privateSubnetIds">;
    /** One to five, which let it out to the address and to AWS. */
    readonly securityGroups: readonly SecurityGroupRef[];
  };
  /** @default "prod" */
  readonly preset?: Preset;
  /** @default - of the preset: 60, 15 or 5 */
  readonly intervalMinutes?: CanaryInterval;
  /** How long an answer may take. @minimum 1 @maximum 45 @default 10 */
  readonly timeoutSeconds?: number;
  /** @minimum 1 @maximum 1024 @default - of the preset: 7, 14 or 30 */
  readonly keepDays?: number;
  /** AWS ends old ones: it tells by email, and names the newest. 13.1 or later. @default CANARY_RUNTIME */
  readonly runtimeVersion?: string;
  readonly alarms?: AlarmsArgs<CanaryAlarm>;
  /** @default - of the preset: only in prod */
  readonly protect?: boolean;
  /** At least Environment, Project, Owner and ManagedBy. */
  readonly tags: Tags;
}
