import * as aws from "@pulumi/aws";
import { type GatewayService, gatewayEndpointTiers } from "./endpoint-args.ts";
import { planned } from "./planned.ts";
import type { RouteTables } from "./route-tables.ts";
import type { Subnets } from "./subnets.ts";
import type { VpcContext } from "./vpc-context.ts";

export interface Endpoints {
  readonly gateway: ReadonlyMap<GatewayService, aws.ec2.VpcEndpoint>;
  readonly interface: ReadonlyMap<string, aws.ec2.VpcEndpoint>;
  /** Absent without interface endpoints. */
  readonly securityGroup?: aws.ec2.SecurityGroup;
}

export function createEndpoints(
  context: VpcContext,
  vpc: aws.ec2.Vpc,
  subnets: Subnets,
  routeTables: RouteTables,
): Endpoints {
  const services = context.args.interfaceEndpoints ?? [];
  const gateway = createGatewayEndpoints(context, vpc, routeTables);
  if (services.length === 0) return { gateway, interface: new Map() };
  const securityGroup = createSecurityGroup(context, vpc);
  const tier = context.plan.tiers.includes("private") ? "private" : "isolated";
  const subnetIds = context.plan.subnets.flatMap((s) =>
    s.tier === tier ? [planned(subnets, s.key).id] : [],
  );
  const created = services.map((service) => {
    const role = `${service.replaceAll(".", "-")}-endpoint`;
    const endpoint = new aws.ec2.VpcEndpoint(
      context.child(role),
      {
        vpcId: vpc.id,
        vpcEndpointType: "Interface",
        serviceName: serviceName(context, service),
        subnetIds,
        securityGroupIds: [securityGroup.id],
        privateDnsEnabled: true,
        tags: context.tags(role),
      },
      context.options(),
    );
    return [service, endpoint] as const;
  });
  return { gateway, interface: new Map(created), securityGroup };
}

function createGatewayEndpoints(
  context: VpcContext,
  vpc: aws.ec2.Vpc,
  routeTables: RouteTables,
): Endpoints["gateway"] {
  const { gatewayEndpoints = ["s3", "dynamodb"] } = context.args;
  const tiers: readonly string[] = gatewayEndpointTiers(context.args);
  if (tiers.length === 0) return new Map();
  const routeTableIds = context.plan.routeTables.flatMap((table) =>
    tiers.includes(table.tier) ? [planned(routeTables, table.key).id] : [],
  );
  return new Map(
    gatewayEndpoints.map((service) => [
      service,
      new aws.ec2.VpcEndpoint(
        context.child(`${service}-endpoint`),
        {
          vpcId: vpc.id,
          vpcEndpointType: "Gateway",
          serviceName: serviceName(context, service),
          routeTableIds,
          tags: context.tags(`${service}-endpoint`),
        },
        context.options(),
      ),
    ]),
  );
}

/** Lets the VPC reach its interface endpoints by HTTPS: over IPv4, the family of their addresses. They call nobody. */
function createSecurityGroup(context: VpcContext, vpc: aws.ec2.Vpc): aws.ec2.SecurityGroup {
  const role = "endpoints";
  const group = new aws.ec2.SecurityGroup(
    context.child(role),
    { vpcId: vpc.id, description: "HTTPS from the VPC to its interface endpoints", tags: context.tags(role) },
    context.options(),
  );
  const rule = `${role}-https`;
  new aws.vpc.SecurityGroupIngressRule(
    context.child(rule),
    {
      securityGroupId: group.id,
      description: "HTTPS from the VPC",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      cidrIpv4: context.plan.cidrBlock,
      tags: context.tags(rule),
    },
    context.options(),
  );
  return group;
}

/** China's regions name most services in a domain of their own: `aws ec2 describe-vpc-endpoint-services` lists them. */
function serviceName({ plan }: VpcContext, service: string): string {
  return service.includes("com.amazonaws.") ? service : `com.amazonaws.${plan.region}.${service}`;
}
