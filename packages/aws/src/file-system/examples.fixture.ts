// The examples of docs/file-system.md, compared verbatim, compiled and run by `component-pages.test.ts`.
import * as pulumi from "@pulumi/pulumi";
import { FileSystem, Vpc } from "../index.ts";

export function start(): FileSystem {
  const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
  const network = new Vpc("files-network", {
    cidrBlock: "10.25.0.0/16",
    zones: ["eu-central-1a", "eu-central-1b"],
    tags,
  });
  // #region start
  const files = new FileSystem("files", {
    preset: "dev",
    network,
    subnetIds: network.privateSubnetIds,
    accessPoints: { uploads: { path: "/uploads", uid: 1000, gid: 1000 } },
    tags,
  });
  // #endregion
  return files;
}

export function production(): FileSystem {
  const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
  const network = {
    vpcId: "vpc-0a1b2c3d4e5f60718",
    isolatedSubnetIds: ["subnet-0a1b2c3d4e5f60711", "subnet-0a1b2c3d4e5f60712"],
  };
  const key = { keyArn: pulumi.output("arn:aws:kms:eu-central-1:123456789012:key/1") };
  const workers = { securityGroupId: "sg-0a1b2c3d4e5f60718" };
  const topic = { topicArn: pulumi.output("arn:aws:sns:eu-central-1:123456789012:on-call") };
  // #region production
  const files = new FileSystem("files", {
    network,
    subnetIds: network.isolatedSubnetIds,
    allowFrom: [workers.securityGroupId],
    kmsKeyArn: key.keyArn,
    archiveDays: 180,
    alarms: { topic },
    tags,
  });
  // #endregion
  return files;
}

export function adopt(): FileSystem {
  const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
  const network = {
    vpcId: "vpc-0a1b2c3d4e5f60718",
    privateSubnetIds: ["subnet-0a1b2c3d4e5f60711", "subnet-0a1b2c3d4e5f60712"],
  };
  // #region adopt
  const files = new FileSystem("files", {
    network,
    subnetIds: network.privateSubnetIds,
    anonymousMount: { reason: "clients mount without IAM until June" },
    adopt: {
      fileSystemId: "fs-0a1b2c3d4e5f60718",
      mountTargetIds: ["fsmt-0a1b2c3d4e5f60711", "fsmt-0a1b2c3d4e5f60712"],
    },
    tags,
  });
  // #endregion
  return files;
}
