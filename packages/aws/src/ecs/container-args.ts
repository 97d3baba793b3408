import type * as pulumi from "@pulumi/pulumi";
import type { PolicyStatement } from "../iam/policy-statement.ts";
import type { RetentionDays } from "../monitoring/retention-days.ts";
import type { Opening } from "../opening.ts";
import type { SecretRef } from "../secret/secret.ts";
import type { ContainerImage } from "./container-image.ts";
import type { FargateCpu } from "./fargate-size.ts";

/**
 * A secret that a container is given when it starts: a `Secret`, or the ARN of a secret of Secrets Manager or of a
 * parameter of SSM. Its value is in nothing that Pulumi writes.
 */
export interface ContainerSecret extends SecretRef {
  /** Which value of a secret that is JSON, such as `password`. Not with a parameter of SSM. @default - the whole secret */
  readonly key?: string;
  /** The customer's key that it is encrypted with, so that the service may decrypt. @default - the key that AWS manages */
  readonly kmsKeyArn?: pulumi.Input<string>;
}

/** What a task of Fargate runs, and with which rights. */
export interface ContainerArgs {
  /** `app:1.4.2`, `app@sha256:…` or `registry.image("1.4.2")`; not without a tag, and not `latest`. */
  readonly image: string | ContainerImage;
  /** 1024 are one vCPU. @default - of the preset */
  readonly cpuUnits?: FargateCpu;
  /** One of those that Fargate has for the CPU; the error lists them. @default - of the preset */
  readonly memoryMiB?: number;
  /** What the image is built for. Graviton (`arm64`) costs a fifth less. @default "arm64" */
  readonly architecture?: "arm64" | "x86_64";
  /** @default - of the image */
  readonly command?: readonly string[];
  /** Variables in plain text. For secrets there is `secrets`. */
  readonly environment?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Variables that are read from a secret when a task starts, by name: its ARN, or a `ContainerSecret`. */
  readonly secrets?: Readonly<Record<string, pulumi.Input<string> | ContainerSecret>>;
  /** What the program in the container may do: `[...bucket.readStatements()]`. @default - nothing */
  readonly statements?: readonly PolicyStatement[];
  /** `user`, `uid` or `uid:gid`, not root. @default "1000:1000" */
  readonly user?: string;
  /** Runs as root. @default - as `user`, with no Linux capabilities */
  readonly rootUser?: Opening;
  /** Lets the program change its own files. @default - the root file system is read-only */
  readonly writableRootFilesystem?: Opening;
  /** Absolute paths that are empty and writable. The image declares each a VOLUME of its user. @default - none */
  readonly temporaryPaths?: readonly string[];
  /** @minimum 21 @maximum 200 @default - the 20 GiB that Fargate includes */
  readonly ephemeralStorageGiB?: number;
  /** Limit of open files (`nofile`). @minimum 1024 @maximum 1048576 @default - Fargate's own: 65535 */
  readonly openFiles?: number;
  /** What a task has between SIGTERM and SIGKILL. @minimum 2 @maximum 120 @default 30 */
  readonly stopTimeoutSeconds?: number;
  /** @default - of the preset: 30, 90 or 365 */
  readonly logRetentionDays?: RetentionDays;
  /**
   * Its key policy lets the logs service of the region use it.
   *
   * @format ARN of a KMS key
   * @default - encrypted with a key that AWS owns
   */
  readonly logsKmsKeyArn?: pulumi.Input<string>;
}

/** What the presets set for a container. */
export interface ContainerSize {
  readonly cpuUnits: FargateCpu;
  readonly memoryMiB: number;
  readonly logRetentionDays: RetentionDays;
}
