import { Bucket, Cache, onEveryRole, PostgresCluster, Table } from "@groundplane/aws";
import { defineStack } from "@groundplane/orchestrator";
import account from "@groundplane/stack-global";
import network from "@groundplane/stack-network";
import platform from "@groundplane/stack-platform";
import { alarmsSchema, widgetsSchema } from "@groundplane/stack-platform/alarms-and-widgets";
import { z } from "zod";

/** The databases and buckets of an environment. Who connects is let in by the stack that makes them. */
export default defineStack({
  name: "data",
  config: z.object({ preset: z.enum(["dev", "staging", "prod"]) }),
  outputs: z.object({
    databaseEndpoint: z.string(),
    databasePort: z.number(),
    databaseSecretArn: z.string(),
    databaseKeyArn: z.string(),
    databaseSecurityGroupId: z.string(),
    cacheEndpoint: z.string(),
    cacheSecurityGroupId: z.string(),
    sessionsTable: z.string(),
    uploadsBucket: z.string(),
    widgets: widgetsSchema,
    alarms: alarmsSchema,
  }),
  dependsOn: { global: account, network, platform },
  program: ({ config: { preset }, tags, upstream }) => {
    const topic = { topicArn: upstream.platform.topicArn };
    const alarms = { topic };
    const bounded = { transforms: [onEveryRole({ policyArn: upstream.global.boundaryArn })] };
    const database = new PostgresCluster(
      "orders",
      { preset, network: upstream.network, databaseName: "orders", alarms, tags },
      bounded,
    );
    const cache = new Cache("sessions", { preset, network: upstream.network, alarms, tags });
    const table = new Table("carts", {
      preset,
      partitionKey: { name: "cart", type: "string" },
      alarms,
      tags,
    });
    const uploads = new Bucket("uploads", {
      preset,
      accessLogs: { bucket: { bucketName: upstream.platform.accessLogsBucket } },
      tags,
    });
    return {
      databaseEndpoint: database.endpoint,
      databasePort: database.port,
      databaseSecretArn: database.secretArn,
      databaseKeyArn: database.keyArn,
      databaseSecurityGroupId: database.securityGroupId,
      cacheEndpoint: cache.endpoint,
      cacheSecurityGroupId: cache.securityGroupId,
      sessionsTable: table.tableName,
      uploadsBucket: uploads.bucketName,
      widgets: [...database.widgets(), ...cache.widgets(), ...table.widgets()],
      alarms: Object.fromEntries(
        [...database.nodes.alarms].map(([id, alarm]) => [`database ${id}`, alarm.arn] as const),
      ),
    };
  },
});
