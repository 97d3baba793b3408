import type { Tags } from "@groundplane/contracts";
import type * as pulumi from "@pulumi/pulumi";
import type { AlarmsArgs } from "../monitoring/alarms.ts";
import type { RetentionDays } from "../monitoring/retention-days.ts";
import type { Peers } from "../network/peer-access.ts";
import type { Preset, PresetTable } from "../preset.ts";
import type { VpcRef } from "../vpc/vpc-ref.ts";

export const CACHE_ALARMS = ["cpu", "memory", "evictions", "replica-lag"] as const;
export type CacheAlarm = (typeof CACHE_ALARMS)[number];

/** What is thrown away when memory is full. https://valkey.io/topics/lru-cache/ */
export const EVICTION_POLICIES = [
  "noeviction",
  "allkeys-lru",
  "allkeys-lfu",
  "allkeys-random",
  "volatile-lru",
  "volatile-lfu",
  "volatile-random",
  "volatile-ttl",
] as const;
export type EvictionPolicy = (typeof EVICTION_POLICIES)[number];

export interface CacheSize {
  readonly nodeType: string;
  readonly replicas: number;
  /** 0 is no snapshots. */
  readonly snapshotRetentionDays: number;
  readonly logRetentionDays: RetentionDays;
  readonly applyImmediately: boolean;
  readonly finalSnapshot: boolean;
  /** Pulumi's `protect`: it is not deleted or replaced before that is taken off. */
  readonly protect: boolean;
}

/** What the presets set. */
export const CACHE_PRESETS: PresetTable<CacheSize> = {
  dev: {
    nodeType: "cache.t4g.micro",
    replicas: 0,
    snapshotRetentionDays: 0,
    logRetentionDays: 30,
    applyImmediately: true,
    finalSnapshot: false,
    protect: false,
  },
  staging: {
    nodeType: "cache.t4g.small",
    replicas: 1,
    snapshotRetentionDays: 3,
    logRetentionDays: 90,
    applyImmediately: true,
    finalSnapshot: true,
    protect: false,
  },
  prod: {
    nodeType: "cache.r7g.large",
    replicas: 1,
    snapshotRetentionDays: 7,
    logRetentionDays: 365,
    applyImmediately: false,
    finalSnapshot: true,
    protect: true,
  },
};

/** Where it is: a `Vpc`, its ref, or a literal. */
export type CacheNetwork = Pick<VpcRef, "vpcId" | "isolatedSubnetIds">;

/** Who may log in. */
export interface CacheUserArgs {
  /** `read`, `write` (and read), `admin`, or the rights in the words of an access string: `~orders:* +@read`. @default "write" */
  readonly access?: "read" | "write" | "admin" | (string & {});
  /**
   * One or two passwords of 16 to 128 characters, as secrets; two while one takes the place of the other.
   *
   * @default - no password: the user logs in by IAM
   */
  readonly passwords?: readonly pulumi.Input<string>[];
}

/** Names of what exists already. */
export interface CacheIdentifiers {
  /** Changing it replaces the cache. */
  readonly replicationGroup?: string;
  /** Changing it replaces the cache. */
  readonly subnetGroup?: string;
}

export interface CacheArgs {
  /** @default "prod" */
  readonly preset?: Preset;
  /** Its isolated subnets hold the nodes. */
  readonly network: CacheNetwork;
  /** Other subnets of the network. @default - the isolated ones */
  readonly subnetIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Who may connect, by a name of your own: `{ api: service }`. @default {}, nobody */
  readonly allowFrom?: Peers;
  /** Changing it replaces the cache. @default "valkey" */
  readonly engine?: "valkey" | "redis";
  /** @format `8.0` @default - 8.0 of Valkey, 7.1 of Redis */
  readonly engineVersion?: string;
  /** @default - of the preset: cache.t4g.micro, cache.t4g.small or cache.r7g.large */
  readonly nodeType?: string;
  /** Nodes that answer reads, in other zones; one takes over when the primary fails. @minimum 0 @maximum 5 @default - of the preset: 0, 1, 1 */
  readonly replicas?: number;
  /** Changing it replaces the cache. @minimum 1024 @maximum 65535 @default 6379 */
  readonly port?: number;
  /** By a name of your own. @default { app: {} }: one that reads and writes, and logs in by IAM */
  readonly users?: Readonly<Record<string, CacheUserArgs>>;
  /**
   * Changing it replaces the cache.
   *
   * @format ARN of a KMS key
   * @default - encrypted with a key that AWS owns
   */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /** @default "volatile-lru" */
  readonly evictionPolicy?: EvictionPolicy;
  /** Further parameters of the engine. @default {} */
  readonly parameters?: Readonly<Record<string, string>>;
  /** 0 is no snapshots. @minimum 0 @maximum 35 @default - of the preset: 0, 3 or 7 */
  readonly snapshotRetentionDays?: number;
  /** @format `hh:mm-hh:mm`, UTC @default - AWS chooses */
  readonly snapshotWindow?: string;
  /** @format `ddd:hh:mm-ddd:hh:mm`, UTC, lower case @default - AWS chooses */
  readonly maintenanceWindow?: string;
  /** Whether changes are made at once, or in the maintenance window. @default - of the preset: at once but in prod */
  readonly applyImmediately?: boolean;
  /** Whether a snapshot is taken before it is deleted. @default - of the preset: not in dev */
  readonly finalSnapshot?: boolean;
  /** Of the log of slow commands. @default - of the preset: 30, 90 or 365 */
  readonly logRetentionDays?: RetentionDays;
  /** @default - generated */
  readonly identifiers?: CacheIdentifiers;
  /**
   * Takes over the replication group and the subnet group that `identifiers` names. While it is set they stay as they
   * are; remove it afterwards, and the review shows what the component brings into line.
   *
   * @default false
   */
  readonly adopt?: boolean;
  /** Thresholds: `cpu` and `memory` in percent, `evictions` in keys in 5 minutes, `replica-lag` in seconds. One alarm for each node. */
  readonly alarms?: AlarmsArgs<CacheAlarm>;
  /** @default - of the preset: only in prod */
  readonly protect?: boolean;
  /** At least Environment, Project, Owner and ManagedBy. */
  readonly tags: Tags;
}
