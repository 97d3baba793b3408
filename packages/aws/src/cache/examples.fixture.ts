// The examples of docs/cache.md, compared verbatim, compiled and run by `component-pages.test.ts`.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Cache, policyDocument, Vpc } from "../index.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const vpc = () =>
  new Vpc("cache-network", {
    cidrBlock: "10.64.0.0/16",
    zones: ["eu-central-1a", "eu-central-1b"],
    tags,
  });

export function start(): Cache {
  const network = vpc();
  // #region start
  const sessions = new Cache("sessions", {
    preset: "dev",
    network,
    tags: { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" },
  });
  // #endregion
  return sessions;
}

export function production(): Cache {
  const network = vpc();
  const config = new pulumi.Config();
  const api = { securityGroupId: pulumi.output("sg-0a1b2c3d4e5f60718") };
  const topic = { topicArn: pulumi.output("arn:aws:sns:eu-central-1:123456789012:on-call") };
  const password = config.getSecret("reportsPassword") ?? pulumi.secret("an example, not a password");
  // #region production
  const sessions = new Cache("sessions", {
    network,
    allowFrom: { api },
    nodeType: "cache.r7g.xlarge",
    replicas: 2,
    users: {
      app: {},
      reports: { access: "~report:* -@all +@read", passwords: [password] },
    },
    evictionPolicy: "allkeys-lru",
    maintenanceWindow: "sun:03:30-sun:04:30",
    alarms: { topic, thresholds: { memory: 90 } },
    tags,
  });
  // #endregion
  return sessions;
}

export function rights(): Cache {
  const sessions = new Cache("sessions", { network: vpc(), tags });
  const role = new aws.iam.Role("api", { assumeRolePolicy: '{"Version":"2012-10-17","Statement":[]}', tags });
  // #region rights
  new aws.iam.RolePolicy("sessions", {
    role: role.id,
    policy: policyDocument(sessions.connectStatements("app")),
  });
  // #endregion
  return sessions;
}

export function adopt(): Cache {
  const network = vpc();
  // #region adopt
  const sessions = new Cache("sessions", {
    network,
    engine: "redis",
    engineVersion: "7.1",
    nodeType: "cache.r6g.large",
    identifiers: { replicationGroup: "legacy-sessions", subnetGroup: "legacy-subnets" },
    adopt: true,
    tags,
  });
  // #endregion
  return sessions;
}
