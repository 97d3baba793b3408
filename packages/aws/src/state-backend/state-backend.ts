import { checkWhole, invalidArgument, type Tags } from "@groundplane/contracts";
import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { checkBucketName } from "../bucket/bucket-name.ts";
import { checkObjectLock } from "../bucket/object-lock.ts";
import { createOwnBucket, type OwnBucket } from "../bucket/own-bucket.ts";
import { callerAccount } from "../caller-account.ts";
import { ComponentContext } from "../component-context.ts";
import { checkComponentName } from "../component-name.ts";
import { parseComponentTags } from "../component-tags.ts";
import type { PolicyStatement } from "../iam/policy-statement.ts";
import { createComponentKey } from "../kms/component-key.ts";
import type { StateBackendArgs } from "./state-backend-args.ts";

/** Versions of a state that are kept whatever their age. */
const KEPT_VERSIONS = 10;

/** What an environment's `backend` and `secrets` need of a state backend. */
export interface StateBackendRef {
  readonly bucketName: pulumi.Input<string>;
  /** Of the bucket and the key. */
  readonly region: pulumi.Input<string>;
  readonly keyId: pulumi.Input<string>;
}

/** The resources of a `StateBackend`. */
export interface StateBackendNodes extends OwnBucket {
  readonly key: aws.kms.Key;
}

/**
 * A bucket for Pulumi's state, and a key that encrypts it and the secrets in it.
 *
 * Creates, named `${name}-…`: `key`, `bucket`, `public-access-block`, `ownership`, `versioning`, `encryption`,
 * `lifecycle`, `policy`; with `objectLock` also `object-lock`, with `accessLogs` also `access-logs`.
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_TAGS} a required tag is missing, or a tag is not one that AWS takes.
 * @throws {INVALID_ARGUMENT} any other argument is not valid; the message names it.
 */
export class StateBackend extends pulumi.ComponentResource implements StateBackendRef {
  readonly bucketName: pulumi.Output<string>;
  readonly bucketArn: pulumi.Output<string>;
  readonly keyId: pulumi.Output<string>;
  readonly keyArn: pulumi.Output<string>;
  readonly region: pulumi.Output<string>;
  /** For `pulumi login`, and `PULUMI_BACKEND_URL`. */
  readonly backendUrl: pulumi.Output<string>;
  /** For `pulumi stack init --secrets-provider`. */
  readonly secretsProvider: pulumi.Output<string>;
  readonly nodes: StateBackendNodes;

  constructor(name: string, args: StateBackendArgs, options: pulumi.ComponentResourceOptions = {}) {
    const tags = validate(name, args);
    super("groundplane:aws:StateBackend", name, {}, options);

    const context = new ComponentContext(name, this, tags);
    const account = callerAccount(context);
    const protect = args.protect ?? true;
    const key = createComponentKey(context, account, {
      role: "key",
      description: "Encrypts Pulumi's state, and the secrets in it",
      protect,
      ...(args.adopt?.keyId !== undefined && { adoptId: args.adopt.keyId }),
    });
    this.nodes = { key, ...createBucket(context, args, protect, key) };
    this.bucketName = this.nodes.bucket.bucket;
    this.bucketArn = this.nodes.bucket.arn;
    this.keyId = key.keyId;
    this.keyArn = key.arn;
    this.region = account.region;
    this.backendUrl = pulumi.interpolate`s3://${this.bucketName}?region=${this.region}&awssdk=v2`;
    this.secretsProvider = pulumi.interpolate`awskms://${this.keyId}?region=${this.region}&awssdk=v2`;
    const { bucketArn, keyArn, backendUrl, secretsProvider } = this;
    this.registerOutputs({ ...this.ref, bucketArn, keyArn, backendUrl, secretsProvider });
  }

  /** What an environment's `backend` and `secrets` need, without the rest: to export, or to pass on. */
  get ref() {
    const { bucketName, region, keyId } = this;
    return { bucketName, region, keyId };
  }

  /** The rights of who only reads states and outputs, such as a drift check: neither writes nor locks. */
  readStatements(): readonly PolicyStatement[] {
    return [
      { actions: ["s3:ListBucket"], resources: [this.bucketArn] },
      { actions: ["s3:GetObject"], resources: [pulumi.interpolate`${this.bucketArn}/*`] },
      { actions: ["kms:Decrypt"], resources: [this.keyArn] },
    ];
  }

  /** The rights of who deploys. Versions are out of reach: what a deployment deletes can be brought back. */
  deployStatements(): readonly PolicyStatement[] {
    return [
      { actions: ["s3:ListBucket"], resources: [this.bucketArn] },
      {
        actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
        resources: [pulumi.interpolate`${this.bucketArn}/*`],
      },
      { actions: ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"], resources: [this.keyArn] },
    ];
  }
}

function validate(name: string, args: StateBackendArgs): Tags {
  checkComponentName(name);
  const tags = parseComponentTags(args.tags);
  checkBucketName("bucketName", args.bucketName);
  const { bucketName, adopt } = args;
  if (adopt?.bucketName !== undefined && adopt.bucketName !== bucketName)
    throw invalidArgument(
      `adopt.bucketName is "${adopt.bucketName}"; give it as bucketName too, since without a name the bucket would be replaced when the adoption ends`,
    );
  checkWhole("noncurrentDays", args.noncurrentDays, 1, 3650);
  checkObjectLock(args.objectLock);
  return tags;
}

function createBucket(
  context: ComponentContext,
  { bucketName, noncurrentDays = 90, objectLock, accessLogs, adopt }: StateBackendArgs,
  protect: boolean,
  key: aws.kms.Key,
): OwnBucket {
  return createOwnBucket(context, {
    bucketName,
    kmsKeyArn: key.arn,
    protect,
    noncurrentDays,
    keptVersions: KEPT_VERSIONS,
    statements: (bucketArn) => [otherKeys(bucketArn, key)],
    ...(objectLock !== undefined && { objectLock }),
    ...(accessLogs !== undefined && { accessLogs }),
    adoptName: adopt?.bucketName,
  });
}

/** Who names a key must name this one; who names none gets it. */
function otherKeys(bucketArn: pulumi.Output<string>, key: aws.kms.Key): PolicyStatement {
  const header = "s3:x-amz-server-side-encryption-aws-kms-key-id";
  return {
    sid: "NoOtherKey",
    effect: "Deny",
    actions: ["s3:PutObject"],
    resources: [pulumi.interpolate`${bucketArn}/*`],
    principals: { AWS: "*" },
    // Without `Null` a request that does not name a key would be denied as well.
    conditions: { Null: { [header]: "false" }, StringNotEquals: { [header]: key.arn } },
  };
}
