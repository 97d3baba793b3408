import type { Tags } from "@groundplane/contracts";
import type * as pulumi from "@pulumi/pulumi";
import type { AlarmsArgs } from "../monitoring/alarms.ts";
import type { RetentionDays } from "../monitoring/retention-days.ts";
import type { Preset, PresetTable } from "../preset.ts";

export type HostedZoneAlarm = "dnssec-failure" | "dnssec-keys";

export interface HostedZoneSize {
  readonly queryLogs: RetentionDays | "none";
  /** Pulumi's `protect`, of the zone and its key. */
  readonly protect: boolean;
}

/** What the presets set. Private zones have no query logs: a resolver's has them. */
export const HOSTED_ZONE_PRESETS: PresetTable<HostedZoneSize> = {
  dev: { queryLogs: "none", protect: false },
  staging: { queryLogs: 30, protect: true },
  prod: { queryLogs: 90, protect: true },
};

/** What a private zone needs of a network. A `Vpc`, the outputs of another stack and a literal satisfy it. */
export interface ZoneVpc {
  readonly vpcId: pulumi.Input<string>;
  /** @default - the provider's */
  readonly region?: string;
}

export interface HostedZoneArgs {
  /** @default "prod" */
  readonly preset?: Preset;
  /** Changing it replaces the zone, and loses its records. @format `example.com`, lower case, without a dot at its end */
  readonly domainName: string;
  /** Makes the zone private, to be seen from these networks alone. @default - public */
  readonly vpcs?: readonly ZoneVpc[];
  /**
   * Signs a public zone. It counts once the parent zone has the record `dsRecord`; take that away, and wait for its time to
   * live, before this is switched off again.
   *
   * @default false
   */
  readonly dnssec?: boolean;
  /** How long queries to a public zone are kept, in us-east-1. @default - of the preset: "none", 30 or 90 */
  readonly queryLogs?: RetentionDays | "none";
  /** Of DNSSEC; the topic is in us-east-1, where Route 53's metrics are. */
  readonly alarms?: AlarmsArgs<HostedZoneAlarm>;
  /** Takes over a zone with its records; its comment and tags stay until this is taken away. @default - created */
  readonly adopt?: { readonly zoneId: string };
  /** @default - of the preset: in staging and prod */
  readonly protect?: boolean;
  /** At least Environment, Project, Owner and ManagedBy. */
  readonly tags: Tags;
}
