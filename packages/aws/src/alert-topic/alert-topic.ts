import { checkOneOf, checkWhole, invalidArgument } from "@groundplane/contracts";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { callerAccount } from "../caller-account.ts";
import { ComponentContext } from "../component-context.ts";
import { checkComponentName } from "../component-name.ts";
import { parseComponentTags } from "../component-tags.ts";
import { type PolicyStatement, policyDocument } from "../iam/policy-statement.ts";
import { type AlarmSpec, type AlertTopicRef, checkAlarms, createAlarms } from "../monitoring/alarms.ts";
import type { DashboardWidget } from "../monitoring/dashboard-widget.ts";
import { presetOf } from "../preset.ts";
import {
  ALERT_TOPIC_PRESETS,
  type AlertPublisher,
  type AlertTopicAlarm,
  type AlertTopicArgs,
  type AlertTopicSize,
} from "./alert-topic-args.ts";
import { checkSubscriptions, createSubscriptions } from "./subscriptions.ts";
import { keyStatements, PUBLISHERS, topicStatements } from "./topic-policies.ts";

/** The resources of an `AlertTopic`. */
export interface AlertTopicNodes {
  readonly topic: aws.sns.Topic;
  /** Absent while a topic is adopted. */
  readonly policy?: aws.sns.TopicPolicy;
  /** Absent with a key of the caller's. */
  readonly key?: aws.kms.Key;
  /** By name. */
  readonly subscriptions: ReadonlyMap<string, aws.sns.TopicSubscription>;
  readonly alarms: ReadonlyMap<AlertTopicAlarm, aws.cloudwatch.MetricAlarm>;
}

/**
 * An SNS topic that alarms and budgets of the account publish to, encrypted with a key of its own, and who is told.
 *
 * Creates, named `${name}-…`: `key`, `topic`, `policy`, `delivery-failures-alarm`, and for each subscription
 * `${its name}-subscription`, for a function also `${its name}-permission`.
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_TAGS} a required tag is missing, or a tag is not one that AWS takes.
 * @throws {INVALID_ARGUMENT} any other argument is not valid; the message names it.
 */
export class AlertTopic extends pulumi.ComponentResource implements AlertTopicRef {
  readonly topicArn: pulumi.Output<string>;
  readonly topicName: pulumi.Output<string>;
  /** Of the key that messages are encrypted with. */
  readonly kmsKeyArn: pulumi.Output<string>;
  readonly nodes: AlertTopicNodes;

  constructor(name: string, args: AlertTopicArgs, options: pulumi.ComponentResourceOptions = {}) {
    const { tags, size, publishers } = validate(name, args);
    super("groundplane:aws:AlertTopic", name, {}, options);

    const context = new ComponentContext(name, this, tags);
    const account = callerAccount(context);
    const key = createKey(context, args, size, keyStatements(publishers, account));
    this.kmsKeyArn = pulumi.output(key.kmsKeyArn);
    const topic = createTopic(context, args, size, this.kmsKeyArn);
    const policy = createPolicy(context, args, topic, topicStatements(topic.arn, publishers, account));
    const subscriptions = createSubscriptions(context, topic, args.subscriptions);
    const alarms = createAlarms(context, [deliveryFailures(context, topic)], args.alarms);
    this.nodes = { topic, ...policy, ...(key.key && { key: key.key }), subscriptions, alarms };
    this.topicArn = topic.arn;
    this.topicName = topic.name;
    const { topicArn, topicName, kmsKeyArn } = this;
    this.registerOutputs({ topicArn, topicName, kmsKeyArn });
  }

  /** What other components need, without the rest: to export, or to pass on. */
  get ref(): { readonly topicArn: pulumi.Output<string> } {
    return { topicArn: this.topicArn };
  }

  /** The rights of who publishes to it. */
  publishStatements(): readonly PolicyStatement[] {
    return [
      { actions: ["sns:Publish"], resources: [this.topicArn] },
      { actions: ["kms:GenerateDataKey", "kms:Decrypt"], resources: [this.kmsKeyArn] },
    ];
  }

  /** For the policy of a queue that is subscribed, or takes dead letters. */
  queueStatements(queueArn: pulumi.Input<string>): readonly PolicyStatement[] {
    return [
      {
        actions: ["sqs:SendMessage"],
        resources: [queueArn],
        principals: { Service: "sns.amazonaws.com" },
        conditions: { ArnEquals: { "aws:SourceArn": this.topicArn } },
      },
    ];
  }

