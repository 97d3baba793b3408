// The examples of docs/log-group.md, compared verbatim, compiled and run by `component-pages.test.ts`.
import * as pulumi from "@pulumi/pulumi";
import { LogGroup } from "../index.ts";

export function start(): LogGroup {
  // #region start
  const logs = new LogGroup("orders", {
    preset: "dev",
    errorPattern: "ERROR",
    tags: { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" },
  });
  // #endregion
  return logs;
}

export function production(): LogGroup {
  const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
  const topic = { topicArn: pulumi.output("arn:aws:sns:eu-central-1:123456789012:on-call") };
  // #region production
  const logs = new LogGroup("orders", {
    retentionDays: 731,
    errorPattern: '{ $.level = "error" }',
    alarms: { topic, thresholds: { errors: 5 } },
    tags,
  });
  // #endregion
  return logs;
}
