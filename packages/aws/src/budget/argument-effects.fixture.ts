import type { ArgumentEffects } from "../../../../test/argument-effects.ts";
import { Budget } from "./budget.ts";
import type { BudgetArgs } from "./budget-args.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const topic = { topicArn: "arn:aws:sns:eu-central-1:123456789012:cost" };
const updates = { updates: ["budget"] };

/** The table of docs/budget.md. */
export const argumentEffects: ArgumentEffects<BudgetArgs> = {
  base: { monthlyUsd: 500, emails: ["ops@example.com"], tags },
  full: { monthlyUsd: 500, emails: ["ops@example.com"], topic, tags },
  create: (args, options) => new Budget("unit", args, options),
  changes: {
    monthlyUsd: [
      { to: 800, effect: updates },
      { to: 0, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    thresholdsPercent: [
      { to: [80], effect: updates },
      { to: [100, 80, 50], effect: {} },
    ],
    forecastPercent: { to: 120, effect: updates },
    emails: [
      {
        to: ["ops@example.com", "cost@example.com"],
        effect: { updates: ["anomaly-email-subscription", "budget"] },
      },
      { to: undefined, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    topic: {
      to: topic,
      effect: { updates: ["budget"], creates: ["anomaly-topic-subscription"] },
    },
    costTag: {
      to: { key: "Environment", value: "dev" },
      effect: { replaces: ["anomaly-monitor"], updates: ["budget"] },
    },
    anomalies: [
      { to: { minimumUsd: 50 }, effect: { updates: ["anomaly-email-subscription"] } },
      { to: "none", effect: { deletes: ["anomaly-email-subscription", "anomaly-monitor"] } },
    ],
    tags: {
      to: { ...tags, Owner: "finance" },
      effect: { updates: ["anomaly-email-subscription", "anomaly-monitor", "budget"] },
    },
  },
};
