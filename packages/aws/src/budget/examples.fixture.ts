// The examples of docs/budget.md, compared verbatim, compiled and run by `component-pages.test.ts`.
import * as pulumi from "@pulumi/pulumi";
import { Budget } from "../index.ts";

export function start(): Budget {
  // #region start
  const budget = new Budget("shop-dev", {
    monthlyUsd: 500,
    emails: ["platform@example.com"],
    costTag: { key: "Environment", value: "dev" },
    tags: { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" },
  });
  // #endregion
  return budget;
}

export function account(): Budget {
  const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
  const topic = { topicArn: pulumi.output("arn:aws:sns:us-east-1:123456789012:cost") };
  // #region account
  const budget = new Budget("account", {
    monthlyUsd: 12_000,
    thresholdsPercent: [60, 90, 100, 120],
    forecastPercent: 110,
    topic,
    anomalies: { minimumUsd: 250 },
    tags,
  });
  // #endregion
  return budget;
}
