import { describe, expect, test } from "vitest";
import { record, resolved } from "../../../../test/recording-mocks.ts";
import { policyDocument } from "../iam/policy-statement.ts";
import { AlertTopic } from "./alert-topic.ts";
import type { AlertTopicArgs } from "./alert-topic-args.ts";

const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const topicArn = "arn:aws:sns:eu-central-1:123456789012:on-call-topic";
const keyArn = "arn:aws:kms:eu-central-1:123456789012:key/1";
const create = async (args: Partial<AlertTopicArgs>) => {
  const recording = await record(
    (options) => new AlertTopic("on-call", { tags, ...args }, options),
    ({ type }) =>
      type.endsWith(":Topic") ? { arn: topicArn } : type.endsWith(":Key") ? { arn: keyArn } : {},
  );
  const inputs = (role: string) => recording.resources.find(({ name }) => name === `on-call-${role}`)?.inputs;
  const policy = (role: string): unknown => JSON.parse(String(inputs(role)?.["policy"]));
  return { ...recording, inputs, policy };
};
const ofAccount = { StringEquals: { "aws:SourceAccount": "123456789012" } };

describe("AlertTopic", () => {
  test("is encrypted with a key of its own, which only publishers of the account use", async () => {
    const { inputs, policy, children } = await create({});
    expect(inputs("topic")).toEqual({
      kmsMasterKeyId: keyArn,
      signatureVersion: 2,
      tags: { ...tags, Name: "on-call-topic" },
    });
    expect(inputs("key")).toMatchObject({ enableKeyRotation: true, deletionWindowInDays: 30 });
    expect(policy("key")).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "Account",
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::123456789012:root" },
          Action: ["kms:*"],
          Resource: ["*"],
        },
        ...["cloudwatch", "budgets", "costalerts"].map((service) => ({
          Effect: "Allow",
          Principal: { Service: `${service}.amazonaws.com` },
          Action: ["kms:GenerateDataKey*", "kms:Decrypt"],
          Resource: ["*"],
          Condition: ofAccount,
        })),
      ],
    });
    const guarded = children.filter(({ options }) => options.protect).map(({ name }) => name);
    expect(guarded).toEqual(["on-call-key", "on-call-topic"]);
  });

  test("lets publishers publish over TLS, and EventBridge without a condition, which it could not meet", async () => {
    const { policy } = await create({ publishers: ["cloudwatch", "events"] });
    const allow = (service: string) => ({
      Effect: "Allow",
      Principal: { Service: `${service}.amazonaws.com` },
      Action: ["sns:Publish"],
      Resource: [topicArn],
    });
    expect(policy("policy")).toEqual({
      Version: "2012-10-17",
      Statement: [
        { ...allow("cloudwatch"), Condition: ofAccount },
        allow("events"),
        {
          Sid: "OnlyTls",
          Effect: "Deny",
          Principal: { AWS: "*" },
          Action: ["sns:Publish"],
          Resource: [topicArn],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
  });

  test("tells each subscriber", async () => {
    const { resources, inputs } = await create({
      subscriptions: {
        team: { email: "a@example.com" },
        pager: { https: "https://pager.example.com", deadLetterQueueArn: "arn:dead" },
        jobs: { queueArn: "arn:queue" },
        caller: { functionArn: "arn:function" },
      },
    });
    const told = resources.filter(({ type }) => type.endsWith(":TopicSubscription"));
    expect(told.map(({ name, inputs }) => [name, inputs])).toEqual([
      ["on-call-caller-subscription", { topic: topicArn, protocol: "lambda", endpoint: "arn:function" }],
      ["on-call-jobs-subscription", { topic: topicArn, protocol: "sqs", endpoint: "arn:queue" }],
      [
        "on-call-pager-subscription",
        {
          topic: topicArn,
          protocol: "https",
          endpoint: "https://pager.example.com",
          redrivePolicy: '{"deadLetterTargetArn":"arn:dead"}',
        },
      ],
      ["on-call-team-subscription", { topic: topicArn, protocol: "email", endpoint: "a@example.com" }],
    ]);
    expect(inputs("caller-permission")).toEqual({
      action: "lambda:InvokeFunction",
      function: "arn:function",
      principal: "sns.amazonaws.com",
      sourceArn: topicArn,
    });
  });

  test("gives its users the topic and its key, and nothing else", async () => {
    const { component, resources } = await create({ kmsKeyArn: "arn:own" });
    expect(resources.map(({ name }) => name)).not.toContain("on-call-key");
    const statements = [...component.publishStatements(), ...component.queueStatements("arn:queue")];
    expect(JSON.parse(await resolved(policyDocument(statements)))).toMatchObject({
      Statement: [
        { Action: ["sns:Publish"], Resource: [topicArn] },
        { Action: ["kms:GenerateDataKey", "kms:Decrypt"], Resource: ["arn:own"] },
        {
          Action: ["sqs:SendMessage"],
          Resource: ["arn:queue"],
          Principal: { Service: "sns.amazonaws.com" },
          Condition: { ArnEquals: { "aws:SourceArn": topicArn } },
        },
      ],
    });
  });

  test("leaves the policy of an adopted topic alone, and its publishers with it", async () => {
    const { resources, children } = await create({ adopt: { topicArn } });
    expect(resources.find(({ name }) => name === "on-call-topic")?.importId).toBe(topicArn);
    expect(resources.map(({ name }) => name)).not.toContain("on-call-policy");
    expect(children.find(({ name }) => name === "on-call-topic")?.options.ignoreChanges).toContain(
      "kmsMasterKeyId",
    );
  });

  test("refuses an address without TLS, and does not repeat it", async () => {
    const attempt = create({ subscriptions: { pager: { https: "http://pager/token" } } });
    await expect(attempt).rejects.toThrow(
      expect.objectContaining({ message: expect.not.stringContaining("token") }),
    );
  });

  test.each<[Partial<AlertTopicArgs>, string]>([
    [{ subscriptions: { Team: { email: "a@example.com" } } }, '"Team" cannot name a subscription'],
    [{ subscriptions: { team: { email: "nobody" } } }, "subscriptions.team.email is no email address"],
    [{ publishers: ["cloudwatch", "cloudwatch"] }, "name each once"],
    [{ keyDeletionDays: 31 }, "keyDeletionDays is 31"],
    [{ adopt: { topicArn: "on-call" } }, 'adopt.topicArn is "on-call"'],
  ])("refuses %o before anything is made", async (args, message) => {
    await expect(create(args)).rejects.toThrow(message);
  });
});
