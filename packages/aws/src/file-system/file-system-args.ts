import type { Tags } from "@groundplane/contracts";
import type * as pulumi from "@pulumi/pulumi";
import type { AlarmsArgs } from "../monitoring/alarms.ts";
import type { Opening } from "../opening.ts";
import type { Preset, PresetTable } from "../preset.ts";
import type { VpcRef } from "../vpc/vpc-ref.ts";

export type FileSystemAlarm = "io-limit";

export interface FileSystemSize {
  /** Pulumi's `protect`: it is not deleted or replaced before that is taken off. */
  readonly protect: boolean;
}

/** What the presets set. */
export const FILE_SYSTEM_PRESETS: PresetTable<FileSystemSize> = {
  dev: { protect: false },
  staging: { protect: false },
  prod: { protect: true },
};

/** After so many days without access. */
export type TransitionDays = 1 | 7 | 14 | 30 | 60 | 90 | 180 | 270 | 365;

/** A folder that clients see as the root, as one user. */
export interface AccessPointArgs {
  /** Made where it is not there. @format absolute: `/uploads` */
  readonly path: string;
  /** @minimum 0 @maximum 4294967295 */
  readonly uid: number;
  /** @minimum 0 @maximum 4294967295 */
  readonly gid: number;
  /** Of the folder when it is made. @default "0750" */
  readonly permissions?: string;
}

/** A file system that exists already. */
export interface FileSystemAdoption {
  /** @format `fs-…` */
  readonly fileSystemId: string;
  /** In the order of `subnetIds`. @default [], they are created; AWS refuses a second one in a zone */
  readonly mountTargetIds?: readonly string[];
}

export interface FileSystemArgs {
  /** @default "prod" */
  readonly preset?: Preset;
  readonly network: Pick<VpcRef, "vpcId">;
  /** One a zone, such as a `Vpc`'s `privateSubnetIds`. Add new ones at the end: their place names their mount target. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** Who may connect. @format ids of security groups @default [], nobody */
  readonly allowFrom?: readonly pulumi.Input<string>[];
  /** Folders by a name of your choice: lower-case letters, digits and dashes. @default {} */
  readonly accessPoints?: Readonly<Record<string, AccessPointArgs>>;
  /**
   * Changing it replaces the file system, and loses what it holds.
   *
   * @format ARN of a KMS key
   * @default - encrypted with the account's `aws/elasticfilesystem`
   */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /** `elastic` is charged by use; `bursting` grows with what is stored. @default "elastic" */
  readonly throughput?: "elastic" | "bursting";
  /** When files go to Infrequent Access; the first access brings them back. @default 30 */
  readonly infrequentAccessDays?: TransitionDays;
  /** When they go on to Archive; with `elastic` only. @default - never */
  readonly archiveDays?: TransitionDays;
  /** @default - AWS Backup keeps a copy of each day for 35 days */
  readonly noBackups?: Opening;
  /** Lets whoever can connect read and write without IAM, as NFS clients do by themselves. @default - each client needs `mountStatements()` */
  readonly anonymousMount?: Opening;
  readonly alarms?: AlarmsArgs<FileSystemAlarm>;
  /** @default - of the preset: only in prod */
  readonly protect?: boolean;
  /** Takes over a file system; while it is set, nothing that is adopted changes. @default - it is created */
  readonly adopt?: FileSystemAdoption;
  /** At least Environment, Project, Owner and ManagedBy. */
  readonly tags: Tags;
}
