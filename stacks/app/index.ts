import { FARGATE_SERVICE_PRESETS, FargateService, onEveryRole, ScheduledJob } from "@groundplane/aws";
import { defineStack } from "@groundplane/orchestrator";
import data from "@groundplane/stack-data";
import account from "@groundplane/stack-global";
import network from "@groundplane/stack-network";
import platform from "@groundplane/stack-platform";
import * as aws from "@pulumi/aws";
import { z } from "zod";
import { appOutputs } from "./app-outputs.ts";
import { letIn } from "./let-in.ts";
import { smokeChecks } from "./smoke-checks.ts";

/** The service of an environment behind HTTPS, and its nightly job. */
export default defineStack({
  name: "app",
  config: z.object({
    preset: z.enum(["dev", "staging", "prod"]),
    /** Of the image in the environment's registry. Tags do not move. */
    imageTag: z.string(),
    deployment: z.enum(["rolling", "canary"]).default("rolling"),
    /** Why the internet may connect. Without it the load balancer is internal. */
    publicReason: z.string().optional(),
  }),
  outputs: appOutputs,
  dependsOn: { global: account, network, platform, data },
  program: ({ config, tags, upstream }) => {
    const { preset } = config;
    const alarms = { topic: { topicArn: upstream.platform.topicArn } };
    const bounded = { transforms: [onEveryRole({ policyArn: upstream.global.boundaryArn })] };
    const image = `${upstream.platform.repositoryUrl}:${config.imageTag}`;
    const hostName = `app.${upstream.platform.domainName}`;
    const service = new FargateService(
      "orders",
      {
        preset,
        vpc: upstream.network,
        image,
        port: 8080,
        environment: {
          CACHE_ENDPOINT: upstream.data.cacheEndpoint,
          DATABASE_ENDPOINT: upstream.data.databaseEndpoint,
          CARTS_TABLE: upstream.data.sessionsTable,
          UPLOADS_BUCKET: upstream.data.uploadsBucket,
        },
        secrets: { DATABASE_PASSWORD: { secretArn: upstream.data.databaseSecretArn, key: "password" } },
        loadBalancer: {
          certificateArn: upstream.platform.certificateArn,
          healthPath: "/health",
          ...(config.publicReason !== undefined && { public: { reason: config.publicReason } }),
        },
        ...(config.deployment === "canary" && {
          deployment: { type: "canary", percent: 10, stepMinutes: 10, bakeMinutes: 15 },
        }),
        alarms,
        tags,
      },
      bounded,
    );
    const job = new ScheduledJob(
      "clean-up",
      {
        preset,
        schedule: "cron(0 3 * * ? *)",
        run: { type: "task", vpc: upstream.network, image },
        alarms,
        tags,
      },
      bounded,
    );
    letIn(
      {
        orders: service.securityGroupId,
        ...(job.securityGroupId !== undefined && { "clean-up": job.securityGroupId }),
      },
      {
        database: {
          securityGroupId: upstream.data.databaseSecurityGroupId,
          port: upstream.data.databasePort,
        },
        cache: { securityGroupId: upstream.data.cacheSecurityGroupId, port: 6379 },
      },
      tags,
    );
    const { loadBalancer } = service;
    if (loadBalancer === undefined) throw new TypeError("the service has no load balancer");
    new aws.route53.Record("orders", {
      zoneId: upstream.platform.zoneId,
      name: hostName,
      type: "A",
      aliases: [{ name: loadBalancer.dnsName, zoneId: loadBalancer.zoneId, evaluateTargetHealth: true }],
    });
    return {
      url: `https://${hostName}`,
      clusterName: service.clusterName,
      serviceName: service.serviceName,
      minTasks: FARGATE_SERVICE_PRESETS[preset].minTasks,
      widgets: [...service.widgets(), ...job.widgets()],
      alarms: Object.fromEntries(
        [...service.nodes.alarms].map(([id, alarm]) => [`service ${id}`, alarm.arn] as const),
      ),
    };
  },
  checks: smokeChecks,
});
