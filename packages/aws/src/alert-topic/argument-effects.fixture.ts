import type { ArgumentEffects } from "../../../../test/argument-effects.ts";
import { AlertTopic } from "./alert-topic.ts";
import type { AlertTopicArgs } from "./alert-topic-args.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const team = { email: "platform@example.com" };
const caller = { functionArn: "arn:aws:lambda:eu-central-1:123456789012:function:page" };

/** The table of docs/alert-topic.md. */
export const argumentEffects: ArgumentEffects<AlertTopicArgs> = {
  base: { preset: "dev", subscriptions: { team }, tags },
  create: (args, options) => new AlertTopic("unit", args, options),
  full: {
    subscriptions: {
      team,
      caller,
      pager: { https: "https://pager.example.com" },
      queue: { queueArn: "arn:aws:sqs:eu-central-1:123456789012:q" },
    },
    tags,
  },
  compute: ({ type, name }) =>
    /:(Topic|Key)$/.test(type) ? { arn: `arn:aws:service:eu-central-1:123456789012:${name}` } : {},
  untaggable: [
    "aws:sns/topicPolicy:TopicPolicy",
    "aws:sns/topicSubscription:TopicSubscription",
    "aws:lambda/permission:Permission",
  ],
  changes: {
    preset: { to: "prod", effect: { updates: ["key"] } },
    subscriptions: [
      { to: { team, caller }, effect: { creates: ["caller-permission", "caller-subscription"] } },
      { to: { team: { email: "shop@example.com" } }, effect: { replaces: ["team-subscription"] } },
      { to: undefined, effect: { deletes: ["team-subscription"] } },
      { to: { team: { email: "nobody" } }, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    publishers: { to: ["cloudwatch", "events"], effect: { updates: ["key", "policy"] } },
    kmsKeyArn: {
      to: "arn:aws:kms:eu-central-1:123456789012:key/1",
      effect: { updates: ["topic"], deletes: ["key"] },
    },
    keyDeletionDays: [
      { to: 14, effect: { updates: ["key"] } },
      { to: 5, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    alarms: {
      to: { thresholds: { "delivery-failures": 3 } },
      effect: { updates: ["delivery-failures-alarm"] },
    },
    protect: { to: true, effect: {} },
    adopt: [
      { to: { topicArn: "arn:aws:sns:eu-central-1:123456789012:on-call" }, effect: { deletes: ["policy"] } },
      {
        from: { topicArn: "arn:aws:sns:eu-central-1:123456789012:on-call" },
        to: undefined,
        effect: { creates: ["policy"] },
      },
    ],
    tags: {
      to: { ...tags, Owner: "orders" },
      effect: { updates: ["delivery-failures-alarm", "key", "topic"] },
    },
  },
};
