import type * as pulumi from "@pulumi/pulumi";

/**
 * What other components need of a VPC. A `Vpc`, the outputs of another stack and a literal all satisfy it:
 *
 *     const existing: VpcRef = {
 *       vpcId: "vpc-0a1b2c3d",
 *       cidrBlock: "10.0.0.0/16",
 *       publicSubnetIds: [],
 *       privateSubnetIds: ["subnet-0a", "subnet-0b"],
 *       isolatedSubnetIds: [],
 *     };
 */
export interface VpcRef {
  readonly vpcId: pulumi.Input<string>;
  /** @format CIDR */
  readonly cidrBlock: pulumi.Input<string>;
  /** In the order of the zones; empty without a public tier. */
  readonly publicSubnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** In the order of the zones; empty without a private tier. */
  readonly privateSubnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** In the order of the zones; empty without an isolated tier. */
  readonly isolatedSubnetIds: pulumi.Input<pulumi.Input<string>[]>;
}
