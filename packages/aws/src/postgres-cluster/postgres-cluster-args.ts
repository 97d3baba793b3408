import type { Tags } from "@groundplane/contracts";
import type * as pulumi from "@pulumi/pulumi";
import type { AlarmsArgs } from "../monitoring/alarms.ts";
import type { RetentionDays } from "../monitoring/retention-days.ts";
import type { Peers } from "../network/peer-access.ts";
import type { Opening } from "../opening.ts";
import type { Preset, PresetTable } from "../preset.ts";
import type { VpcRef } from "../vpc/vpc-ref.ts";

export const POSTGRES_ALARMS = [
  "cpu",
  "memory",
  "connections",
  "transaction-ids",
  "replica-lag",
  "local-storage",
  "capacity",
] as const;
export type PostgresAlarm = (typeof POSTGRES_ALARMS)[number];

/** Aurora capacity units of serverless instances, in steps of a half: 1 is about 2 GiB of memory. */
export interface ServerlessCapacity {
  /** 0 pauses an instance that nobody is connected to, after `pauseAfterSeconds`. @minimum 0 @maximum 256 */
  readonly minUnits: number;
  /** @minimum 1 @maximum 256 */
  readonly maxUnits: number;
  /** Only with `minUnits: 0`. @minimum 300 @maximum 86400 @default 1800 */
  readonly pauseAfterSeconds?: number;
}

export interface PostgresClusterSize {
  readonly engineVersion: string;
  readonly instanceClass: string;
  /** Of instances of the class `db.serverless`. */
  readonly serverless: ServerlessCapacity;
  readonly readers: number;
  readonly backupRetentionDays: number;
  /** 0 is none. */
  readonly enhancedMonitoringSeconds: number;
  readonly logRetentionDays: RetentionDays;
  readonly applyImmediately: boolean;
  readonly finalSnapshot: boolean;
  /** AWS refuses to delete it. */
  readonly deletionProtection: boolean;
  /** Pulumi's `protect`: cluster and key are not deleted or replaced before that is taken off. */
  readonly protect: boolean;
  /** Of the alarm `connections`. */
  readonly connections: number;
}

/** The same in all presets, so that what is tested is what runs. Of the release notes: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraPostgreSQLReleaseNotes/AuroraPostgreSQL.Updates.html */
const ENGINE_VERSION = "17.7";

/** What the presets set. */
export const POSTGRES_CLUSTER_PRESETS: PresetTable<PostgresClusterSize> = {
  dev: {
    engineVersion: ENGINE_VERSION,
    instanceClass: "db.serverless",
    serverless: { minUnits: 0, maxUnits: 2 },
    readers: 0,
    backupRetentionDays: 1,
    enhancedMonitoringSeconds: 0,
    logRetentionDays: 30,
    applyImmediately: true,
    finalSnapshot: false,
    deletionProtection: false,
    protect: false,
    connections: 300,
  },
  staging: {
    engineVersion: ENGINE_VERSION,
    instanceClass: "db.serverless",
    serverless: { minUnits: 0.5, maxUnits: 8 },
    readers: 1,
    // AWS FSBP RDS.11 asks for 7 days.
    backupRetentionDays: 7,
    enhancedMonitoringSeconds: 60,
    logRetentionDays: 90,
    applyImmediately: true,
    finalSnapshot: true,
    deletionProtection: true,
    protect: false,
    connections: 1300,
  },
  prod: {
    engineVersion: ENGINE_VERSION,
    // Two of them: the class has no burst credit that runs out, and a reader takes over in another zone.
    instanceClass: "db.r7g.large",
    serverless: { minUnits: 2, maxUnits: 32 },
    readers: 1,
    backupRetentionDays: 35,
    enhancedMonitoringSeconds: 30,
    logRetentionDays: 365,
    applyImmediately: false,
    finalSnapshot: true,
    deletionProtection: true,
    protect: true,
    // 80 % of 1,600, the most that a db.r7g.large takes (Aurora user guide, "Managing Amazon Aurora PostgreSQL").
    connections: 1280,
  },
};

/** Where it is: a `Vpc`, its ref, or a literal. */
export type PostgresNetwork = Pick<VpcRef, "vpcId" | "isolatedSubnetIds">;

