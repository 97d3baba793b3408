import { checkOneOf, checkWhole, invalidArgument } from "@groundplane/contracts";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { callerAccount } from "../caller-account.ts";
import { ComponentContext } from "../component-context.ts";
import { checkComponentName } from "../component-name.ts";
import { parseComponentTags } from "../component-tags.ts";
import { type PolicyStatement, policyDocument, serviceTrust } from "../iam/policy-statement.ts";
import { type AlarmSpec, checkAlarms, createAlarms } from "../monitoring/alarms.ts";
import type { DashboardWidget } from "../monitoring/dashboard-widget.ts";
import { presetOf } from "../preset.ts";
import {
  CANARY_PRESETS,
  CANARY_RUNTIME,
  type CanaryAlarm,
  type CanaryArgs,
  type CanaryInterval,
  type CanarySize,
} from "./canary-args.ts";
import { createResultsBucket, RUNS } from "./results-bucket.ts";

/** The resources of a `Canary`. */
export interface CanaryNodes {
  readonly canary: aws.synthetics.Canary;
  readonly bucket: aws.s3.Bucket;
  readonly code: aws.s3.BucketObjectv2;
  readonly role: aws.iam.Role;
  readonly alarms: ReadonlyMap<CanaryAlarm, aws.cloudwatch.MetricAlarm>;
}

const NAMESPACE = "CloudWatchSynthetics";

/**
 * A heartbeat: an address that is asked for again and again, and an alarm when it does not answer well.
 *
 * Creates, named `${name}-…`: `canary`, `code`, `role`, `role-policy`, `results` with `results-access`,
 * `results-policy`, `results-versions` and `results-expiry`, and `failing-alarm`.
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_TAGS} a required tag is missing, or a tag is not one that AWS takes.
 * @throws {INVALID_ARGUMENT} any other argument is not valid; the message names it.
 */
export class Canary extends pulumi.ComponentResource {
  readonly canaryName: pulumi.Output<string>;
  readonly resultsBucketName: pulumi.Output<string>;
  readonly nodes: CanaryNodes;

  constructor(name: string, args: CanaryArgs, options: pulumi.ComponentResourceOptions = {}) {
    const { tags, size, url } = validate(name, args);
    super("groundplane:aws:Canary", name, {}, options);

    const context = new ComponentContext(name, this, tags);
    const { bucket, code } = createResultsBucket(context, size);
    const { role, policy } = createRole(context, bucket, args.network !== undefined);
    const canary = new aws.synthetics.Canary(
      context.child("canary"),
      {
        artifactS3Location: pulumi.interpolate`s3://${bucket.id}/${RUNS}`,
        executionRoleArn: role.arn,
        handler: "heartbeat.handler",
        runtimeVersion: args.runtimeVersion ?? CANARY_RUNTIME,
        s3Bucket: bucket.id,
        s3Key: code.key,
        s3Version: code.versionId,
        schedule: { expression: rate(size.intervalMinutes) },
        runConfig: {
          timeoutInSeconds: 60,
          environmentVariables: {
            HEARTBEAT_URL: url,
            HEARTBEAT_TIMEOUT_SECONDS: String(args.timeoutSeconds ?? 10),
          },
        },
        ...(args.network !== undefined && {
          vpcConfig: {
            subnetIds: args.network.vpc.privateSubnetIds,
            securityGroupIds: args.network.securityGroups.map(({ securityGroupId }) => securityGroupId),
          },
        }),
        startCanary: true,
        deleteLambda: true,
        tags: context.tags("canary"),
      },
      context.options({ dependsOn: [policy] }),
    );
    const alarms = createAlarms(context, [failing(url, canary, size)], args.alarms);
    this.nodes = { canary, bucket, code, role, alarms };
    this.canaryName = canary.name;
    this.resultsBucketName = bucket.id;
    const { canaryName, resultsBucketName } = this;
    this.registerOutputs({ canaryName, resultsBucketName });
  }

  /** What is worth looking at. */
  widgets(): readonly DashboardWidget[] {
    const metric = (name: string, label: string) => ({
      namespace: NAMESPACE,
      metric: name,
      dimensions: { CanaryName: this.canaryName },
      label,
    });
    return [
      {
        title: "Heartbeat",
        metrics: [metric("SuccessPercent", "good answers, percent")],
        periodSeconds: 300,
      },
      { title: "Heartbeat, duration", metrics: [metric("Duration", "ms")], periodSeconds: 300 },
    ];
  }
}

