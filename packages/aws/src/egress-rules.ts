import type * as aws from "@pulumi/aws";
import type { Opening } from "./opening.ts";
import type { VpcRef } from "./vpc/vpc-ref.ts";

/** Where members of a component's own security group may go: into their VPC, or anywhere where that was opened. */
export function egressRules(
  { cidrBlock }: Pick<VpcRef, "cidrBlock">,
  anywhere: Opening | undefined,
): aws.types.input.ec2.SecurityGroupEgress[] {
  const everyPort = { protocol: "-1", fromPort: 0, toPort: 0 };
  return anywhere === undefined
    ? [{ ...everyPort, cidrBlocks: [cidrBlock] }]
    : [{ ...everyPort, cidrBlocks: ["0.0.0.0/0"], ipv6CidrBlocks: ["::/0"] }];
}
