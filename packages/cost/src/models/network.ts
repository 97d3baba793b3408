import { type Charge, type CostModel, HOURS, hourly, used } from "../cost-model.ts";
import { exactly, times } from "../cost-range.ts";
import type { PricedResource } from "../priced-resource.ts";

/** AWS charges every public IPv4 address, in use or not, since February 2024. */
export const PUBLIC_IPV4 = "public-ipv4.hour";

const isInterface = (endpoint: PricedResource): boolean =>
  endpoint.text("vpcEndpointType", "Gateway") === "Interface";

const kindOf = (balancer: PricedResource): "alb" | "nlb" | "gwlb" => {
  const kind = balancer.text("loadBalancerType", "application");
  return kind === "application" ? "alb" : kind === "network" ? "nlb" : "gwlb";
};

const zonesOf = (balancer: PricedResource): number =>
  Math.max(balancer.list("subnets").length, balancer.list("subnetMappings").length);

const LOAD_BALANCER: CostModel = [
  hourly((balancer) => `${kindOf(balancer)}.hour`),
  {
    what: "capacity units",
    unit: "unit-hour",
    price: (balancer) => `${kindOf(balancer)}.unit.hour`,
    quantity: (_balancer, { assume }) => times(assume("loadBalancerUnits"), exactly(HOURS)),
  },
  {
    what: "public IPv4 addresses, one a zone",
    unit: "hour",
    price: PUBLIC_IPV4,
    quantity: (balancer) => zonesOf(balancer) * HOURS,
    // Addresses of one's own (subnetMappings with an allocation) are charged as the Eip that they are.
    when: (balancer) => !balancer.flag("internal") && balancer.list("subnetMappings").length === 0,
  },
];

const publicAddress: Charge = {
  what: "public IPv4 address",
  unit: "hour",
  price: PUBLIC_IPV4,
  quantity: HOURS,
};

export const NETWORK_MODELS: Readonly<Record<string, CostModel>> = {
  "aws:ec2/natGateway:NatGateway": [
    hourly("nat-gateway.hour"),
    used("nat-gateway.gb", "data processed", "GB", "natGatewayGb"),
  ],
  "aws:ec2/eip:Eip": [publicAddress],
  "aws:ec2/vpcEndpoint:VpcEndpoint": [
    {
      what: "hours, one for each subnet",
      unit: "hour",
      price: "interface-endpoint.hour",
      quantity: (endpoint) => Math.max(endpoint.list("subnetIds").length, 1) * HOURS,
      when: isInterface,
    },
    { ...used("interface-endpoint.gb", "data processed", "GB", "interfaceEndpointGb"), when: isInterface },
    {
      what: "a Gateway Load Balancer endpoint",
      unit: "hour",
      price: "gateway-load-balancer-endpoint.hour",
      quantity: HOURS,
      when: (endpoint) => !["Interface", "Gateway"].includes(endpoint.text("vpcEndpointType", "Gateway")),
    },
  ],
  "aws:ec2/flowLog:FlowLog": [
    {
      ...used("vended-logs.gb", "records delivered", "GB", "flowLogGb"),
      // Into CloudWatch Logs it is paid for as the ingestion of its log group.
      when: (log) => log.text("logDestinationType", "cloud-watch-logs") !== "cloud-watch-logs",
    },
  ],
  "aws:lb/loadBalancer:LoadBalancer": LOAD_BALANCER,
  "aws:alb/loadBalancer:LoadBalancer": LOAD_BALANCER,
  "aws:route53/zone:Zone": [
    { what: "zone", unit: "zone", price: "hosted-zone.month", quantity: 1 },
    {
      ...used("hosted-zone.query.million", "queries", "million queries", "zoneQueryMillions"),
      // Queries from within a VPC are free.
      when: (zone) => zone.list("vpcs").length === 0,
    },
  ],
  "aws:route53/healthCheck:HealthCheck": [
    { what: "health check, of an endpoint in AWS", unit: "check", price: "health-check.month", quantity: 1 },
  ],
  "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": [
    { what: "its hosted zone", unit: "zone", price: "hosted-zone.month", quantity: 1 },
  ],
  "aws:wafv2/webAcl:WebAcl": [
    { what: "web ACL", unit: "ACL", price: "web-acl.month", quantity: 1 },
    { what: "rules", unit: "rule", price: "web-acl.rule.month", quantity: (acl) => acl.list("rules").length },
    used("web-acl.request.million", "requests", "million requests", "webAclRequestMillions"),
  ],
};