function validate(name: string, args: CanaryArgs) {
  checkComponentName(name);
  const tags = parseComponentTags(args.tags);
  const row = presetOf(CANARY_PRESETS, args.preset);
  const size: CanarySize = {
    intervalMinutes: args.intervalMinutes ?? row.intervalMinutes,
    keepDays: args.keepDays ?? row.keepDays,
    protect: args.protect ?? row.protect,
  };
  checkOneOf("intervalMinutes", size.intervalMinutes, [1, 5, 10, 15, 30, 60]);
  checkWhole("keepDays", size.keepDays, 1, 1024);
  checkWhole("timeoutSeconds", args.timeoutSeconds, 1, 45);
  const { runtimeVersion } = args;
  if (runtimeVersion !== undefined && !/^syn-nodejs-puppeteer-\d+\.\d+$/.test(runtimeVersion))
    throw invalidArgument(`runtimeVersion is "${runtimeVersion}"; give one such as ${CANARY_RUNTIME}`, {
      runtimeVersion,
    });
  const groups = args.network?.securityGroups.length;
  if (groups !== undefined && (groups < 1 || groups > 5))
    throw invalidArgument(`network.securityGroups has ${groups}; give one to five`);
  checkAlarms<CanaryAlarm>(["failing"], args.alarms);
  return { tags, size, url: checkUrl(args.url) };
}

function checkUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "https:")
    throw invalidArgument(`url is "${text}"; give one that begins with https://`);
  // The address shows in the console, in logs and in the state.
  if (url.username !== "" || url.password !== "")
    throw invalidArgument(`url holds a user or password for ${url.host}; ask for an address that needs none`);
  return url.href;
}

const rate = (minutes: CanaryInterval): string =>
  minutes === 60 ? "rate(1 hour)" : `rate(${minutes} minute${minutes === 1 ? "" : "s"})`;

/** Lambda developer guide, "Giving Lambda functions access to resources in a VPC": interfaces have no names before. */
const INTERFACES: readonly PolicyStatement[] = [
  {
    actions: ["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface"],
    resources: ["*"],
  },
];

/** CloudWatch user guide, "Required roles and permissions for canaries". */
function createRole(
  context: ComponentContext,
  bucket: aws.s3.Bucket,
  inVpc: boolean,
): { readonly role: aws.iam.Role; readonly policy: aws.iam.RolePolicy } {
  const { partition, region, accountId } = callerAccount(context);
  const role = new aws.iam.Role(
    context.child("role"),
    {
      description: "Lets a canary write its results, logs and metrics",
      assumeRolePolicy: policyDocument([serviceTrust("lambda.amazonaws.com")]),
      tags: context.tags("role"),
    },
    context.options(),
  );
  const logs = pulumi.interpolate`arn:${partition}:logs:${region}:${accountId}:log-group:/aws/lambda/cwsyn-*`;
  const policy = new aws.iam.RolePolicy(
    context.child("role-policy"),
    {
      role: role.id,
      policy: policyDocument([
        { actions: ["s3:PutObject"], resources: [pulumi.interpolate`${bucket.arn}/${RUNS}/*`] },
        { actions: ["s3:GetBucketLocation"], resources: [bucket.arn] },
        { actions: ["s3:ListAllMyBuckets"], resources: ["*"] },
        { actions: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], resources: [logs] },
        {
          actions: ["cloudwatch:PutMetricData"],
          resources: ["*"],
          conditions: { StringEquals: { "cloudwatch:namespace": NAMESPACE } },
        },
        ...(inVpc ? INTERFACES : []),
      ]),
    },
    context.options(),
  );
  return { role, policy };
}

/** Silence is bad too: a canary that does not run sees nothing. */
function failing(
  url: string,
  canary: aws.synthetics.Canary,
  { intervalMinutes }: CanarySize,
): AlarmSpec<CanaryAlarm> {
  return {
    id: "failing",
    description: `${url} does not answer well: look at the newest runs of the canary.`.slice(0, 1024),
    namespace: NAMESPACE,
    metric: "SuccessPercent",
    dimensions: { CanaryName: canary.name },
    comparison: "below",
    threshold: 100,
    periodSeconds: intervalMinutes * 60,
    periods: 2,
    noData: "breaching",
  };
}
