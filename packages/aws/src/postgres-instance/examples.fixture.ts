// The examples of docs/postgres-instance.md, compared verbatim, compiled and run by `component-pages.test.ts`.
import * as pulumi from "@pulumi/pulumi";
import { PostgresInstance, Vpc } from "../index.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const vpc = () =>
  new Vpc("instance-network", {
    cidrBlock: "10.80.0.0/16",
    zones: ["eu-central-1a", "eu-central-1b"],
    tags,
  });

export function start(): PostgresInstance {
  const network = vpc();
  // #region start
  const database = new PostgresInstance("billing-db", {
    preset: "dev",
    network,
    databaseName: "billing",
    tags: { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" },
  });
  // #endregion
  return database;
}

export function production(): PostgresInstance {
  const network = vpc();
  const api = { securityGroupId: pulumi.output("sg-0a1b2c3d4e5f60718") };
  const topic = { topicArn: pulumi.output("arn:aws:sns:eu-central-1:123456789012:on-call") };
  // #region production
  const database = new PostgresInstance("billing-db", {
    network,
    allowFrom: { api },
    databaseName: "billing",
    storage: { gib: 200, maxGib: 2000 },
    backupWindow: "02:00-03:00",
    maintenanceWindow: "sun:03:30-sun:04:30",
    alarms: { topic },
    tags,
  });
  // #endregion
  return database;
}

export function adopt(): PostgresInstance {
  const network = vpc();
  // #region adopt
  const database = new PostgresInstance("legacy-db", {
    network,
    kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9",
    databaseName: "legacy",
    masterUsername: "legacy_root",
    engineVersion: "16.8",
    identifiers: { instance: "legacy-postgres", subnetGroup: "legacy-subnets" },
    adopt: { logGroup: true },
    tags,
  });
  // #endregion
  return database;
}
