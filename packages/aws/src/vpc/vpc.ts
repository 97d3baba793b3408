import type { Tags } from "@groundplane/contracts";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { checkComponentName } from "../component-name.ts";
import { parseComponentTags } from "../component-tags.ts";
import type { Tier } from "./address-plan.ts";
import { checkAdoptedAddresses, checkAdoption } from "./adoption.ts";
import { checkEndpoints } from "./endpoint-args.ts";
import { createEndpoints, type Endpoints } from "./endpoints.ts";
import { checkFlowLogs } from "./flow-log-args.ts";
import { createFlowLogs, type FlowLogs } from "./flow-logs.ts";
import { createGateways, type Gateways } from "./gateways.ts";
import { createNat, type Nat } from "./nat.ts";
import type { AclPlan } from "./network-acl-plan.ts";
import { createNetworkAcls, type NetworkAcls, planNetworkAcls } from "./network-acls.ts";
import { checkOpenings, vpcOpenings } from "./openings.ts";
import type { PeeredVpc } from "./peered-vpc.ts";
import { planned } from "./planned.ts";
import { createRouteTables, type RouteTables } from "./route-tables.ts";
import { createSubnets, type Subnets } from "./subnets.ts";
import type { VpcArgs } from "./vpc-args.ts";
import { VpcContext } from "./vpc-context.ts";
import { planVpc, type VpcPlan } from "./vpc-plan.ts";
import type { VpcRef } from "./vpc-ref.ts";
import type { ZoneSlot } from "./zones.ts";

/** The resources of a `Vpc`, for what its outputs do not cover. Customise them with Pulumi's `transforms`. */
export interface VpcNodes extends Gateways, FlowLogs {
  readonly vpc: aws.ec2.Vpc;
  /** By tier and slot: `private-a`. */
  readonly subnets: Subnets;
  /** `public`, `private-a` …, `isolated`. */
  readonly routeTables: RouteTables;
  /** By the slot of the zone. */
  readonly nat: ReadonlyMap<ZoneSlot, Nat>;
  readonly networkAcls: NetworkAcls;
  readonly endpoints: Endpoints;
  readonly defaultSecurityGroup?: aws.ec2.DefaultSecurityGroup;
}

/**
 * A VPC whose subnets keep their addresses for life: public, private and isolated tiers over the zones given,
 * closed until something is opened with a reason.
 *
 * Creates, named `${name}-…`: `vpc`; `internet-gateway` (public tier); `egress-only-gateway` (private tier, IPv6);
 * for each tier and zone a subnet and its route table association; route tables `public-routes`,
 * `private-a-routes` …, `isolated-routes` with their routes; `nat-a` … with `nat-a-address` (`nat`);
 * `public-acl`, `private-acl`, `isolated-acl`; `s3-endpoint`, `dynamodb-endpoint`, and what `interfaceEndpoints`
 * lists with the security group `endpoints`; `flow-logs` with `flow-logs-group`, `flow-logs-role` and
 * `flow-logs-policy`; `default-security-group`, emptied.
 *
 * Cost drivers (list prices of us-east-1, https://aws.amazon.com/vpc/pricing/): with the defaults only flow logs,
 * by volume (0.50 USD a GB taken in, https://aws.amazon.com/cloudwatch/pricing/). Each NAT gateway 0.045 USD an
 * hour and a GB, and 0.005 USD an hour for its public address: about 37 USD a month. Each interface endpoint 0.01
 * USD an hour and zone: about 7 USD a month and zone. Each public IPv4 address in use 0.005 USD an hour.
 *
 * @example
 * const network = new Vpc("main", {
 *   cidrBlock: "10.16.0.0/16",
 *   zones: ["eu-central-1a", "eu-central-1b"],
 *   nat: "single",
 *   tags: { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" },
 * });
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_TAGS} a required tag is missing, or a tag is not one that AWS takes.
 * @throws {INVALID_CIDR} a block is malformed, of a size that AWS refuses, outside the VPC, or overlaps another.
 * @throws {ADDRESS_SPACE_EXHAUSTED} a subnet has no place in the VPC's block.
 * @throws {INVALID_ARGUMENT} any other argument is not valid; the message names it.
 */
