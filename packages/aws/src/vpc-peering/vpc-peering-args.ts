import type { Tags } from "@groundplane/contracts";
import type * as pulumi from "@pulumi/pulumi";
import type { PeeredVpc } from "../vpc/peered-vpc.ts";

/** The end that accepts, where it is not in the region and account of the other. */
export interface AcceptingVpc extends PeeredVpc {
  /** @default - that of the requester */
  readonly region?: string;
  /** Another account, and a provider that may accept and route there. @default - that of the requester */
  readonly account?: {
    readonly accountId: pulumi.Input<string>;
    readonly provider: pulumi.ProviderResource;
  };
}

export interface VpcPeeringArgs {
  readonly requester: PeeredVpc;
  readonly accepter: AcceptingVpc;
  /** Names of hosts at the other end lead to their private addresses. @default true */
  readonly dnsResolution?: boolean;
  /** At least Environment, Project, Owner and ManagedBy. */
  readonly tags: Tags;
}
