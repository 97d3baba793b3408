import type { Tags } from "@groundplane/contracts";
import type * as pulumi from "@pulumi/pulumi";
import type { AlarmsArgs } from "../monitoring/alarms.ts";
import type { Opening } from "../opening.ts";
import type { Preset, PresetTable } from "../preset.ts";

export const TABLE_ALARMS = ["read-throttles", "write-throttles"] as const;
export type TableAlarm = (typeof TABLE_ALARMS)[number];

/** An attribute by which items are found. */
export interface TableKey {
  readonly name: string;
  readonly type: "string" | "number" | "binary";
}

/** Which attributes an index holds besides its keys and the table's. */
export type TableProjection = "all" | "keys" | readonly string[];

/** Another way to find items, with a partition key of its own. It can be added and removed at any time. */
export interface GlobalIndexArgs {
  readonly partitionKey: TableKey;
  readonly sortKey?: TableKey;
  /** @default "all" */
  readonly projection?: TableProjection;
}

/** Another order of the items with one partition key. It is made with the table, and changing it replaces the table. */
export interface LocalIndexArgs {
  readonly sortKey: TableKey;
  /** @default "all" */
  readonly projection?: TableProjection;
}

/** Units between which the capacity follows the load. */
export interface CapacityRange {
  /** @minimum 1 */
  readonly min: number;
  /** @minimum 1 @maximum 40000, the quota of a table */
  readonly max: number;
}

/** Each request is paid. */
export interface OnDemandCapacity {
  readonly mode: "on-demand";
  /** Reads a second above which requests are throttled, so that a mistake has a price limit. @default - none */
  readonly maxReadUnits?: number;
  /** Writes a second above which requests are throttled. @default - none */
  readonly maxWriteUnits?: number;
}

/** Units are paid by the hour, and follow the load. Global indexes have the same range, each for itself. */
export interface ProvisionedCapacity {
  readonly mode: "provisioned";
  readonly read: CapacityRange;
  readonly write: CapacityRange;
  /** Share of the units that the load is to take. @minimum 20 @maximum 90 @default 70 */
  readonly targetPercent?: number;
}

export interface TableSize {
  /** To any second of so many days. */
  readonly recoveryDays: number;
  /** AWS refuses to delete it. */
  readonly deletionProtection: boolean;
  /** Pulumi's `protect`: it is not deleted or replaced before that is taken off. */
  readonly protect: boolean;
}

/** What the presets set. */
export const TABLE_PRESETS: PresetTable<TableSize> = {
  dev: { recoveryDays: 7, deletionProtection: false, protect: false },
  staging: { recoveryDays: 7, deletionProtection: true, protect: false },
  // The longest there is; its price does not depend on it.
  prod: { recoveryDays: 35, deletionProtection: true, protect: true },
};

export interface TableArgs {
  /** @default "prod" */
  readonly preset?: Preset;
  /** Changing it replaces the table. */
  readonly partitionKey: TableKey;
  /** Orders the items with one partition key. Changing it replaces the table. @default - none: one item for each partition key */
  readonly sortKey?: TableKey;
  /** By name; at most 20, and AWS makes or deletes one at a time. @default {} */
  readonly globalIndexes?: Readonly<Record<string, GlobalIndexArgs>>;
  /** By name; at most 5. Changing them replaces the table. @default {} */
  readonly localIndexes?: Readonly<Record<string, LocalIndexArgs>>;
  /** @default { mode: "on-demand" } */
  readonly capacity?: OnDemandCapacity | ProvisionedCapacity;
  /** Of the attribute with the second (since 1970) from which an item may be deleted. @default - items stay */
  readonly timeToLiveAttribute?: string;
  /** What the table's stream tells of each change. @default - no stream */
  readonly stream?: "keys" | "new-image" | "old-image" | "new-and-old-images";
  /** `infrequent-access` is cheaper to keep and dearer to read and write. @default "standard" */
  readonly tableClass?: "standard" | "infrequent-access";
  /**
   * Who reads and writes needs the rights on it, which the table's statements have.
   *
   * @format ARN of a KMS key
   * @default - encrypted with a key that AWS owns
   */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /** @minimum 1 @maximum 35 @default - of the preset: 7, 7 or 35 */
  readonly recoveryDays?: number;
  /** Leaves the table without point-in-time recovery. @default - it has it */
  readonly noRecovery?: Opening;
  /** For what names it: 3 to 255 letters, digits and _ . -. Changing it replaces the table. @default - generated */
  readonly tableName?: string;
  /**
   * Takes over the table that `tableName` names. While it is set the table stays as it is; remove it afterwards, and
   * the review shows what the component brings into line.
   *
   * @default false
   */
  readonly adopt?: boolean;
  readonly alarms?: AlarmsArgs<TableAlarm>;
  /** @default - of the preset: not in dev */
  readonly deletionProtection?: boolean;
  /** @default - of the preset: only in prod */
  readonly protect?: boolean;
  /** At least Environment, Project, Owner and ManagedBy. */
  readonly tags: Tags;
}