  /** What is worth looking at. */
  widgets(): readonly DashboardWidget[] {
    const metric = (name: string, label: string) => ({
      namespace: "AWS/SNS",
      metric: name,
      dimensions: { TopicName: this.topicName },
      statistic: "Sum",
      label,
    });
    return [
      {
        title: "Alerts sent",
        metrics: [
          metric("NumberOfMessagesPublished", "published"),
          metric("NumberOfNotificationsDelivered", "delivered"),
          metric("NumberOfNotificationsFailed", "failed"),
        ],
        periodSeconds: 300,
      },
    ];
  }
}

function validate(name: string, args: AlertTopicArgs) {
  checkComponentName(name);
  const tags = parseComponentTags(args.tags);
  const row = presetOf(ALERT_TOPIC_PRESETS, args.preset);
  const size: AlertTopicSize = {
    keyDeletionDays: args.keyDeletionDays ?? row.keyDeletionDays,
    protect: args.protect ?? row.protect,
  };
  checkWhole("keyDeletionDays", size.keyDeletionDays, 7, 30);
  const publishers: readonly AlertPublisher[] = args.publishers ?? [
    "cloudwatch",
    "budgets",
    "cost-anomalies",
  ];
  for (const publisher of publishers) checkOneOf("publishers", publisher, Object.keys(PUBLISHERS));
  if (new Set(publishers).size !== publishers.length)
    throw invalidArgument(`publishers is [${publishers.join(", ")}]; name each once`);
  if (args.adopt !== undefined && !/^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]{1,256}$/.test(args.adopt.topicArn))
    throw invalidArgument(`adopt.topicArn is "${args.adopt.topicArn}"; give the ARN of an SNS topic`);
  checkSubscriptions(args.subscriptions);
  checkAlarms<AlertTopicAlarm>(["delivery-failures"], args.alarms);
  return { tags, size, publishers };
}

function createKey(
  context: ComponentContext,
  { kmsKeyArn }: AlertTopicArgs,
  size: AlertTopicSize,
  statements: readonly PolicyStatement[],
): { readonly kmsKeyArn: pulumi.Input<string>; readonly key?: aws.kms.Key } {
  if (kmsKeyArn !== undefined) return { kmsKeyArn };
  const key = new aws.kms.Key(
    context.child("key"),
    {
      description: `Alerts of ${context.name}`,
      enableKeyRotation: true,
      deletionWindowInDays: size.keyDeletionDays,
      policy: policyDocument(statements),
      tags: context.tags("key"),
    },
    context.options({ protect: size.protect }),
  );
  return { kmsKeyArn: key.arn, key };
}

function createTopic(
  context: ComponentContext,
  { adopt }: AlertTopicArgs,
  { protect }: AlertTopicSize,
  kmsKeyArn: pulumi.Input<string>,
): aws.sns.Topic {
  return new aws.sns.Topic(
    context.child("topic"),
    // Signature version 2 is SHA-256: SNS developer guide, "Verifying the signatures of messages".
    { kmsMasterKeyId: kmsKeyArn, signatureVersion: 2, tags: context.tags("topic") },
    context.adopted(adopt?.topicArn, ["name", "kmsMasterKeyId", "signatureVersion", "tags"], { protect }),
  );
}

/** An adopted topic keeps its own, and with it publishers that nobody named here, until the adoption ends. */
function createPolicy(
  context: ComponentContext,
  { adopt }: AlertTopicArgs,
  { arn }: aws.sns.Topic,
  statements: readonly PolicyStatement[],
): Pick<AlertTopicNodes, "policy"> {
  if (adopt !== undefined) return {};
  const document = { arn, policy: policyDocument(statements) };
  return { policy: new aws.sns.TopicPolicy(context.child("policy"), document, context.options()) };
}

function deliveryFailures(context: ComponentContext, topic: aws.sns.Topic): AlarmSpec<AlertTopicAlarm> {
  return {
    id: "delivery-failures",
    description: `Alerts of ${context.name} do not reach a subscriber: look at the subscriptions of the topic, and at what they answer.`,
    namespace: "AWS/SNS",
    metric: "NumberOfNotificationsFailed",
    dimensions: { TopicName: topic.name },
    statistic: "Sum",
    comparison: "above",
    threshold: 0,
    periodSeconds: 300,
    periods: 1,
    noData: "notBreaching",
  };
}
