import type { AlarmsArgs } from "../monitoring/alarms.ts";
import {
  POSTGRES_SERVER_PRESETS,
  type PostgresServerArgs,
  type PostgresServerSize,
} from "../postgres/postgres-server-args.ts";
import type { PresetTable } from "../preset.ts";

export const POSTGRES_INSTANCE_ALARMS = [
  "cpu",
  "memory",
  "connections",
  "storage",
  "transaction-ids",
] as const;
export type PostgresInstanceAlarm = (typeof POSTGRES_INSTANCE_ALARMS)[number];

/** Storage of the kind gp3, which grows by itself and never shrinks. */
export interface PostgresStorage {
  /** At the beginning. @minimum 20 @maximum 65536 */
  readonly gib: number;
  /** How far it may grow: at least a tenth more. @maximum 65536 @default - it does not grow */
  readonly maxGib?: number;
}

export interface PostgresInstanceSize extends PostgresServerSize {
  readonly storage: PostgresStorage;
  /** A second instance in another zone, which takes over. */
  readonly multiAz: boolean;
  /** Of the alarm `memory`. */
  readonly freeMemoryMiB: number;
}

/** The same in all presets, so that what is tested is what runs. https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-versions.html */
const ENGINE_VERSION = "17.7";

/**
 * What the presets set. `connections` is 80 % of what the class takes: its memory by 9,531,392 bytes (RDS user guide,
 * "Quotas and constraints", maximum number of database connections).
 */
export const POSTGRES_INSTANCE_PRESETS: PresetTable<PostgresInstanceSize> = {
  dev: {
    ...POSTGRES_SERVER_PRESETS.dev,
    engineVersion: ENGINE_VERSION,
    instanceClass: "db.t4g.micro",
    storage: { gib: 20, maxGib: 100 },
    multiAz: false,
    connections: 85,
    freeMemoryMiB: 64,
  },
  staging: {
    ...POSTGRES_SERVER_PRESETS.staging,
    engineVersion: ENGINE_VERSION,
    instanceClass: "db.t4g.medium",
    storage: { gib: 20, maxGib: 100 },
    multiAz: true,
    connections: 350,
    freeMemoryMiB: 256,
  },
  prod: {
    ...POSTGRES_SERVER_PRESETS.prod,
    engineVersion: ENGINE_VERSION,
    instanceClass: "db.m7g.large",
    storage: { gib: 100, maxGib: 1000 },
    multiAz: true,
    connections: 700,
    freeMemoryMiB: 512,
  },
};

/** Names of what exists already, or that others rely on. */
export interface PostgresInstanceIdentifiers {
  /** Changing it renames the instance, and so changes its endpoint. */
  readonly instance?: string;
  readonly subnetGroup?: string;
}

/** What exists besides that which `identifiers` names. */
export interface PostgresInstanceAdoption {
  /** Whether there is the log group `/aws/rds/instance/…/postgresql`: RDS makes it when the log is exported. @default false */
  readonly logGroup?: boolean;
}

export interface PostgresInstanceArgs extends PostgresServerArgs {
  /** @default - of the preset: db.t4g.micro, db.t4g.medium or db.m7g.large */
  readonly instanceClass?: string;
  /** @default - of the preset: 20 to 100 GiB, 20 to 100, 100 to 1000 */
  readonly storage?: PostgresStorage;
  /** @default - of the preset: not in dev */
  readonly multiAz?: boolean;
  /** @default - generated */
  readonly identifiers?: PostgresInstanceIdentifiers;
  /**
   * Takes over the instance and the subnet group that `identifiers` names; `kmsKeyArn` is then the key that the
   * instance has. While it is set they stay as they are; remove it afterwards, and the review shows what the component
   * brings into line.
   *
   * @default - everything is created
   */
  readonly adopt?: PostgresInstanceAdoption;
  /** Thresholds: `cpu` in percent, `memory` and `storage` in bytes. */
  readonly alarms?: AlarmsArgs<PostgresInstanceAlarm>;
}
