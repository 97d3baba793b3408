import { checkWhole, invalidArgument } from "@groundplane/contracts";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { callerAccount } from "../caller-account.ts";
import { ComponentContext } from "../component-context.ts";
import { checkComponentName } from "../component-name.ts";
import { parseComponentTags } from "../component-tags.ts";
import { type ContainerImage, checkImageVersion, pullFrom } from "../ecs/container-image.ts";
import { type PolicyStatement, policyDocument } from "../iam/policy-statement.ts";
import { openingTag } from "../opening.ts";
import { presetOf } from "../preset.ts";
import {
  CONTAINER_REGISTRY_PRESETS,
  type ContainerRegistryArgs,
  type ContainerRegistrySize,
} from "./container-registry-args.ts";
import { lifecyclePolicy } from "./lifecycle.ts";

/** What other components need of a registry. */
export interface ContainerRegistryRef {
  readonly repositoryName: pulumi.Input<string>;
  readonly repositoryArn: pulumi.Input<string>;
  /** Without a tag: `<account>.dkr.ecr.<region>.amazonaws.com/<name>`. */
  readonly repositoryUrl: pulumi.Input<string>;
}

/** The resources of a `ContainerRegistry`. */
export interface ContainerRegistryNodes {
  readonly repository: aws.ecr.Repository;
  readonly lifecycle: aws.ecr.LifecyclePolicy;
  readonly policy?: aws.ecr.RepositoryPolicy;
}

/**
 * A private repository of container images whose tags do not move, scanned when pushed, with an end to what is old.
 *
 * Creates, named `${name}-…`: `repository`, `lifecycle`; with `pullAccountIds` also `policy`.
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_TAGS} a required tag is missing, or a tag is not one that AWS takes.
 * @throws {INVALID_ARGUMENT} any other argument is not valid; the message names it.
 */
export class ContainerRegistry extends pulumi.ComponentResource implements ContainerRegistryRef {
  readonly repositoryName: pulumi.Output<string>;
  readonly repositoryArn: pulumi.Output<string>;
  readonly repositoryUrl: pulumi.Output<string>;
  readonly nodes: ContainerRegistryNodes;

  constructor(name: string, args: ContainerRegistryArgs, options: pulumi.ComponentResourceOptions = {}) {
    const { tags, size } = validate(name, args);
    super("groundplane:aws:ContainerRegistry", name, {}, options);

    const context = new ComponentContext(name, this, tags);
    const repository = createRepository(context, args, size);
    const lifecycle = new aws.ecr.LifecyclePolicy(
      context.child("lifecycle"),
      { repository: repository.name, policy: JSON.stringify(lifecyclePolicy(size)) },
      // A repository has one: deleting the old after the new one stands would leave none.
      context.options({ deleteBeforeReplace: true }),
    );
    this.nodes = { repository, lifecycle, ...letAccountsPull(context, args, repository) };
    this.repositoryName = repository.name;
    this.repositoryArn = repository.arn;
    this.repositoryUrl = repository.repositoryUrl;
    this.registerOutputs(this.ref);
  }

  /** What other components need, without the rest: to export, or to pass on. */
  get ref(): { readonly [Name in keyof ContainerRegistryRef]: pulumi.Output<string> } {
    const { repositoryName, repositoryArn, repositoryUrl } = this;
    return { repositoryName, repositoryArn, repositoryUrl };
  }

  /**
   * One of its images, for a `FargateService` or a `ScheduledJob`.
   *
   * @param version - a tag such as `1.4.2`, or a digest: `sha256:` and 64 hex digits
   * @throws {INVALID_ARGUMENT} it is `latest`, or neither a tag nor a digest.
   */
  image(version: string): ContainerImage {
    checkImageVersion(version);
    return { repositoryUrl: this.repositoryUrl, repositoryArn: this.repositoryArn, version };
  }

  /** The rights of who pulls images. */
  pullStatements(): readonly PolicyStatement[] {
    return pullFrom(this.repositoryArn);
  }