export class Vpc extends pulumi.ComponentResource implements VpcRef {
  readonly vpcId: pulumi.Output<string>;
  readonly cidrBlock: pulumi.Output<string>;
  /** The /56; absent without `ipv6`. */
  readonly ipv6CidrBlock?: pulumi.Output<string>;
  // Arrays that the types let callers change, since the inputs of @pulumi/aws take no readonly ones.
  /** In the order of `zones`; empty without the tier. */
  readonly publicSubnetIds: pulumi.Output<string>[];
  /** In the order of `zones`; empty without the tier. */
  readonly privateSubnetIds: pulumi.Output<string>[];
  /** In the order of `zones`; empty without the tier. */
  readonly isolatedSubnetIds: pulumi.Output<string>[];
  /** One, or none without the tier. */
  readonly publicRouteTableIds: pulumi.Output<string>[];
  /** One for each zone, in the order of `zones`; empty without the tier. */
  readonly privateRouteTableIds: pulumi.Output<string>[];
  /** One, or none without the tier. */
  readonly isolatedRouteTableIds: pulumi.Output<string>[];
  /** In the order of `zones`: none, one, or one for each zone. */
  readonly natGatewayIds: pulumi.Output<string>[];
  /** The addresses that private subnets are seen under from outside, in the order of `natGatewayIds`. */
  readonly natPublicIps: pulumi.Output<string>[];
  /** Gateway and interface endpoints by service: `s3`, `ecr.api`. */
  readonly endpointIds: Readonly<Record<string, pulumi.Output<string>>>;
  /** Absent without interface endpoints. */
  readonly endpointSecurityGroupId?: pulumi.Output<string>;
  readonly nodes: VpcNodes;
  /** What was planned, as plain data: the names, zones and addresses of the subnets, known before anything exists. */
  readonly plan: VpcPlan;

  constructor(name: string, args: VpcArgs, options: pulumi.ComponentResourceOptions = {}) {
    const { plan, aclPlans, tags } = validateAndPlan(name, args);
    super("groundplane:aws:Vpc", name, {}, options);

    const context = new VpcContext(name, this, args, plan, tags);
    const vpc = createVpc(context);
    const gateways = createGateways(context, vpc);
    const subnets = createSubnets(context, vpc);
    const nat = createNat(context, subnets, gateways);
    const routeTables = createRouteTables(context, vpc, subnets, gateways, nat);
    const networkAcls = createNetworkAcls(context, vpc, subnets, aclPlans);
    const endpoints = createEndpoints(context, vpc, subnets, routeTables);
    const flowLogs = createFlowLogs(context, vpc);
    const locked = lockDefaultSecurityGroup(context, vpc);

    this.plan = plan;
    this.nodes = {
      vpc,
      ...gateways,
      subnets,
      routeTables,
      nat,
      networkAcls,
      endpoints,
      ...flowLogs,
      ...locked,
    };
    this.vpcId = vpc.id;
    this.cidrBlock = vpc.cidrBlock;
    if (args.ipv6) this.ipv6CidrBlock = vpc.ipv6CidrBlock;
    this.publicSubnetIds = this.#subnetIds("public");
    this.privateSubnetIds = this.#subnetIds("private");
    this.isolatedSubnetIds = this.#subnetIds("isolated");
    this.publicRouteTableIds = this.#routeTableIds("public");
    this.privateRouteTableIds = this.#routeTableIds("private");
    this.isolatedRouteTableIds = this.#routeTableIds("isolated");
    this.natGatewayIds = [...nat.values()].map(({ gateway }) => gateway.id);
    this.natPublicIps = [...nat.values()].map(({ address }) => address.publicIp);
    this.endpointIds = endpointIds(endpoints);
    if (endpoints.securityGroup) this.endpointSecurityGroupId = endpoints.securityGroup.id;
    this.registerOutputs(this.#outputs());
  }

  /** What other components need, without the rest: to export, or to pass on. */
  get ref(): VpcRef {
    const { vpcId, cidrBlock, publicSubnetIds, privateSubnetIds, isolatedSubnetIds } = this;
    return { vpcId, cidrBlock, publicSubnetIds, privateSubnetIds, isolatedSubnetIds };
  }

  /** One end of a `VpcPeering`, with the route tables of these tiers. */
  asPeer(tiers: readonly Tier[] = ["private"]): PeeredVpc {
    const tables = this.plan.routeTables.filter(({ tier }) => tiers.includes(tier));
    return {
      vpcId: this.vpcId,
      cidrBlock: this.plan.cidrBlock,
      routeTableIds: Object.fromEntries(
        tables.map(({ key }) => [key, planned(this.nodes.routeTables, key).id] as const),
      ),
    };
  }

  #subnetIds(tier: Tier): pulumi.Output<string>[] {
    const { subnets } = this.nodes;
    return this.plan.subnets.flatMap((s) => (s.tier === tier ? [planned(subnets, s.key).id] : []));
  }

