import { describe, expect, test } from "vitest";
import { record, resolved } from "../../../../test/recording-mocks.ts";
import { policyDocument } from "../iam/policy-statement.ts";
import { LogGroup } from "./log-group.ts";
import type { LogGroupArgs } from "./log-group-args.ts";

const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const create = (args: Partial<LogGroupArgs>) =>
  record(
    (options) => new LogGroup("orders", { tags, ...args }, options),
    ({ type }) => (type.endsWith(":LogGroup") ? { arn: "arn:aws:logs:eu-central-1:1:log-group:x" } : {}),
  );

describe("LogGroup", () => {
  test("keeps logs for a year, protected, when nothing is said", async () => {
    const { resources, children } = await create({});
    expect(resources.find(({ name }) => name === "orders-group")?.inputs).toEqual({
      retentionInDays: 365,
      tags: { ...tags, Name: "orders-group" },
    });
    expect(children.map(({ name, options }) => [name, options.protect])).toEqual([["orders-group", true]]);
  });

  test("counts lines that match, and tells the topic", async () => {
    const topic = { topicArn: "arn:aws:sns:eu-central-1:1:on-call" };
    const { resources } = await create({
      preset: "dev",
      errorPattern: "ERROR",
      alarms: { topic, thresholds: { errors: 3 } },
    });
    expect(resources.find(({ name }) => name === "orders-errors-filter")?.inputs).toMatchObject({
      pattern: "ERROR",
      metricTransformation: {
        namespace: "Groundplane/Logs",
        name: "orders-errors",
        value: "1",
        defaultValue: "0",
      },
    });
    expect(resources.find(({ name }) => name === "orders-errors-alarm")?.inputs).toMatchObject({
      namespace: "Groundplane/Logs",
      metricName: "orders-errors",
      statistic: "Sum",
      comparisonOperator: "GreaterThanThreshold",
      threshold: 3,
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      period: 300,
      treatMissingData: "notBreaching",
      alarmActions: [topic.topicArn],
      okActions: [topic.topicArn],
    });
  });

  test("lets its writers write to it and to nothing else", async () => {
    const { component } = await create({});
    expect(JSON.parse(await resolved(policyDocument(component.writeStatements())))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: ["arn:aws:logs:eu-central-1:1:log-group:x:*"],
        },
      ],
    });
  });

  test.each<[Partial<LogGroupArgs>, string]>([
    [{ logGroupName: "a b" }, 'logGroupName is "a b"'],
    [{ errorPattern: "x".repeat(1025) }, "1025 characters"],
    [{ alarms: { thresholds: { errors: Number.NaN } } }, "alarms.thresholds.errors is NaN"],
    [{ alarms: { off: { errors: { reason: " " } } } }, "no reason for no-errors-alarm"],
  ])("refuses %o before anything is made", async (args, message) => {
    await expect(create(args)).rejects.toThrow(message);
  });
});
