import type { Tags } from "@groundplane/contracts";
import type * as pulumi from "@pulumi/pulumi";
import type { RetentionDays } from "../monitoring/retention-days.ts";
import type { Peers } from "../network/peer-access.ts";
import type { Opening } from "../opening.ts";
import type { Preset, PresetTable } from "../preset.ts";
import type { VpcRef } from "../vpc/vpc-ref.ts";

/** What the presets of every PostgreSQL database set. */
export interface PostgresServerSize {
  readonly engineVersion: string;
  readonly instanceClass: string;
  readonly backupRetentionDays: number;
  /** 0 is none. */
  readonly enhancedMonitoringSeconds: number;
  readonly logRetentionDays: RetentionDays;
  readonly applyImmediately: boolean;
  readonly finalSnapshot: boolean;
  /** AWS refuses to delete it. */
  readonly deletionProtection: boolean;
  /** Pulumi's `protect`: database and key are not deleted or replaced before that is taken off. */
  readonly protect: boolean;
  /** Of the alarm `connections`. */
  readonly connections: number;
}

/** What the presets set for a cluster and for an instance alike. */
export const POSTGRES_SERVER_PRESETS: PresetTable<
  Omit<PostgresServerSize, "engineVersion" | "instanceClass" | "connections">
> = {
  dev: {
    backupRetentionDays: 1,
    enhancedMonitoringSeconds: 0,
    logRetentionDays: 30,
    applyImmediately: true,
    finalSnapshot: false,
    deletionProtection: false,
    protect: false,
  },
  staging: {
    // AWS FSBP RDS.11 asks for 7 days.
    backupRetentionDays: 7,
    enhancedMonitoringSeconds: 60,
    logRetentionDays: 90,
    applyImmediately: true,
    finalSnapshot: true,
    deletionProtection: true,
    protect: false,
  },
  prod: {
    backupRetentionDays: 35,
    enhancedMonitoringSeconds: 30,
    logRetentionDays: 365,
    applyImmediately: false,
    finalSnapshot: true,
    deletionProtection: true,
    protect: true,
  },
};

/** Where it is: a `Vpc`, its ref, or a literal. */
export type PostgresNetwork = Pick<VpcRef, "vpcId" | "isolatedSubnetIds">;

/** What every PostgreSQL database takes. */
export interface PostgresServerArgs {
  /** @default "prod" */
  readonly preset?: Preset;
  /** Its isolated subnets, in two zones at least, hold the database. */
  readonly network: PostgresNetwork;
  /** Other subnets of the network, in two zones at least. @default - the isolated ones */
  readonly subnetIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Who may connect, by a name of your own: `{ api: service }`. @default {}, nobody */
  readonly allowFrom?: Peers;
  /**
   * `17.7` stays at that version until you change it. `17` alone lets AWS raise the minor version in the maintenance
   * window, and never the major one.
   *
   * @default "17.7"
   */
  readonly engineVersion?: string;
  /** Lets a deployment raise the major version of `engineVersion`; without it AWS refuses. @default false */
  readonly allowMajorVersionUpgrade?: boolean;
  /** Made with the database server. Changing it replaces that. @default - none but `postgres` */
  readonly databaseName?: string;
  /** Changing it replaces the database. AWS FSBP RDS.24 and RDS.25 ask for another name than the usual ones. @default "cluster_admin" */
  readonly masterUsername?: string;
  /** AWS makes the password, keeps it in Secrets Manager and changes it after so many days. @minimum 1 @maximum 1000 @default 7 */
  readonly passwordRotationDays?: number;
  /** Lets IAM identities log in as database users that were granted `rds_iam`. @default true */
  readonly iamAuthentication?: boolean;
  /** @minimum 1150 @maximum 65535 @default 5432 */
  readonly port?: number;
  /**
   * Encrypts the data, its backups, the password and Performance Insights. Changing it replaces the database.
   *
   * @format ARN of a KMS key
   * @default - a key of its own, renewed each year
   */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /** Over those that the component sets: TLS only, and a log of connections, of changes to the schema and of what takes a second. They apply at the next restart. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Takes connections without TLS too. @default - TLS only */
  readonly allowPlaintext?: Opening;
  /** @minimum 1 @maximum 35 @default - of the preset: 1, 7 or 35 */
  readonly backupRetentionDays?: number;
  /** @format `hh:mm-hh:mm`, UTC @default - AWS chooses */
  readonly backupWindow?: string;
  /** @format `ddd:hh:mm-ddd:hh:mm`, UTC, lower case @default - AWS chooses */
  readonly maintenanceWindow?: string;
  /** Whether what needs a restart is done at once, or in the maintenance window. @default - of the preset: at once but in prod */
  readonly applyImmediately?: boolean;
  /** Of the operating system's metrics; 0 is none. 0, 1, 5, 10, 15, 30 or 60. @default - of the preset: 0, 60 or 30 */
  readonly enhancedMonitoringSeconds?: number;
  /** 7 is free. 7, 731, or months of 31 days. @default 7 */
  readonly performanceInsightsDays?: number;
  /** @default - of the preset: 30, 90 or 365 */
  readonly logRetentionDays?: RetentionDays;
  /** Starts with what a snapshot holds; `databaseName` and `masterUsername` are then those of the snapshot. It stays here for good: changing it replaces the database. */
  readonly snapshotIdentifier?: string;
  /** Whether a snapshot is taken before it is deleted. @default - of the preset: not in dev */
  readonly finalSnapshot?: boolean;
  /** @default - of the preset: not in dev */
  readonly deletionProtection?: boolean;
  /** @default - of the preset: only in prod */
  readonly protect?: boolean;
  /** At least Environment, Project, Owner and ManagedBy. */
  readonly tags: Tags;
}
