import type { Tags } from "@groundplane/contracts";
import type * as pulumi from "@pulumi/pulumi";
import type { Opening } from "../opening.ts";
import type { Preset, PresetTable } from "../preset.ts";

export interface ContainerRegistrySize {
  readonly untaggedDays: number;
  readonly keepLast: number;
  /** Deleting the repository deletes its images; otherwise AWS refuses while there are any. */
  readonly deleteImages: boolean;
  /** Pulumi's `protect`: it is not deleted or replaced before that is taken off. */
  readonly protect: boolean;
}

/** What the presets set. */
export const CONTAINER_REGISTRY_PRESETS: PresetTable<ContainerRegistrySize> = {
  dev: { untaggedDays: 3, keepLast: 20, deleteImages: true, protect: false },
  staging: { untaggedDays: 7, keepLast: 50, deleteImages: false, protect: false },
  // A year of a release each working day.
  prod: { untaggedDays: 14, keepLast: 250, deleteImages: false, protect: true },
};

export interface ContainerRegistryArgs {
  /** @default "prod" */
  readonly preset?: Preset;
  /** Changing it replaces the repository, and loses its images. @default - generated */
  readonly repositoryName?: string;
  /**
   * After how many days an image that lost its tag goes.
   *
   * @minimum 1
   * @maximum 3650
   * @default - of the preset: 3, 7 or 14
   */
  readonly untaggedDays?: number;
  /**
   * How many tagged images are kept; the oldest go. ECR does not know what runs: keep more than can be deployed.
   *
   * @minimum 1
   * @maximum 10000
   * @default - of the preset: 20, 50 or 250
   */
  readonly keepLast?: number;
  /**
   * Changing it replaces the repository, and loses its images.
   *
   * @format ARN of a KMS key
   * @default - encrypted with keys of ECR (AES-256)
   */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /** Lets a tag be pushed again, so that it names something else. @default - a tag stays what it is */
  readonly mutableTags?: Opening;
  /** Accounts whose roles may pull, where their own policies let them. 12 digits each. @default - this account's alone */
  readonly pullAccountIds?: readonly string[];
  /** @default - of the preset: only in dev */
  readonly deleteImages?: boolean;
  /** An existing repository is taken over as it is: only its lifecycle is set. Take it out later to have the rest set too, and give `repositoryName`. */
  readonly adopt?: { readonly repositoryName: string };
  /** @default - of the preset: only in prod */
  readonly protect?: boolean;
  /** At least Environment, Project, Owner and ManagedBy. */
  readonly tags: Tags;
}
