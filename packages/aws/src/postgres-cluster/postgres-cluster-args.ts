import type { AlarmsArgs } from "../monitoring/alarms.ts";
import {
  POSTGRES_SERVER_PRESETS,
  type PostgresServerArgs,
  type PostgresServerSize,
} from "../postgres/postgres-server-args.ts";
import type { PresetTable } from "../preset.ts";

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

export interface PostgresClusterSize extends PostgresServerSize {
  /** Of instances of the class `db.serverless`. */
  readonly serverless: ServerlessCapacity;
  readonly readers: number;
}

/** The same in all presets, so that what is tested is what runs. Of the release notes: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraPostgreSQLReleaseNotes/AuroraPostgreSQL.Updates.html */
const ENGINE_VERSION = "17.7";

/** What the presets set. */
export const POSTGRES_CLUSTER_PRESETS: PresetTable<PostgresClusterSize> = {
  dev: {
    ...POSTGRES_SERVER_PRESETS.dev,
    engineVersion: ENGINE_VERSION,
    instanceClass: "db.serverless",
    serverless: { minUnits: 0, maxUnits: 2 },
    readers: 0,
    connections: 300,
  },
  staging: {
    ...POSTGRES_SERVER_PRESETS.staging,
    engineVersion: ENGINE_VERSION,
    instanceClass: "db.serverless",
    serverless: { minUnits: 0.5, maxUnits: 8 },
    readers: 1,
    connections: 1300,
  },
  prod: {
    ...POSTGRES_SERVER_PRESETS.prod,
    engineVersion: ENGINE_VERSION,
    // Two of them: the class has no burst credit that runs out, and a reader takes over in another zone.
    instanceClass: "db.r7g.large",
    serverless: { minUnits: 2, maxUnits: 32 },
    readers: 1,
    // 80 % of 1,600, the most that a db.r7g.large takes (Aurora user guide, "Managing Amazon Aurora PostgreSQL").
    connections: 1280,
  },
};

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

export interface PostgresClusterArgs extends PostgresServerArgs {
  /** `db.r7g.large`, or `db.serverless`. @default - of the preset: db.serverless, or db.r7g.large in prod */
  readonly instanceClass?: string;
  /** Only for the class `db.serverless`. @default - of the preset: 0 to 2 units, 0.5 to 8, 2 to 32 */
  readonly serverless?: ServerlessCapacity;
  /** Instances that answer reads and take over from the writer. @minimum 0 @maximum 15 @default - of the preset: 0, 1, 1 */
  readonly readers?: number;
  /** A pool of connections before the cluster: clients log in to it by IAM. @default - none */
  readonly proxy?: PostgresProxyArgs;
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
}
