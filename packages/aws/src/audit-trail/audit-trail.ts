import { checkOneOf, checkWhole, invalidArgument, type Tags } from "@groundplane/contracts";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { checkObjectLock } from "../bucket/object-lock.ts";
import { createOwnBucket, type OwnBucket } from "../bucket/own-bucket.ts";
import { callerAccount } from "../caller-account.ts";
import { ComponentContext } from "../component-context.ts";
import { checkComponentName } from "../component-name.ts";
import { parseComponentTags } from "../component-tags.ts";
import { policyDocument, serviceTrust } from "../iam/policy-statement.ts";
import { createComponentKey } from "../kms/component-key.ts";
import type { LogGroupRef } from "../log-group/log-group.ts";
import { checkAlarms } from "../monitoring/alarms.ts";
import { checkRetention } from "../monitoring/retention-days.ts";
import { presetOf } from "../preset.ts";
import { type AuditAlarms, watchAuditEvents } from "./audit-alarms.ts";
import { AUDIT_EVENT_IDS } from "./audit-events.ts";
import { AUDIT_TRAIL_PRESETS, type AuditTrailArgs, type AuditTrailSize } from "./audit-trail-args.ts";
import { type TrailPlace, trailArn, trailBucketStatements, trailKeyStatements } from "./trail-policies.ts";

/** The resources of an `AuditTrail`. */
export interface AuditTrailNodes extends OwnBucket, AuditAlarms {
  readonly key: aws.kms.Key;
  readonly logGroup: aws.cloudwatch.LogGroup;
  readonly role: aws.iam.Role;
  readonly trail: aws.cloudtrail.Trail;
}

/**
 * A CloudTrail trail of all regions, its log files and log group encrypted with its own key, and an alarm for each event that
 * CIS wants to be told of.
 *
 * Creates, named `${name}-…`: `key`, `bucket` with its settings (`public-access-block`, `ownership`, `versioning`,
 * `encryption`, `lifecycle`, `policy`, `object-lock`, `access-logs`), `group`, `role`, `role-policy`, `trail`; for each
 * event of `AUDIT_EVENTS`, such as `root-use`, `root-use-filter` and `root-use-alarm`.
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_TAGS} a required tag is missing, or a tag is not one that AWS takes.
 * @throws {INVALID_ARGUMENT} any other argument is not valid; the message names it.
 */
export class AuditTrail extends pulumi.ComponentResource implements LogGroupRef {
  readonly trailArn: pulumi.Output<string>;
  readonly bucketName: pulumi.Output<string>;
  readonly keyArn: pulumi.Output<string>;
  readonly logGroupName: pulumi.Output<string>;
  readonly logGroupArn: pulumi.Output<string>;
  readonly nodes: AuditTrailNodes;

  constructor(name: string, args: AuditTrailArgs, options: pulumi.ComponentResourceOptions = {}) {
    const { tags, size } = validate(name, args);
    super("groundplane:aws:AuditTrail", name, {}, options);

    const context = new ComponentContext(name, this, tags);
    const { organizationId } = args;
    const place = { account: callerAccount(context), trailName: context.child("trail"), organizationId };
    const key = createComponentKey(context, place.account, {
      role: "key",
      description: "Encrypts what the audit trail writes",
      protect: size.protect,
      statements: trailKeyStatements(place),
    });
    const bucket = createBucket(context, args, size, place, key);
    const { logGroup, role, writes } = createLogGroup(context, size, key, place);
    const trail = createTrail(context, args, size, { place, key, bucket, logGroup, role, writes });
    this.nodes = {
      key,
      ...bucket,
      logGroup,
      role,
      trail,
      ...watchAuditEvents(context, logGroup, args.alarms),
    };
    this.trailArn = trail.arn;
    this.bucketName = bucket.bucket.bucket;
    this.keyArn = key.arn;
    this.logGroupName = logGroup.name;
    this.logGroupArn = logGroup.arn;
    const { bucketName, keyArn } = this;
    this.registerOutputs({ ...this.ref, trailArn: this.trailArn, bucketName, keyArn });
  }

  /** What looks into the log, such as a `BreakGlassRole`, needs: to export, or to pass on. */
  get ref(): { readonly logGroupName: pulumi.Output<string>; readonly logGroupArn: pulumi.Output<string> } {
    const { logGroupName, logGroupArn } = this;
    return { logGroupName, logGroupArn };
  }
}

