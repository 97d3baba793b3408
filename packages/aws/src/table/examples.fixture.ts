// The examples of docs/table.md, compared verbatim, compiled and run by `component-pages.test.ts`.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, Table } from "../index.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };

export function start(): Table {
  // #region start
  const carts = new Table("carts", {
    preset: "dev",
    partitionKey: { name: "customerId", type: "string" },
    sortKey: { name: "itemId", type: "string" },
    timeToLiveAttribute: "expiresAt",
    tags: { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" },
  });
  // #endregion
  return carts;
}

export function production(): Table {
  const topic = { topicArn: pulumi.output("arn:aws:sns:eu-central-1:123456789012:on-call") };
  // #region production
  const orders = new Table("orders", {
    partitionKey: { name: "customerId", type: "string" },
    sortKey: { name: "placedAt", type: "number" },
    globalIndexes: {
      "by-state": {
        partitionKey: { name: "state", type: "string" },
        sortKey: { name: "placedAt", type: "number" },
        projection: "keys",
      },
    },
    capacity: { mode: "provisioned", read: { min: 20, max: 400 }, write: { min: 10, max: 200 } },
    stream: "new-and-old-images",
    alarms: { topic },
    tags,
  });
  // #endregion
  return orders;
}

export function rights(): Table {
  const carts = start();
  const role = new aws.iam.Role("api", { assumeRolePolicy: '{"Version":"2012-10-17","Statement":[]}', tags });
  // #region rights
  new aws.iam.RolePolicy("carts", {
    role: role.id,
    policy: policyDocument([...carts.readStatements(), ...carts.writeStatements()]),
  });
  // #endregion
  return carts;
}

export function adopt(): Table {
  // #region adopt
  const sessions = new Table("sessions", {
    tableName: "legacy-sessions",
    adopt: true,
    partitionKey: { name: "id", type: "string" },
    tags,
  });
  // #endregion
  return sessions;
}
