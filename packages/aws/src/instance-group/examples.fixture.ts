// The examples of docs/instance-group.md, compared verbatim, compiled and run by `component-pages.test.ts`.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { InstanceGroup, Vpc } from "../index.ts";

export function start(): InstanceGroup {
  const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
  const network = new Vpc("workers-network", {
    cidrBlock: "10.24.0.0/16",
    zones: ["eu-central-1a", "eu-central-1b"],
    tags,
  });
  const imageId = "ami-0a1b2c3d4e5f60718";
  // #region start
  const workers = new InstanceGroup("workers", { preset: "dev", network, imageId, tags });
  // #endregion
  return workers;
}

export function production(): InstanceGroup {
  const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
  const network = {
    vpcId: pulumi.output("vpc-0a1b2c3d4e5f60718"),
    cidrBlock: "10.16.0.0/16",
    publicSubnetIds: [],
    privateSubnetIds: ["subnet-0a1b2c3d4e5f60711", "subnet-0a1b2c3d4e5f60712"],
    isolatedSubnetIds: [],
  };
  const balancer = { securityGroupId: "sg-0a1b2c3d4e5f60718", targetGroupArn: pulumi.output("arn:aws:tg") };
  const topic = { topicArn: pulumi.output("arn:aws:sns:eu-central-1:123456789012:on-call") };
  // #region production
  const image = aws.ssm.getParameterOutput({
    name: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64",
  });
  const workers = new InstanceGroup("workers", {
    network,
    imageId: image.value,
    maxSize: 12,
    allowFrom: [{ port: 8080, securityGroupIds: [balancer.securityGroupId] }],
    targetGroupArns: [balancer.targetGroupArn],
    reachAnywhere: { reason: "package mirrors and AWS through NAT" },
    maxInstanceLifetimeDays: 30,
    alarms: { topic },
    tags,
  });
  // #endregion
  return workers;
}
