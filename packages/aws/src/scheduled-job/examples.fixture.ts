// The examples of docs/scheduled-job.md, compared verbatim, compiled and run by `component-pages.test.ts`.
import { ScheduledJob, Vpc, type VpcRef } from "../index.ts";

export function start(): ScheduledJob {
  const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
  const network = new Vpc("job-network", {
    cidrBlock: "10.72.0.0/16",
    zones: ["eu-central-1a", "eu-central-1b"],
    nat: "single",
    tags,
  });
  // #region start
  const job = new ScheduledJob("clean-up", {
    preset: "dev",
    schedule: "cron(0 3 * * ? *)",
    timeZone: "Europe/Berlin",
    run: { type: "task", vpc: network, image: "ghcr.io/acme/clean-up:1.4.2" },
    tags: { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" },
  });
  // #endregion
  return job;
}

export function production(): ScheduledJob {
  const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
  const network: VpcRef = {
    vpcId: "vpc-0a1b2c3d4e5f60718",
    cidrBlock: "10.0.0.0/16",
    publicSubnetIds: [],
    privateSubnetIds: ["subnet-0a1b2c3d4e5f60711"],
    isolatedSubnetIds: [],
  };
  const cluster = { clusterName: "shop", clusterArn: "arn:aws:ecs:eu-central-1:123456789012:cluster/shop" };
  const secretArn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:orders-AbCdEf";
  const topic = { topicArn: "arn:aws:sns:eu-central-1:123456789012:on-call" };
  // #region production
  const job = new ScheduledJob("invoices", {
    schedule: "cron(0 6 1 * ? *)",
    timeZone: "Europe/Berlin",
    windowMinutes: 30,
    run: {
      type: "task",
      vpc: network,
      cluster,
      image: "ghcr.io/acme/invoices:2.0.1",
      memoryMiB: 4096,
      secrets: { DATABASE_PASSWORD: { secretArn, key: "password" } },
    },
    alarms: { topic },
    tags,
  });
  // #endregion
  return job;
}

export function callFunction(): ScheduledJob {
  const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
  const functionArn = "arn:aws:lambda:eu-central-1:123456789012:function:thumbnails:live";
  // #region callFunction
  const job = new ScheduledJob("thumbnails", {
    schedule: "rate(15 minutes)",
    run: { type: "function", functionArn, input: JSON.stringify({ size: 256 }) },
    tags,
  });
  // #endregion
  return job;
}
