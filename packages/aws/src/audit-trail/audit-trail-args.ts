import type { Tags } from "@groundplane/contracts";
import type { AccessLogsArgs, ObjectLockArgs } from "../bucket/bucket-args.ts";
import type { AlarmsArgs } from "../monitoring/alarms.ts";
import type { RetentionDays } from "../monitoring/retention-days.ts";
import type { Preset, PresetTable } from "../preset.ts";
import type { AuditEvent } from "./audit-events.ts";

/** CloudTrail Insights: an unusual rate of calls, and of calls that fail. */
export type TrailInsight = "ApiCallRateInsight" | "ApiErrorRateInsight";

export interface AuditTrailSize {
  /** Of the log files in the bucket. */
  readonly retentionDays: number;
  /** Of the log group, in which one searches, and that the alarms stand on. */
  readonly logRetentionDays: RetentionDays;
  readonly insights: readonly TrailInsight[];
  /** Pulumi's `protect`, of bucket, key and log group. */
  readonly protect: boolean;
}

/** What the presets set. */
export const AUDIT_TRAIL_PRESETS: PresetTable<AuditTrailSize> = {
  dev: { retentionDays: 90, logRetentionDays: 30, insights: [], protect: false },
  staging: { retentionDays: 365, logRetentionDays: 90, insights: [], protect: true },
  prod: {
    // Seven years: what the Sarbanes-Oxley Act, section 802, asks of audit records.
    retentionDays: 2557,
    // PCI DSS 10.5.1: the latest three months at hand, and twelve in all.
    logRetentionDays: 365,
    insights: ["ApiCallRateInsight", "ApiErrorRateInsight"],
    protect: true,
  },
};

export interface AuditTrailArgs {
  /** @default "prod" */
  readonly preset?: Preset;
  /** @minimum 90 @maximum 36500 @default - of the preset: 90, 365 or 2557 */
  readonly retentionDays?: number;
  /** @default - of the preset: 30, 90 or 365 */
  readonly logRetentionDays?: RetentionDays;
  /** Log files older than this are moved to Glacier Instant Retrieval. @minimum 30 @default - not moved */
  readonly archiveAfterDays?: number;
  /** Nobody can delete a log file before its time. @default - none */
  readonly objectLock?: ObjectLockArgs;
  /** @default - none */
  readonly accessLogs?: AccessLogsArgs;
  /** No order. @default - of the preset: both in prod, else none */
  readonly insights?: readonly TrailInsight[];
  /**
   * Buckets of which each read and write of an object is recorded too. Their volume is charged.
   *
   * @format ARNs of buckets
   * @default - none: management events only
   */
  readonly dataEventBucketArns?: readonly string[];
  /** Records all accounts of the organisation; the account manages it, or is its delegated administrator. @format `o-…` @default - this account */
  readonly organizationId?: string;
  /** One for each of `AUDIT_EVENTS`, as CIS asks; thresholds are counts in 5 minutes. */
  readonly alarms?: AlarmsArgs<AuditEvent>;
  /** @default - of the preset: in staging and prod */
  readonly protect?: boolean;
  /** At least Environment, Project, Owner and ManagedBy. */
  readonly tags: Tags;
}
