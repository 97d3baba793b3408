import { describe, expect, test } from "vitest";
import { record } from "../../../../test/recording-mocks.ts";
import { InstanceGroup } from "./instance-group.ts";
import type { InstanceGroupArgs } from "./instance-group-args.ts";

const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const network = {
  vpcId: "vpc-1",
  cidrBlock: "10.0.0.0/16",
  publicSubnetIds: ["subnet-0"],
  privateSubnetIds: ["subnet-1", "subnet-2"],
  isolatedSubnetIds: ["subnet-3"],
};
const create = (args: Partial<InstanceGroupArgs>) =>
  record(
    (options) =>
      new InstanceGroup("workers", { network, imageId: "ami-0a1b2c3d4e5f60718", tags, ...args }, options),
    ({ type, name }) => ({
      arn: `arn-of-${name}`,
      name: `name-of-${name}`,
      ...(type === "aws:ec2/launchTemplate:LaunchTemplate" && { latestVersion: 4 }),
    }),
  );
async function inputsOf(args: Partial<InstanceGroupArgs>): Promise<Record<string, Record<string, unknown>>> {
  const { resources } = await create(args);
  return Object.fromEntries(
    resources
      .filter(({ custom }) => custom)
      .map(({ name, inputs }) => [name.replace("workers-", ""), inputs]),
  );
}

