import type { Tags } from "@groundplane/contracts";
import type { AccessLogsArgs, ObjectLockArgs } from "../bucket/bucket-args.ts";

/** The ids of what exists already. */
export interface StateBackendAdoption {
  /** Given as `bucketName` too. */
  readonly bucketName?: string;
  /** @format id of a KMS key */
  readonly keyId?: string;
}

export interface StateBackendArgs {
  /** Changing it replaces the bucket. @default - generated */
  readonly bucketName?: string;
  /**
   * How long an older version of a state is kept; the 10 newest of each are kept whatever their age.
   *
   * @minimum 1 @maximum 3650 @default 90
   */
  readonly noncurrentDays?: number;
  /** Nobody can delete a version of a state before its time. @default - none */
  readonly objectLock?: ObjectLockArgs;
  /** @default - none: CloudTrail's data events are the other way to see who read a state */
  readonly accessLogs?: AccessLogsArgs;
  /** Takes over what exists. Their settings become the component's; tags and the key's policy stay until this is taken away. @default - created */
  readonly adopt?: StateBackendAdoption;
  /** Bucket and key are not deleted or replaced before it is false. @default true */
  readonly protect?: boolean;
  /** At least Environment, Project, Owner and ManagedBy. */
  readonly tags: Tags;
}