/** Names of what exists already, or that others rely on. */
export interface PostgresIdentifiers {
  /** Changing it replaces the cluster. */
  readonly cluster?: string;
  /** Changing it replaces the cluster. */
  readonly subnetGroup?: string;
  /** The writer's, then the readers'. Changing one replaces that instance. */
  readonly instances?: readonly string[];
}

/** What exists besides that which `identifiers` names. */
export interface PostgresAdoption {
  /** Whether there is the log group `/aws/rds/cluster/…/postgresql`: RDS makes it when the log is exported. @default false */
  readonly logGroup?: boolean;
}

/** Connections that are pooled before they reach the cluster. */
export interface PostgresProxyArgs {
  /** Share of the cluster's connections that the pool may take. @minimum 1 @maximum 100 @default 90 */
  readonly maxConnectionsPercent?: number;
  /** A client that says nothing for so long is let go. @minimum 1 @maximum 28800 @default 1800 */
  readonly idleClientSeconds?: number;
}

export interface PostgresClusterArgs {
  /** @default "prod" */
  readonly preset?: Preset;
  /** Its isolated subnets, in two zones at least, hold the instances. */
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
  /** `db.r7g.large`, or `db.serverless`. @default - of the preset: db.serverless, or db.r7g.large in prod */
  readonly instanceClass?: string;
  /** Only for the class `db.serverless`. @default - of the preset: 0 to 2 units, 0.5 to 8, 2 to 32 */
  readonly serverless?: ServerlessCapacity;
  /** Instances that answer reads and take over from the writer. @minimum 0 @maximum 15 @default - of the preset: 0, 1, 1 */
  readonly readers?: number;
  /** Made when the cluster is. Changing it replaces the cluster. @default - none but `postgres` */
  readonly databaseName?: string;
  /** Changing it replaces the cluster. AWS FSBP RDS.24 asks for another name than the usual ones. @default "cluster_admin" */
  readonly masterUsername?: string;
  /** AWS makes the password, keeps it in Secrets Manager and changes it after so many days. @minimum 1 @maximum 1000 @default 7 */
  readonly passwordRotationDays?: number;
  /** Lets IAM identities log in as database users that were granted `rds_iam`. @default true */
  readonly iamAuthentication?: boolean;
  /** @minimum 1150 @maximum 65535 @default 5432 */
  readonly port?: number;
  /**
   * Encrypts the data, its backups, the password and Performance Insights. Changing it replaces the cluster.
   *
   * @format ARN of a KMS key
   * @default - a key of its own, renewed each year
   */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /** Over those that the component sets: TLS only, and a log of connections, of changes to the schema and of what takes a second. They apply at the next restart. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Takes connections without TLS too. @default - TLS only */
  readonly allowPlaintext?: Opening;
  /** A pool of connections before the cluster: clients log in to it by IAM. @default - none */
  readonly proxy?: PostgresProxyArgs;
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
  /** Starts with what a snapshot holds; `databaseName` and `masterUsername` are then those of the snapshot. It stays here for good: changing it replaces the cluster. */
  readonly snapshotIdentifier?: string;
  /** Whether a snapshot is taken before it is deleted. @default - of the preset: not in dev */
  readonly finalSnapshot?: boolean;
  /** @default - generated */
  readonly identifiers?: PostgresIdentifiers;
  /**
   * Takes over the cluster, the subnet group and the instances that `identifiers` names; `kmsKeyArn` is then the key
   * that the cluster has. While it is set they stay as they are; remove it afterwards, and the review shows what the
   * component brings into line.
   *
   * @default - everything is created
   */
  readonly adopt?: PostgresAdoption;
  /** Thresholds: `cpu` and `capacity` in percent, `memory` and `local-storage` in bytes, `replica-lag` in milliseconds. */
  readonly alarms?: AlarmsArgs<PostgresAlarm>;
  /** @default - of the preset: not in dev */
  readonly deletionProtection?: boolean;
  /** @default - of the preset: only in prod */
  readonly protect?: boolean;
  /** At least Environment, Project, Owner and ManagedBy. */
  readonly tags: Tags;
}