  #routeTableIds(tier: Tier): pulumi.Output<string>[] {
    const { routeTables } = this.nodes;
    return this.plan.routeTables.flatMap((t) => (t.tier === tier ? [planned(routeTables, t.key).id] : []));
  }

  #outputs(): pulumi.Inputs {
    return {
      ...this.ref,
      ipv6CidrBlock: this.ipv6CidrBlock,
      publicRouteTableIds: this.publicRouteTableIds,
      privateRouteTableIds: this.privateRouteTableIds,
      isolatedRouteTableIds: this.isolatedRouteTableIds,
      natGatewayIds: this.natGatewayIds,
      natPublicIps: this.natPublicIps,
      endpointIds: this.endpointIds,
      endpointSecurityGroupId: this.endpointSecurityGroupId,
    };
  }
}

function validateAndPlan(
  name: string,
  args: VpcArgs,
): { readonly plan: VpcPlan; readonly aclPlans: ReadonlyMap<Tier, AclPlan>; readonly tags: Tags } {
  checkComponentName(name);
  const tags = parseComponentTags(args.tags);
  checkAdoptedAddresses(args.adopt, args.subnets ?? {});
  const plan = planVpc(args);
  const aclPlans = planNetworkAcls(args, plan);
  checkOpenings(args);
  checkEndpoints(args);
  checkFlowLogs(args.flowLogs);
  checkAdoption(args.adopt, plan);
  return { plan, aclPlans, tags };
}

function createVpc(context: VpcContext): aws.ec2.Vpc {
  const { args, plan } = context;
  return new aws.ec2.Vpc(
    context.child("vpc"),
    {
      cidrBlock: plan.cidrBlock,
      // Private DNS of endpoints needs both.
      enableDnsSupport: true,
      enableDnsHostnames: true,
      assignGeneratedIpv6CidrBlock: args.ipv6 ?? false,
      tags: context.tags("vpc", vpcOpenings(args)),
    },
    context.adopted(args.adopt?.vpcId, [
      "tags",
      "enableDnsSupport",
      "enableDnsHostnames",
      "assignGeneratedIpv6CidrBlock",
    ]),
  );
}

/** CIS AWS Foundations Benchmark, "the default security group of every VPC restricts all traffic". */
function lockDefaultSecurityGroup(
  context: VpcContext,
  vpc: aws.ec2.Vpc,
): Pick<VpcNodes, "defaultSecurityGroup"> {
  // What uses the default group of an adopted VPC would lose its connections.
  if (context.args.openDefaultSecurityGroup || context.args.adopt) return {};
  const defaultSecurityGroup = new aws.ec2.DefaultSecurityGroup(
    context.child("default-security-group"),
    // Empty lists, not absent ones: a rule that someone adds by hand is then drift.
    { vpcId: vpc.id, ingress: [], egress: [], tags: context.tags("default-security-group") },
    context.options(),
  );
  return { defaultSecurityGroup };
}

function endpointIds(endpoints: Endpoints): Readonly<Record<string, pulumi.Output<string>>> {
  const all = [...endpoints.gateway, ...endpoints.interface];
  return Object.fromEntries(all.map(([service, endpoint]) => [service, endpoint.id]));
}