  /** The rights of who pushes images: to pull is among them, since a push asks what is there already. */
  pushStatements(): readonly PolicyStatement[] {
    return [
      ...this.pullStatements(),
      {
        actions: [
          "ecr:InitiateLayerUpload",
          "ecr:UploadLayerPart",
          "ecr:CompleteLayerUpload",
          "ecr:PutImage",
        ],
        resources: [this.repositoryArn],
      },
    ];
  }
}

function validate(name: string, args: ContainerRegistryArgs) {
  checkComponentName(name);
  const tags = parseComponentTags(args.tags);
  const row = presetOf(CONTAINER_REGISTRY_PRESETS, args.preset);
  const size: ContainerRegistrySize = {
    untaggedDays: args.untaggedDays ?? row.untaggedDays,
    keepLast: args.keepLast ?? row.keepLast,
    deleteImages: args.deleteImages ?? row.deleteImages,
    protect: args.protect ?? row.protect,
  };
  checkWhole("untaggedDays", size.untaggedDays, 1, 3650);
  checkWhole("keepLast", size.keepLast, 1, 10_000);
  checkRepositoryName("repositoryName", args.repositoryName);
  checkRepositoryName("adopt.repositoryName", args.adopt?.repositoryName);
  if (args.adopt && args.repositoryName !== undefined && args.repositoryName !== args.adopt.repositoryName)
    throw invalidArgument(
      `repositoryName is "${args.repositoryName}" and adopt.repositoryName "${args.adopt.repositoryName}"; give one of them, or the same`,
    );
  for (const account of args.pullAccountIds ?? []) {
    if (!/^\d{12}$/.test(account))
      throw invalidArgument(`pullAccountIds holds "${account}"; an account's id has 12 digits`, { account });
  }
  openingTag("mutable-tags", args.mutableTags);
  return { tags, size };
}

/** ECR API reference, CreateRepository: 2 to 256 characters. */
function checkRepositoryName(argument: string, value: string | undefined): void {
  if (value === undefined) return;
  const part = "[a-z0-9]+(?:[._-][a-z0-9]+)*";
  if (value.length >= 2 && value.length <= 256 && new RegExp(`^${part}(?:/${part})*$`).test(value)) return;
  throw invalidArgument(
    `${argument} is "${value}"; give 2 to 256 lower-case letters, digits and single . _ - / between them`,
    { argument, value },
  );
}

function createRepository(
  context: ComponentContext,
  args: ContainerRegistryArgs,
  { deleteImages, protect }: ContainerRegistrySize,
): aws.ecr.Repository {
  const repositoryName = args.adopt?.repositoryName ?? args.repositoryName;
  const { kmsKeyArn } = args;
  return new aws.ecr.Repository(
    context.child("repository"),
    {
      ...(repositoryName !== undefined && { name: repositoryName }),
      imageTagMutability: args.mutableTags ? "MUTABLE" : "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [
        kmsKeyArn === undefined ? { encryptionType: "AES256" } : { encryptionType: "KMS", kmsKey: kmsKeyArn },
      ],
      forceDelete: deleteImages,
      tags: context.tags("repository", openingTag("mutable-tags", args.mutableTags)),
    },
    context.adopted(
      args.adopt?.repositoryName,
      [
        ...["tags", "imageTagMutability", "imageScanningConfiguration"],
        ...["encryptionConfigurations", "forceDelete"],
      ],
      { protect },
    ),
  );
}

function letAccountsPull(
  context: ComponentContext,
  { pullAccountIds = [] }: ContainerRegistryArgs,
  repository: aws.ecr.Repository,
): Pick<ContainerRegistryNodes, "policy"> {
  if (pullAccountIds.length === 0) return {};
  const { partition } = callerAccount(context);
  // A policy of a repository names no resource: it is the repository itself.
  const [, { actions } = { actions: [] }] = pullFrom(repository.arn);
  const principals = pullAccountIds
    .toSorted()
    .map((account) => pulumi.interpolate`arn:${partition}:iam::${account}:root`);
  const policy = new aws.ecr.RepositoryPolicy(
    context.child("policy"),
    {
      repository: repository.name,
      policy: policyDocument([{ actions, principals: { AWS: principals } }]),
    },
    context.options(),
  );
  return { policy };
}
