import type { ArgumentEffects } from "../../../../test/argument-effects.ts";
import { ScheduledJob } from "./scheduled-job.ts";
import type { ScheduledJobArgs, TaskJob } from "./scheduled-job-args.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const run: TaskJob = {
  type: "task",
  image: "ghcr.io/acme/clean-up:1.4.2",
  vpc: {
    vpcId: "vpc-1",
    cidrBlock: "10.0.0.0/16",
    publicSubnetIds: [],
    privateSubnetIds: ["subnet-1"],
    isolatedSubnetIds: [],
  },
};
const base: ScheduledJobArgs = { preset: "dev", schedule: "rate(1 hour)", run, tags };
const functionArn = "arn:aws:lambda:eu-central-1:123456789012:function:clean-up";

/** The table of docs/scheduled-job.md. */
export const argumentEffects: ArgumentEffects<ScheduledJobArgs> = {
  base,
  full: {
    ...base,
    run: { ...run, statements: [{ actions: ["s3:ListAllMyBuckets"], resources: ["*"] }] },
  },
  create: (args, options) => new ScheduledJob("unit", args, options),
  compute: ({ name }) => ({
    arn: `arn:aws:x:eu-central-1:123456789012:${name}`,
    arnWithoutRevision: `arn:aws:x:eu-central-1:123456789012:${name}`,
    url: `https://${name}`,
    name,
  }),
  untaggable: [
    "aws:iam/rolePolicy:RolePolicy",
    "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders",
    "aws:scheduler/schedule:Schedule",
    "aws:sqs/queuePolicy:QueuePolicy",
    "aws:cloudwatch/eventTarget:EventTarget",
  ],
  changes: {
    preset: { to: "staging", effect: { updates: ["logs", "schedule"], replaces: ["task"] } },
    schedule: [
      { to: "cron(0 3 * * ? *)", effect: { updates: ["schedule"] } },
      { to: "0 3 * * *", effect: { refused: "INVALID_ARGUMENT" } },
    ],
    timeZone: [
      { to: "Europe/Berlin", effect: { updates: ["schedule"] } },
      { to: "Mars/Base", effect: { refused: "INVALID_ARGUMENT" } },
    ],
    windowMinutes: { to: 15, effect: { updates: ["schedule"] } },
    paused: { to: true, effect: { updates: ["schedule"] } },
    run: [
      { to: { ...run, image: "ghcr.io/acme/clean-up:1.5.0" }, effect: { replaces: ["task"] } },
      {
        to: { type: "function", functionArn },
        effect: {
          updates: ["policy", "schedule"],
          creates: ["errors-alarm"],
          deletes: [
            ...["capacity", "cluster", "ended", "ended-target", "execution-policy", "execution-role"],
            ...["failures-policy", "logs", "security-group", "task", "task-role", "to-anywhere"],
          ],
        },
      },
      {
        from: { type: "function", functionArn },
        to: { type: "function", functionArn: `${functionArn}:live` },
        effect: { updates: ["policy", "schedule"] },
      },
      { to: { ...run, image: "ghcr.io/acme/clean-up" }, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    retries: { to: 5, effect: { updates: ["schedule"] } },
    maxAgeSeconds: { to: 600, effect: { updates: ["schedule"] } },
    alarms: [
      { to: { thresholds: { failures: 3 } }, effect: { updates: ["failures-alarm"] } },
      { to: { off: { failures: { reason: "looked at by hand" } } }, effect: { deletes: ["failures-alarm"] } },
    ],
    protect: { to: true, effect: {} },
    tags: {
      to: { ...tags, Owner: "orders" },
      effect: {
        updates: [
          ...["cluster", "ended", "execution-role", "failures", "failures-alarm", "group", "logs", "role"],
          ...["security-group", "task", "task-role", "to-anywhere"],
        ],
      },
    },
  },
};
