// The examples of docs/postgres-cluster.md, compared verbatim, compiled and run by `component-pages.test.ts`.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { PostgresCluster, policyDocument, Vpc } from "../index.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const vpc = () =>
  new Vpc("postgres-network", {
    cidrBlock: "10.48.0.0/16",
    zones: ["eu-central-1a", "eu-central-1b"],
    tags,
  });

export function start(): PostgresCluster {
  const network = vpc();
  // #region start
  const database = new PostgresCluster("orders-db", {
    preset: "dev",
    network,
    databaseName: "orders",
    tags: { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" },
  });
  // #endregion
  return database;
}

export function production(): PostgresCluster {
  const network = vpc();
  const api = { securityGroupId: pulumi.output("sg-0a1b2c3d4e5f60718") };
  const worker = { securityGroupId: pulumi.output("sg-0a1b2c3d4e5f60719") };
  const topic = { topicArn: pulumi.output("arn:aws:sns:eu-central-1:123456789012:on-call") };
  // #region production
  const database = new PostgresCluster("orders-db", {
    network,
    allowFrom: { api, worker },
    databaseName: "orders",
    instanceClass: "db.r7g.xlarge",
    readers: 2,
    proxy: { maxConnectionsPercent: 80 },
    parameters: { shared_preload_libraries: "pg_stat_statements,pg_cron" },
    backupWindow: "02:00-03:00",
    maintenanceWindow: "sun:03:30-sun:04:30",
    alarms: { topic, thresholds: { connections: 2500 } },
    tags,
  });
  // #endregion
  return database;
}

export function rights(): PostgresCluster {
  const database = new PostgresCluster("orders-db", { network: vpc(), tags });
  const role = new aws.iam.Role("api", { assumeRolePolicy: '{"Version":"2012-10-17","Statement":[]}', tags });
  // #region rights
  new aws.iam.RolePolicy("orders-db", {
    role: role.id,
    policy: policyDocument(database.connectStatements("orders_api")),
  });
  // #endregion
  return database;
}

export function adopt(): PostgresCluster {
  const network = vpc();
  // #region adopt
  const database = new PostgresCluster("legacy-db", {
    network,
    kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9",
    databaseName: "legacy",
    masterUsername: "legacy_root",
    engineVersion: "16.8",
    instanceClass: "db.r6g.large",
    identifiers: {
      cluster: "legacy-aurora",
      subnetGroup: "legacy-subnets",
      instances: ["legacy-aurora-1", "legacy-aurora-2"],
    },
    adopt: { logGroup: true },
    tags,
  });
  // #endregion
  return database;
}