describe("InstanceGroup", () => {
  test("starts instances that are closed, encrypted and without keys", async () => {
    const { "launch-template": template, "security-group": group } = await inputsOf({});
    const launched = { ...tags, Name: "workers-instance" };
    expect(template).toEqual({
      imageId: "ami-0a1b2c3d4e5f60718",
      instanceType: "m7g.large",
      iamInstanceProfile: { arn: "arn-of-workers-profile" },
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      networkInterfaces: [
        {
          deviceIndex: 0,
          associatePublicIpAddress: "false",
          deleteOnTermination: "true",
          securityGroups: ["workers-security-group-id"],
        },
      ],
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: { encrypted: "true", volumeType: "gp3", volumeSize: 20, deleteOnTermination: "true" },
        },
      ],
      monitoring: { enabled: true },
      tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({
        resourceType,
        tags: launched,
      })),
      tags: { ...tags, Name: "workers-launch-template" },
    });
    const everyPort = { protocol: "-1", fromPort: 0, toPort: 0 };
    expect(group).toMatchObject({
      vpcId: "vpc-1",
      ingress: [],
      egress: [{ ...everyPort, cidrBlocks: ["10.0.0.0/16"] }],
    });
    const { "security-group": open } = await inputsOf({ reachAnywhere: { reason: "package mirrors" } });
    expect(open).toMatchObject({
      egress: [{ ...everyPort, cidrBlocks: ["0.0.0.0/0"], ipv6CidrBlocks: ["::/0"] }],
      tags: { "Opening:anywhere": "package mirrors" },
    });
  });

  test("keeps its size between bounds, and renews instances when the template changes", async () => {
    const { group, "cpu-policy": policy } = await inputsOf({});
    const { tags: given, ...rest } = group ?? {};
    expect(rest).toEqual({
      minSize: 2,
      maxSize: 6,
      vpcZoneIdentifiers: ["subnet-1", "subnet-2"],
      launchTemplate: { id: "workers-launch-template-id", version: "4" },
      instanceRefresh: {
        strategy: "Rolling",
        preferences: {
          minHealthyPercentage: 100,
          maxHealthyPercentage: 110,
          instanceWarmup: "300",
          autoRollback: true,
        },
      },
      targetGroupArns: [],
      healthCheckType: "EC2",
      healthCheckGracePeriod: 300,
      defaultInstanceWarmup: 300,
      maxInstanceLifetime: 0,
      enabledMetrics: ["GroupDesiredCapacity", "GroupInServiceInstances"],
    });
    expect(given).toContainEqual({ key: "Owner", value: "platform", propagateAtLaunch: false });
    expect(given).toContainEqual({ key: "Name", value: "workers-group", propagateAtLaunch: false });
    expect(policy).toMatchObject({
      policyType: "TargetTrackingScaling",
      targetTrackingConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" },
        targetValue: 60,
      },
    });
    expect((await inputsOf({ preset: "dev" }))["cpu-policy"]).toBeUndefined();
    expect((await inputsOf({ minSize: 9 }))["group"]).toMatchObject({ minSize: 9, maxSize: 9 });
  });

  test("has a role for Session Manager and what it is given", async () => {
    const inputs = await inputsOf({
      statements: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::photos/*"] }],
    });
    expect(inputs["session-manager"]).toEqual({
      role: "name-of-workers-role",
      policyArn: "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
    });
    expect(JSON.parse(String(inputs["policy"]?.["policy"])).Statement).toEqual([
      { Effect: "Allow", Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::photos/*"] },
    ]);
    expect((await inputsOf({}))["policy"]).toBeUndefined();
  });

  test("joins target groups, whose checks then count, and lets their balancer in", async () => {
    const inputs = await inputsOf({
      tier: "isolated",
      targetGroupArns: ["arn:tg"],
      allowFrom: [{ port: 8080, securityGroupIds: ["sg-1"] }],
    });
    expect(inputs["group"]).toMatchObject({
      targetGroupArns: ["arn:tg"],
      healthCheckType: "ELB",
      vpcZoneIdentifiers: ["subnet-3"],
    });
    expect(inputs["security-group"]).toMatchObject({
      ingress: [{ protocol: "tcp", fromPort: 8080, toPort: 8080, securityGroups: ["sg-1"] }],
    });
  });

  test("starts with a script and a key of one's own", async () => {
    const { "launch-template": template } = await inputsOf({
      userData: "#!/bin/sh\nhostname",
      kmsKeyArn: "arn:key",
      rootVolumeGiB: 100,
      rootDeviceName: "/dev/sda1",
    });
    expect(Buffer.from(String(template?.["userData"]), "base64").toString()).toBe("#!/bin/sh\nhostname");
    expect(template).toMatchObject({
      blockDeviceMappings: [{ deviceName: "/dev/sda1", ebs: { kmsKeyId: "arn:key", volumeSize: 100 } }],
    });
  });

  test("wakes somebody when it is busy, ill or too small", async () => {
    const inputs = await inputsOf({ minSize: 3 });
    const dimensions = { AutoScalingGroupName: "name-of-workers-group" };
    expect(inputs["cpu-alarm"]).toMatchObject({ metricName: "CPUUtilization", threshold: 90, dimensions });
    expect(inputs["status-alarm"]).toMatchObject({
      metricName: "StatusCheckFailed",
      threshold: 0,
      dimensions,
    });
    expect(inputs["in-service-alarm"]).toMatchObject({
      comparisonOperator: "LessThanThreshold",
      threshold: 3,
      dimensions,
    });
  });

  test.each<[Partial<InstanceGroupArgs>, string]>([
    [{ imageId: "amazon-linux" }, 'imageId is "amazon-linux"'],
    [{ instanceType: "large" }, 'instanceType is "large"'],
    [{ maxSize: 1 }, "maxSize is 1, below minSize 2"],
    [{ cpuTargetPercent: 95 }, "cpuTargetPercent is 95"],
    [{ maxInstanceLifetimeDays: 0 }, "maxInstanceLifetimeDays is 0"],
    [{ reachAnywhere: { reason: "" } }, "no reason for anywhere"],
    [{ rootDeviceName: "xvda" }, 'rootDeviceName is "xvda"'],
    [{ allowFrom: [{ port: 0, securityGroupIds: ["sg-1"] }] }, "allowFrom.port is 0"],
    [{ allowFrom: [{ port: 80, securityGroupIds: [] }] }, "opens port 80 to nobody"],
  ])("refuses %o before anything is made", async (args, message) => {
    await expect(create(args)).rejects.toThrow(message);
  });
});
