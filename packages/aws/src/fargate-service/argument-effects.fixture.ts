import type { ArgumentEffects } from "../../../../test/argument-effects.ts";
import type { VpcRef } from "../vpc/vpc-ref.ts";
import { FargateService } from "./fargate-service.ts";
import type { FargateServiceArgs } from "./fargate-service-args.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const vpc: VpcRef = {
  vpcId: "vpc-1",
  cidrBlock: "10.0.0.0/16",
  publicSubnetIds: ["subnet-1"],
  privateSubnetIds: ["subnet-2"],
  isolatedSubnetIds: [],
};
const certificateArn = "arn:aws:acm:eu-central-1:123456789012:certificate/1";
const base: FargateServiceArgs = {
  preset: "dev",
  vpc,
  image: "ghcr.io/acme/orders:1.4.2",
  memoryMiB: 1024,
  port: 8080,
  loadBalancer: { certificateArn },
  tags,
};
/** What stands only with the load balancer, internal or public. */
const balancer = ["blue", "green", "http", "https", "lb"];
const rules = ["lb-security-group", "rule"];
const ofRequests = ["errors-alarm", "from-lb", "latency-alarm"];

/** The table of docs/fargate-service.md. */
export const argumentEffects: ArgumentEffects<FargateServiceArgs> = {
  base,
  full: {
    ...base,
    preset: "prod",
    memoryMiB: 2048,
    statements: [{ actions: ["s3:ListAllMyBuckets"], resources: ["*"] }],
    secrets: { TOKEN: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:token-AbCdEf" },
    allowFrom: { admin: { securityGroupId: "sg-1" } },
    deployment: { type: "blue-green" },
  },
  create: (args, options) => new FargateService("unit", args, options),
  compute: ({ name }) => ({
    arn: `arn:aws:x:eu-central-1:123456789012:${name}`,
    arnSuffix: `app/${name}`,
    name,
  }),
  untaggable: [
    "aws:iam/rolePolicy:RolePolicy",
    "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders",
    "aws:appautoscaling/policy:Policy",
  ],
  changes: {
    preset: {
      to: "staging",
      effect: { updates: ["cluster", "logs", "scaling"], replaces: ["task"], creates: ["tasks-alarm"] },
    },
    image: [
      { to: "ghcr.io/acme/orders:1.5.0", effect: { replaces: ["task"] } },
      { to: "ghcr.io/acme/orders:latest", effect: { refused: "INVALID_ARGUMENT" } },
    ],
    cpuUnits: [
      { to: 512, effect: { replaces: ["task"] } },
      { to: 8192, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    memoryMiB: { to: 2048, effect: { replaces: ["task"] } },
    architecture: { to: "x86_64", effect: { replaces: ["task"] } },
    command: { to: ["serve"], effect: { replaces: ["task"] } },
    environment: { to: { LOG_LEVEL: "info" }, effect: { replaces: ["task"] } },
    secrets: [
      {
        to: { TOKEN: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:token-AbCdEf" },
        effect: { updates: ["execution-policy"], replaces: ["task"] },
      },
      { to: { TOKEN: "the value" }, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    statements: {
      to: [{ actions: ["s3:ListAllMyBuckets"], resources: ["*"] }],
      effect: { creates: ["task-policy"] },
    },
    user: [
      { to: "10001", effect: { replaces: ["task"] } },
      { to: "root", effect: { refused: "INVALID_ARGUMENT" } },
    ],
    rootUser: { to: { reason: "binds port 25" }, effect: { replaces: ["task"] } },
    writableRootFilesystem: { to: { reason: "writes beside itself" }, effect: { replaces: ["task"] } },
    temporaryPaths: { to: ["/tmp"], effect: { replaces: ["task"] } },
    ephemeralStorageGiB: { to: 50, effect: { replaces: ["task"] } },
    openFiles: { to: 100_000, effect: { replaces: ["task"] } },
    stopTimeoutSeconds: { to: 60, effect: { replaces: ["task"] } },
    logRetentionDays: { to: 7, effect: { updates: ["logs"] } },
    logsKmsKeyArn: { to: "arn:aws:kms:eu-central-1:123456789012:key/1", effect: { updates: ["logs"] } },
    vpc: {
      to: { ...vpc, privateSubnetIds: ["subnet-2", "subnet-3"] },
      effect: { updates: ["lb", "service"] },
    },
    port: [
      { to: 9090, effect: { updates: ["from-lb", "lb-to-tasks", "service"], replaces: ["task"] } },
      { to: undefined, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    loadBalancer: [
      { to: { certificateArn, healthPath: "/health" }, effect: { updates: ["blue", "green"] } },
      { to: { certificateArn: `${certificateArn}2` }, effect: { updates: ["https"] } },
      {
        to: { certificateArn, clientCidrBlocks: ["10.1.0.0/16"] },
        effect: {
          creates: ["lb-http-from-10-1-0-0-16", "lb-https-from-10-1-0-0-16"],
          deletes: ["lb-http-from-vpc", "lb-https-from-vpc"],
        },
      },
      {
        to: { certificateArn, public: { reason: "a shop" } },
        effect: {
          updates: [...ofRequests, "service", "unavailable-alarm"],
          replaces: ["lb-to-tasks"],
          creates: [
            ...[...balancer, "lb-http-from-anywhere", "lb-https-from-anywhere", ...rules].map(
              (role) => `public-${role}`,
            ),
          ],
          deletes: [...balancer, "lb-http-from-vpc", "lb-https-from-vpc", ...rules],
        },
      },
      {
        to: "none",
        effect: {
          updates: ["service"],
          deletes: [
            ...["blue", "errors-alarm", "from-lb", "green", "http", "https", "latency-alarm", "lb"],
            ...["lb-http-from-vpc", "lb-https-from-vpc", "lb-security-group", "lb-to-tasks", "rule"],
            "unavailable-alarm",
          ],
        },
      },
      {
        to: { certificateArn, clientCidrBlocks: ["0.0.0.0/0"] },
        effect: { refused: "INVALID_ARGUMENT" },
      },
    ],
    allowFrom: { to: { admin: { securityGroupId: "sg-1" } }, effect: { creates: ["from-admin"] } },
    cluster: {
      to: { clusterName: "shared", clusterArn: "arn:aws:ecs:eu-central-1:1:cluster/shared" },
      effect: {
        updates: ["cpu-alarm", "memory-alarm"],
        deletes: ["capacity", "cluster"],
        replaces: ["scale-cpu", "scale-memory", "scaling", "service"],
      },
    },
    containerInsights: {
      to: "enabled",
      effect: { updates: ["cluster"], creates: ["tasks-alarm"] },
    },
    minTasks: [
      { to: 2, effect: { updates: ["scaling"] } },
      { to: 0, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    maxTasks: { to: 9, effect: { updates: ["scaling"] } },
    scaling: [
      { to: { cpuPercent: 40 }, effect: { updates: ["scale-cpu"] } },
      { to: { memoryPercent: false }, effect: { deletes: ["scale-memory"] } },
      { to: { requestsPerTask: 600 }, effect: { creates: ["scale-requests"] } },
    ],
    spot: { to: { reason: "may stop at any time", onDemandTasks: 0 }, effect: { updates: ["service"] } },
    deployment: [
      {
        to: { type: "blue-green" },
        effect: { updates: ["service"], creates: ["traffic-policy", "traffic-role"] },
      },
      {
        from: { type: "blue-green" },
        to: { type: "canary", percent: 10, stepMinutes: 5 },
        effect: { updates: ["service"] },
      },
      {
        from: { type: "blue-green" },
        to: { type: "rolling" },
        effect: { updates: ["service"], deletes: ["traffic-policy", "traffic-role"] },
      },
    ],
    rollbackAlarmNames: { to: ["checkout-failures"], effect: { updates: ["service"] } },
    healthCommand: { to: ["CMD", "/app", "check"], effect: { replaces: ["task"] } },
    alarms: [
      { to: { thresholds: { latency: 0.5 } }, effect: { updates: ["latency-alarm"] } },
      {
        to: { off: { errors: { reason: "counted elsewhere" } } },
        effect: { updates: ["service"], deletes: ["errors-alarm"] },
      },
      { to: { thresholds: { tasks: 1 } }, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    protect: { to: true, effect: {} },
    tags: {
      to: { ...tags, Owner: "orders" },
      effect: {
        updates: [
          ...["blue", "cluster", "cpu-alarm", "errors-alarm", "execution-role", "from-lb", "green", "http"],
          ...["https", "latency-alarm", "lb", "lb-http-from-vpc", "lb-https-from-vpc", "lb-security-group"],
          ...["lb-to-tasks", "logs", "memory-alarm", "rule", "scaling", "security-group", "service", "task"],
          ...["task-role", "to-anywhere", "unavailable-alarm"],
        ],
      },
    },
  },
};
