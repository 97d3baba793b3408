import { describe, expect, test } from "vitest";
import { record } from "../../../../test/recording-mocks.ts";
import { Budget } from "./budget.ts";
import type { BudgetArgs } from "./budget-args.ts";

const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const topic = { topicArn: "arn:aws:sns:eu-central-1:1:cost" };
const create = (args: Partial<BudgetArgs>) =>
  record(
    (options) => new Budget("shop", { monthlyUsd: 500, emails: ["ops@example.com"], tags, ...args }, options),
    ({ name }) => ({ arn: `arn:of:${name}` }),
  );
const inputsOf = async (role: string, args: Partial<BudgetArgs> = {}) =>
  (await create(args)).resources.find(({ name }) => name === `shop-${role}`)?.inputs ?? {};

describe("Budget", () => {
  test("tells at half, at four fifths, at the whole, and of the forecast", async () => {
    const { notifications, ...inputs } = await inputsOf("budget", { topic });
    expect(inputs).toEqual({
      budgetType: "COST",
      timeUnit: "MONTHLY",
      limitAmount: "500",
      limitUnit: "USD",
      costTypes: { includeCredit: false, includeRefund: false },
      tags: { ...tags, Name: "shop-budget" },
    });
    const told = {
      thresholdType: "PERCENTAGE",
      comparisonOperator: "GREATER_THAN",
      subscriberEmailAddresses: ["ops@example.com"],
      subscriberSnsTopicArns: [topic.topicArn],
    };
    expect(notifications).toEqual([
      { ...told, notificationType: "ACTUAL", threshold: 50 },
      { ...told, notificationType: "ACTUAL", threshold: 80 },
      { ...told, notificationType: "ACTUAL", threshold: 100 },
      { ...told, notificationType: "FORECASTED", threshold: 100 },
    ]);
  });

  test("counts what has a tag, and watches the same for anomalies", async () => {
    const costTag = { key: "Environment", value: "dev" };
    expect(await inputsOf("budget", { costTag })).toMatchObject({
      costFilters: [{ name: "TagKeyValue", values: ["user:Environment$dev"] }],
    });
    const monitor = await inputsOf("anomaly-monitor", { costTag });
    expect(monitor).toMatchObject({ monitorType: "CUSTOM" });
    expect(JSON.parse(String(monitor["monitorSpecification"]))).toMatchObject({
      Tags: { Key: "user:Environment", Values: ["dev"] },
    });
  });

  test("tells a topic of an anomaly at once, and addresses once a day", async () => {
    const { resources } = await create({ topic, anomalies: { minimumUsd: 40 } });
    const of = (role: string) => resources.find(({ name }) => name === `shop-${role}`)?.inputs;
    expect(of("anomaly-monitor")).toMatchObject({ monitorType: "DIMENSIONAL", monitorDimension: "SERVICE" });
    expect(of("anomaly-topic-subscription")).toMatchObject({
      frequency: "IMMEDIATE",
      monitorArnLists: ["arn:of:shop-anomaly-monitor"],
      subscribers: [{ type: "SNS", address: topic.topicArn }],
      thresholdExpression: { dimension: { key: "ANOMALY_TOTAL_IMPACT_ABSOLUTE", values: ["40"] } },
    });
    expect(of("anomaly-email-subscription")).toMatchObject({
      frequency: "DAILY",
      subscribers: [{ type: "EMAIL", address: "ops@example.com" }],
    });
  });

  test("uses the account's monitor where there is one, or none", async () => {
    const given = await create({ anomalies: { monitorArn: "arn:of:monitor" } });
    expect(given.resources.map(({ name }) => name)).toEqual([
      "shop",
      "shop-anomaly-email-subscription",
      "shop-budget",
    ]);
    const none = await create({ anomalies: "none" });
    expect(none.resources.map(({ name }) => name)).toEqual(["shop", "shop-budget"]);
  });

  test.each<[Partial<BudgetArgs>, string]>([
    [{ monthlyUsd: Number.NaN }, "monthlyUsd is NaN"],
    [{ monthlyUsd: -5 }, "monthlyUsd is -5"],
    [{ thresholdsPercent: [] }, "thresholdsPercent has 0 values"],
    [{ thresholdsPercent: [50, 50] }, "thresholdsPercent has 50 twice"],
    [{ thresholdsPercent: [0] }, "thresholdsPercent is 0"],
    [{ emails: [] }, "tells nobody"],
    [{ emails: ["ops"] }, 'emails has "ops"'],
    [{ emails: Array.from({ length: 11 }, (_, at) => `a${at}@example.com`) }, "AWS takes 10"],
    [{ costTag: { key: " ", value: "dev" } }, "give a key and a value"],
    [{ anomalies: { minimumUsd: 0 } }, "anomalies.minimumUsd is 0"],
  ])("refuses %o before anything is made", async (args, message) => {
    await expect(create(args)).rejects.toThrow(message);
  });
});
