// The examples of docs/audit-trail.md, compared verbatim, compiled and run by `component-pages.test.ts`.
import * as pulumi from "@pulumi/pulumi";
import { AuditTrail } from "../index.ts";

export function start(): AuditTrail {
  // #region start
  const audit = new AuditTrail("audit", {
    preset: "dev",
    tags: { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" },
  });
  // #endregion
  return audit;
}

export function production(): AuditTrail {
  const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
  const topic = { topicArn: pulumi.output("arn:aws:sns:eu-central-1:123456789012:on-call") };
  // #region production
  const audit = new AuditTrail("audit", {
    archiveAfterDays: 90,
    objectLock: { mode: "compliance", days: 365 },
    dataEventBucketArns: ["arn:aws:s3:::shop-invoices"],
    alarms: {
      topic,
      thresholds: { "denied-calls": 50 },
      off: { "organisation-changes": { reason: "the organisation has a trail of its own" } },
    },
    tags,
  });
  // #endregion
  return audit;
}
