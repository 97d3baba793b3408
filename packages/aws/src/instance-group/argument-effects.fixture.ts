import type { ArgumentEffects } from "../../../../test/argument-effects.ts";
import { InstanceGroup } from "./instance-group.ts";
import type { InstanceGroupArgs } from "./instance-group-args.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const network = {
  vpcId: "vpc-1",
  cidrBlock: "10.0.0.0/16",
  publicSubnetIds: [],
  privateSubnetIds: ["subnet-1"],
  isolatedSubnetIds: ["subnet-2"],
};
const statements = [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::photos/*"] }];
const imageId = "ami-0a1b2c3d4e5f60718";
const template = { updates: ["launch-template"] } as const;

/** The table of docs/instance-group.md. A changed template is a new version, which renews the instances. */
export const argumentEffects: ArgumentEffects<InstanceGroupArgs> = {
  base: { preset: "dev", network, imageId, minSize: 1, maxSize: 2, tags },
  full: { preset: "prod", network, imageId, statements, tags },
  create: (args, options) => new InstanceGroup("unit", args, options),
  compute: ({ type, name }) => ({
    arn: `arn-of-${name}`,
    ...(type === "aws:ec2/launchTemplate:LaunchTemplate" && { latestVersion: 1 }),
  }),
  untaggable: [
    "aws:autoscaling/policy:Policy",
    "aws:iam/rolePolicy:RolePolicy",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  ],
  changes: {
    preset: { to: "staging", effect: template },
    network: {
      to: { ...network, vpcId: "vpc-2", privateSubnetIds: ["subnet-3"] },
      effect: { updates: ["group"], replaces: ["security-group"] },
    },
    tier: { to: "isolated", effect: { updates: ["group"] } },
    imageId: [
      { to: "ami-0a1b2c3d4e5f60719", effect: template },
      { to: "latest", effect: { refused: "INVALID_ARGUMENT" } },
    ],
    instanceType: { to: "m7g.large", effect: template },
    minSize: [
      { to: 2, effect: { updates: ["group", "in-service-alarm"], deletes: ["cpu-policy"] } },
      { to: 3, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    maxSize: { to: 4, effect: { updates: ["group"] } },
    cpuTargetPercent: { to: 40, effect: { updates: ["cpu-policy"] } },
    userData: { to: "#!/bin/sh\nhostname", effect: template },
    rootVolumeGiB: { to: 100, effect: template },
    rootDeviceName: { to: "/dev/sda1", effect: template },
    kmsKeyArn: { to: "arn:aws:kms:eu-central-1:123456789012:key/1", effect: template },
    statements: { to: statements, effect: { creates: ["policy"] } },
    allowFrom: {
      to: [{ port: 8080, securityGroupIds: ["sg-1"] }],
      effect: { updates: ["security-group"] },
    },
    reachAnywhere: { to: { reason: "package mirrors" }, effect: { updates: ["security-group"] } },
    targetGroupArns: { to: ["arn:aws:target-group"], effect: { updates: ["group"] } },
    healthCheck: { to: "ELB", effect: { updates: ["group"] } },
    warmupSeconds: { to: 60, effect: { updates: ["group"] } },
    minHealthyPercent: { to: 50, effect: { updates: ["group"] } },
    maxInstanceLifetimeDays: { to: 30, effect: { updates: ["group"] } },
    detailedMonitoring: { to: true, effect: template },
    alarms: [
      { to: { thresholds: { cpu: 95 } }, effect: { updates: ["cpu-alarm"] } },
      { to: { off: { status: { reason: "tried elsewhere" } } }, effect: { deletes: ["status-alarm"] } },
    ],
    tags: {
      to: { ...tags, Owner: "orders" },
      effect: {
        updates: [
          "cpu-alarm",
          "group",
          "in-service-alarm",
          "launch-template",
          "profile",
          "role",
          "security-group",
          "status-alarm",
        ],
      },
    },
  },
};