function validate(
  name: string,
  args: AuditTrailArgs,
): { readonly tags: Tags; readonly size: AuditTrailSize } {
  checkComponentName(name);
  const tags = parseComponentTags(args.tags);
  const row = presetOf(AUDIT_TRAIL_PRESETS, args.preset);
  const size: AuditTrailSize = {
    retentionDays: args.retentionDays ?? row.retentionDays,
    logRetentionDays: args.logRetentionDays ?? row.logRetentionDays,
    insights: args.insights ?? row.insights,
    protect: args.protect ?? row.protect,
  };
  checkWhole("retentionDays", size.retentionDays, 90, 36500);
  checkRetention("logRetentionDays", size.logRetentionDays);
  checkWhole("archiveAfterDays", args.archiveAfterDays, 30, size.retentionDays - 1);
  checkObjectLock(args.objectLock);
  if (args.objectLock !== undefined && args.objectLock.days > size.retentionDays)
    throw invalidArgument(
      `objectLock.days is ${args.objectLock.days} and retentionDays ${size.retentionDays}; keep files at least as long as they are locked`,
    );
  for (const insight of size.insights)
    checkOneOf("insights", insight, ["ApiCallRateInsight", "ApiErrorRateInsight"]);
  for (const arn of args.dataEventBucketArns ?? [])
    if (!/^arn:[\w-]+:s3:::[a-z0-9.-]{3,63}$/.test(arn))
      throw invalidArgument(`dataEventBucketArns has "${arn}"; give the ARN of a bucket, without a path`);
  if (args.organizationId !== undefined && !/^o-[a-z0-9]{10,32}$/.test(args.organizationId))
    throw invalidArgument(`organizationId is "${args.organizationId}"; give an id such as o-abcde12345`);
  checkAlarms(AUDIT_EVENT_IDS, args.alarms);
  return { tags, size };
}

function createBucket(
  context: ComponentContext,
  { archiveAfterDays, objectLock, accessLogs }: AuditTrailArgs,
  { retentionDays, protect }: AuditTrailSize,
  place: TrailPlace,
  key: aws.kms.Key,
): OwnBucket {
  return createOwnBucket(context, {
    kmsKeyArn: key.arn,
    protect,
    lifecycle: [
      {
        id: "log-files",
        expireDays: retentionDays,
        ...(archiveAfterDays !== undefined && {
          transitions: [{ days: archiveAfterDays, storageClass: "glacier-instant" }],
        }),
      },
    ],
    // CloudTrail writes a file once: another version is somebody's tampering, and is kept as long.
    noncurrentDays: retentionDays,
    statements: (bucketArn) => trailBucketStatements(place, bucketArn),
    ...(objectLock !== undefined && { objectLock }),
    ...(accessLogs !== undefined && { accessLogs }),
  });
}

function createLogGroup(
  context: ComponentContext,
  { logRetentionDays, protect }: AuditTrailSize,
  key: aws.kms.Key,
  place: TrailPlace,
) {
  const logGroup = new aws.cloudwatch.LogGroup(
    context.child("group"),
    { retentionInDays: logRetentionDays, kmsKeyId: key.arn, tags: context.tags("group") },
    context.options({ protect }),
  );
  const role = new aws.iam.Role(
    context.child("role"),
    {
      description: "Lets the audit trail write to its log group",
      assumeRolePolicy: policyDocument([
        serviceTrust("cloudtrail.amazonaws.com", { StringEquals: { "aws:SourceArn": trailArn(place) } }),
      ]),
      tags: context.tags("role"),
    },
    context.options(),
  );
  const writes = new aws.iam.RolePolicy(
    context.child("role-policy"),
    {
      role: role.name,
      policy: policyDocument([
        {
          actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
          resources: [pulumi.interpolate`${logGroup.arn}:log-stream:*`],
        },
      ]),
    },
    context.options(),
  );
  return { logGroup, role, writes };
}

function createTrail(
  context: ComponentContext,
  { dataEventBucketArns = [], organizationId }: AuditTrailArgs,
  { insights }: AuditTrailSize,
  on: {
    readonly place: TrailPlace;
    readonly key: aws.kms.Key;
    readonly bucket: OwnBucket;
    readonly logGroup: aws.cloudwatch.LogGroup;
    readonly role: aws.iam.Role;
    readonly writes: aws.iam.RolePolicy;
  },
): aws.cloudtrail.Trail {
  return new aws.cloudtrail.Trail(
    context.child("trail"),
    {
      name: on.place.trailName,
      s3BucketName: on.bucket.bucket.bucket,
      kmsKeyId: on.key.arn,
      cloudWatchLogsGroupArn: pulumi.interpolate`${on.logGroup.arn}:*`,
      cloudWatchLogsRoleArn: on.role.arn,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      ...(organizationId !== undefined && { isOrganizationTrail: true }),
      ...(insights.length > 0 && {
        insightSelectors: insights.toSorted().map((insightType) => ({ insightType })),
      }),
      ...(dataEventBucketArns.length > 0 && { advancedEventSelectors: selectors(dataEventBucketArns) }),
      tags: context.tags("trail"),
    },
    // CloudTrail tries to write to all three before it makes the trail.
    context.options({ dependsOn: [on.bucket.policy, on.bucket.encryption, on.writes] }),
  );
}

/** Once there are selectors, management events need one of their own. */
function selectors(bucketArns: readonly string[]): aws.types.input.cloudtrail.TrailAdvancedEventSelector[] {
  return [
    { name: "Management events", fieldSelectors: [{ field: "eventCategory", equals: ["Management"] }] },
    {
      name: "Objects of buckets",
      fieldSelectors: [
        { field: "eventCategory", equals: ["Data"] },
        { field: "resources.type", equals: ["AWS::S3::Object"] },
        { field: "resources.ARN", startsWiths: bucketArns.toSorted().map((arn) => `${arn}/`) },
      ],
    },
  ];
}
