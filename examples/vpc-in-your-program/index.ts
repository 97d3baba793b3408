import { Vpc } from "@groundplane/aws";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const tags = {
  Environment: pulumi.getStack(),
  Project: pulumi.getProject(),
  Owner: "platform",
  ManagedBy: "pulumi",
};

const network = new Vpc("main", {
  cidrBlock: "10.16.0.0/16",
  zones: ["eu-central-1a", "eu-central-1b"],
  tiers: ["private", "isolated"],
  tags,
});

// What was there before takes the component's outputs, as it takes those of any resource.
const database = new aws.ec2.SecurityGroup("database", {
  vpcId: network.vpcId,
  description: "PostgreSQL, from inside the VPC",
  ingress: [{ protocol: "tcp", fromPort: 5432, toPort: 5432, cidrBlocks: [network.cidrBlock] }],
  tags,
});

export const vpcId = network.vpcId;
export const databaseSubnetIds = network.isolatedSubnetIds;
export const databaseSecurityGroupId = database.id;
