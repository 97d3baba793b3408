import type { GroundplaneError } from "@groundplane/contracts";
import type { DeletionEffect } from "../provider/cloud.ts";
import { refusal } from "../provider/refusal.ts";

/** AWS's error code for an id of this prefix that does not exist (EC2 API reference, "Error codes"). */
const NOT_FOUND: Readonly<Record<string, string>> = {
  vpc: "InvalidVpcID.NotFound",
  subnet: "InvalidSubnetID.NotFound",
  sg: "InvalidGroup.NotFound",
  rtb: "InvalidRouteTableID.NotFound",
  igw: "InvalidInternetGatewayID.NotFound",
  eigw: "InvalidGatewayID.NotFound",
  nat: "NatGatewayNotFound",
  acl: "InvalidNetworkAclID.NotFound",
  eni: "InvalidNetworkInterfaceID.NotFound",
  eipalloc: "InvalidAllocationID.NotFound",
  vpce: "InvalidVpcEndpointId.NotFound",
  pl: "InvalidPrefixListID.NotFound",
  ami: "InvalidAMIID.NotFound",
  i: "InvalidInstanceID.NotFound",
  vol: "InvalidVolume.NotFound",
  snap: "InvalidSnapshot.NotFound",
  tgw: "InvalidTransitGatewayID.NotFound",
  lt: "InvalidLaunchTemplateId.NotFound",
};

export function notFound(value: string, path: string): GroundplaneError {
  const prefix = /^([a-z]+)-/.exec(value)?.[1] ?? "";
  const code =
    NOT_FOUND[prefix] ?? (value.startsWith("arn:aws:iam:") ? "NoSuchEntity" : "ResourceNotFoundException");
  return refusal(code, `${path}: "${value}" does not exist. Give an id of the sandbox that does.`);
}

/** EC2's network refuses to delete what is in use; most other services let go, and leave the reference dangling. */
export function deletion(type: string): DeletionEffect {
  return /^aws:(ec2|vpc|ec2transitgateway)\//.test(type) ? "blocks" : "stays";
}

export function inUse(type: string, id: string, referrer: string): GroundplaneError {
  if (type === "aws:ec2/eip:Eip") return refusal("InvalidIPAddress.InUse", `${id} is in use by ${referrer}.`);
  if (type.startsWith("aws:iam/"))
    return refusal("DeleteConflict", `Cannot delete ${id}: it is in use by ${referrer}. Delete that first.`);
  return refusal(
    "DependencyViolation",
    `${id} has dependencies and cannot be deleted: ${referrer}. Delete that first.`,
  );
}
