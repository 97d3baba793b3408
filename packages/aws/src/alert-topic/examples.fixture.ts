// The examples of docs/alert-topic.md, compared verbatim, compiled and run by `component-pages.test.ts`.
import * as pulumi from "@pulumi/pulumi";
import { AlertTopic } from "../index.ts";

export function start(): AlertTopic {
  // #region start
  const alerts = new AlertTopic("on-call", {
    preset: "dev",
    subscriptions: { team: { email: "platform@example.com" } },
    tags: { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" },
  });
  // #endregion
  return alerts;
}

export function production(): AlertTopic {
  const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
  const config = { pagerUrl: pulumi.secret("https://pager.example.com/hook") };
  const other = { topicArn: pulumi.output("arn:aws:sns:eu-central-1:123456789012:fallback") };
  const undelivered = { queueArn: "arn:aws:sqs:eu-central-1:123456789012:undelivered" };
  // #region production
  const alerts = new AlertTopic("on-call", {
    subscriptions: {
      pager: { https: config.pagerUrl, deadLetterQueueArn: undelivered.queueArn },
      team: { email: "platform@example.com" },
    },
    publishers: ["cloudwatch", "budgets", "events"],
    alarms: { topic: other },
    tags,
  });
  // #endregion
  return alerts;
}
