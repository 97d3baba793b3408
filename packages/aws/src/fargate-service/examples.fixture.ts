// The examples of docs/fargate-service.md, compared verbatim, compiled and run by `component-pages.test.ts`.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ContainerRegistry, FargateService, Vpc, type VpcRef } from "../index.ts";

const existing: VpcRef = {
  vpcId: "vpc-0a1b2c3d4e5f60718",
  cidrBlock: "10.0.0.0/16",
  publicSubnetIds: ["subnet-0a1b2c3d4e5f60713", "subnet-0a1b2c3d4e5f60714"],
  privateSubnetIds: ["subnet-0a1b2c3d4e5f60711", "subnet-0a1b2c3d4e5f60712"],
  isolatedSubnetIds: [],
};

export function start(): FargateService {
  const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
  const network = new Vpc("service-network", {
    cidrBlock: "10.71.0.0/16",
    zones: ["eu-central-1a", "eu-central-1b"],
    nat: "single",
    tags,
  });
  const certificate = new aws.acm.Certificate("service-certificate", {
    domainName: "orders.example.com",
    validationMethod: "DNS",
    tags,
  });
  // #region start
  const service = new FargateService("orders", {
    preset: "dev",
    vpc: network,
    image: "ghcr.io/acme/orders:1.4.2",
    port: 8080,
    loadBalancer: { certificateArn: certificate.arn, healthPath: "/health" },
    tags: { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" },
  });
  // #endregion
  return service;
}

export function production(): FargateService {
  const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
  const network = existing;
  const registry = new ContainerRegistry("orders", { tags });
  const topic = { topicArn: "arn:aws:sns:eu-central-1:123456789012:on-call" };
  const certificateArn = "arn:aws:acm:eu-central-1:123456789012:certificate/1a2b3c4d";
  const database = {
    secretArn: pulumi.output("arn:aws:secretsmanager:eu-central-1:123456789012:secret:orders-AbCdEf"),
  };
  // #region production
  const service = new FargateService("orders", {
    vpc: network,
    image: registry.image("1.4.2"),
    port: 8080,
    environment: { LOG_LEVEL: "info" },
    secrets: { DATABASE_PASSWORD: { secretArn: database.secretArn, key: "password" } },
    temporaryPaths: ["/tmp"],
    loadBalancer: {
      certificateArn,
      public: { reason: "the shop is on the internet" },
      healthPath: "/health",
      accessLogs: { bucketName: "shop-access-logs" },
    },
    deployment: { type: "canary", percent: 10, stepMinutes: 10, bakeMinutes: 15 },
    alarms: { topic, thresholds: { latency: 0.8 } },
    tags,
  });
  // #endregion
  return service;
}

export function worker(): FargateService {
  const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
  const network = existing;
  const queueArn = "arn:aws:sqs:eu-central-1:123456789012:orders";
  // #region worker
  const worker = new FargateService("mailer", {
    vpc: network,
    image: "ghcr.io/acme/mailer:2.0.1",
    loadBalancer: "none",
    healthCommand: ["CMD", "/app/mailer", "check"],
    statements: [
      {
        actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
        resources: [queueArn],
      },
    ],
    spot: { reason: "messages are taken again when a task stops", onDemandTasks: 1 },
    tags,
  });
  // #endregion
  return worker;
}
