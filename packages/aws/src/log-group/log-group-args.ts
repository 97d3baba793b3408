import type { Tags } from "@groundplane/contracts";
import type * as pulumi from "@pulumi/pulumi";
import type { AlarmsArgs } from "../monitoring/alarms.ts";
import type { RetentionDays } from "../monitoring/retention-days.ts";
import type { Preset, PresetTable } from "../preset.ts";

export type LogGroupAlarm = "errors";

export interface LogGroupSize {
  readonly retentionDays: RetentionDays;
  /** Pulumi's `protect`: it is not deleted or replaced before that is taken off. */
  readonly protect: boolean;
}

/** What the presets set. */
export const LOG_GROUP_PRESETS: PresetTable<LogGroupSize> = {
  dev: { retentionDays: 30, protect: false },
  staging: { retentionDays: 90, protect: false },
  // A year: CIS AWS Foundations and PCI DSS 10.5.1 ask for 12 months of audit history.
  prod: { retentionDays: 365, protect: true },
};

export interface LogGroupArgs {
  /** @default "prod" */
  readonly preset?: Preset;
  /** What writes into some groups names them: `/aws/lambda/thumbnails`. Changing it replaces the group, and loses what it holds. @default - generated */
  readonly logGroupName?: string;
  /** @default - of the preset: 30, 90 or 365 */
  readonly retentionDays?: RetentionDays;
  /**
   * Its key policy lets the logs service of the region use it.
   *
   * @format ARN of a KMS key
   * @default - encrypted with a key that AWS owns
   */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /**
   * Makes a metric of the lines that match, and the alarm `errors` on it: more than 0 lines in 5 minutes.
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
   *
   * @default - no metric, and no alarm
   */
  readonly errorPattern?: string;
  readonly alarms?: AlarmsArgs<LogGroupAlarm>;
  /** @default - of the preset: only in prod */
  readonly protect?: boolean;
  /** At least Environment, Project, Owner and ManagedBy. */
  readonly tags: Tags;
}
