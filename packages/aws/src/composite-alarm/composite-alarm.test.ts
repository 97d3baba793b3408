import { describe, expect, test } from "vitest";
import { record, resolved } from "../../../../test/recording-mocks.ts";
import { type AlarmCondition, alarmRule } from "./alarm-condition.ts";
import { CompositeAlarm } from "./composite-alarm.ts";
import type { CompositeAlarmArgs } from "./composite-alarm-args.ts";

const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const [a, b, c] = [{ arn: "arn:a" }, { arn: "arn:b" }, { arn: "arn:c" }];
const create = (args: Partial<CompositeAlarmArgs>) =>
  record(
    (options) => new CompositeAlarm("shop-slow", { when: a, description: "Slow.", tags, ...args }, options),
  );

describe("CompositeAlarm", () => {
  test("tells the topic, but not while another alarm rings", async () => {
    const topic = { topicArn: "arn:topic" };
    const { resources } = await create({ when: { any: [a, b] }, topic, quietWhile: { alarm: c } });
    expect(resources.find(({ name }) => name === "shop-slow-alarm")?.inputs).toEqual({
      alarmName: "project-stack-shop-slow",
      alarmDescription: "Slow.",
      alarmRule: 'ALARM("arn:a") OR ALARM("arn:b")',
      alarmActions: ["arn:topic"],
      okActions: ["arn:topic"],
      actionsSuppressor: { alarm: "arn:c", waitPeriod: 120, extensionPeriod: 180 },
      tags: { ...tags, Name: "shop-slow-alarm" },
    });
  });

  test.each<[AlarmCondition, string]>([
    [a, 'ALARM("arn:a")'],
    [{ not: { any: [a, b] } }, 'NOT (ALARM("arn:a") OR ALARM("arn:b"))'],
    [{ all: [{ any: [a, b] }, { not: c }] }, '(ALARM("arn:a") OR ALARM("arn:b")) AND NOT ALARM("arn:c")'],
    [{ any: [a, { all: [b, c] }] }, 'ALARM("arn:a") OR (ALARM("arn:b") AND ALARM("arn:c"))'],
  ])("writes %o as CloudWatch does", async (condition, rule) => {
    expect(await resolved(alarmRule(condition))).toBe(rule);
  });

  test.each<[Partial<CompositeAlarmArgs>, string]>([
    [{ when: { all: [a, { any: [] }] } }, "empty list"],
    [{ when: { any: Array.from({ length: 101 }, () => a) } }, "when names 101 alarms"],
    [{ description: " " }, "description has 1 characters"],
    [{ alarmName: "a b" }, 'alarmName is "a b"'],
    [{ quietWhile: { alarm: c, waitSeconds: 0 } }, "quietWhile.waitSeconds is 0"],
  ])("refuses %o before anything is made", async (args, message) => {
    await expect(create(args)).rejects.toThrow(message);
  });
});
