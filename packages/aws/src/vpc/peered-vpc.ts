import type * as pulumi from "@pulumi/pulumi";

/** One end of a peering. A `Vpc`'s `asPeer()`, the outputs of another stack and a literal satisfy it. */
export interface PeeredVpc {
  readonly vpcId: pulumi.Input<string>;
  /**
   * Known before anything exists, so that blocks that overlap are refused at once.
   *
   * @format CIDR, IPv4
   */
  readonly cidrBlock: string;
  /** The tables that get a route to the other end, by names that stay: `private-a`. At least one. */
  readonly routeTableIds: Readonly<Record<string, pulumi.Input<string>>>;
}
