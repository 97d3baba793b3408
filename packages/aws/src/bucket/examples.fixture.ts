// The examples of docs/bucket.md, compared verbatim, compiled and run by `component-pages.test.ts`.
import * as pulumi from "@pulumi/pulumi";
import { Bucket } from "../index.ts";

export function start(): Bucket {
  const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
  // #region start
  const logs = new Bucket("access-logs", { preset: "dev", receivesAccessLogs: true, tags });
  const uploads = new Bucket("uploads", {
    preset: "dev",
    accessLogs: { bucket: logs },
    lifecycle: [{ id: "tidy-up", prefix: "drafts/", expireDays: 30 }],
    tags,
  });
  // #endregion
  return uploads;
}

export function production(): Bucket {
  const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
  const key = { keyArn: pulumi.output("arn:aws:kms:eu-central-1:123456789012:key/1") };
  // #region production
  const invoices = new Bucket("invoices", {
    kmsKeyArn: key.keyArn,
    objectLock: { mode: "governance", days: 3650 },
    lifecycle: [
      {
        id: "archive",
        transitions: [
          { days: 90, storageClass: "standard-ia" },
          { days: 365, storageClass: "deep-archive" },
        ],
      },
    ],
    tags,
  });
  // #endregion
  return invoices;
}

export function adopt(): Bucket {
  const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
  // #region adopt
  const invoices = new Bucket("invoices", { adopt: { bucketName: "shop-invoices-2019" }, tags });
  // #endregion
  return invoices;
}
