import { mintId, SANDBOX_DOMAIN } from "../../marks.ts";
import type { RuleContext, TypeRule } from "../../provider/cloud.ts";
import { keep, text, texts } from "../../provider/inputs.ts";
import { refusal } from "../../provider/refusal.ts";
import { requireSameVpc, SUBNET, vpcOf } from "./address-space.ts";

const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";

const endpoint: TypeRule = {
  check: (inputs) =>
    (inputs["vpcEndpointType"] ?? "Gateway") === "Gateway" && inputs["subnetIds"] !== undefined
      ? [
          {
            property: "subnetIds",
            reason: "a Gateway endpoint has routeTableIds; subnets are for the type Interface",
          },
        ]
      : [],
  validate: (context) => {
    const { inputs, view } = context;
    const vpcId = text(inputs, "vpcId");
    const ids = ["subnetIds", "securityGroupIds", "routeTableIds"].flatMap((name) => texts(inputs, name));
    requireSameVpc(view, "VPC endpoint", vpcId, ids);
    requireOneSubnetPerZone(context);
    requireServiceOnce(context);
    const network = vpcOf(view, vpcId);
    if (
      inputs["privateDnsEnabled"] === true &&
      network !== undefined &&
      !(network["enableDnsSupport"] !== false && network["enableDnsHostnames"] === true)
    )
      throw refusal(
        "InvalidParameter",
        `Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for ${String(vpcId)}`,
      );
  },
  outputs: ({ id, inputs, previous, settings }) => {
    const gateway = (inputs["vpcEndpointType"] ?? "Gateway") === "Gateway";
    const service = (text(inputs, "serviceName") ?? "").split(".").pop() ?? "service";
    const name = `${id}.${service}.${settings.region}.vpce.${SANDBOX_DOMAIN}`;
    return {
      state: "available",
      requesterManaged: false,
      prefixListId: gateway ? keep(previous, "prefixListId", () => mintId("pl")) : "",
      cidrBlocks: gateway ? ["198.51.100.0/24"] : [],
      dnsEntries: gateway ? [] : [{ dnsName: name, hostedZoneId: "Z5A4DB0C5SANDBOX" }],
      ipAddressType: "ipv4",
      networkInterfaceIds: gateway
        ? []
        : keep(previous, "networkInterfaceIds", () => texts(inputs, "subnetIds").map(() => mintId("eni"))),
      policy:
        '{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}',
    };
  },
  // Changing it in place is what the provider does; CloudFormation's ServiceName and VpcId replace.
  updates: { policy: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcEndpoint.html" },
};

function requireOneSubnetPerZone({ inputs, view }: RuleContext): void {
  const zones = texts(inputs, "subnetIds").map((id) => view.find(SUBNET, id)?.outputs["availabilityZone"]);
  const twice = zones.find((zone, at) => zone !== undefined && zones.indexOf(zone) !== at);
  if (twice !== undefined)
    throw refusal(
      "DuplicateSubnetsInSameZone",
      `Found another VPC endpoint subnet in the availability zone ${String(twice)}`,
    );
}

function requireServiceOnce({ id, inputs, view }: RuleContext): void {
  const tables = texts(inputs, "routeTableIds");
  for (const other of view.list(ENDPOINT)) {
    const sameService =
      other.outputs["serviceName"] === inputs["serviceName"] && other.outputs["vpcId"] === inputs["vpcId"];
    if (other.id === id || !sameService) continue;
    const shared = texts(other.outputs, "routeTableIds").find((table) => tables.includes(table));
    if (shared !== undefined)
      throw refusal(
        "RouteAlreadyExists",
        `route table ${shared} already has a route to ${String(inputs["serviceName"])} (${other.id})`,
      );
    if (inputs["privateDnsEnabled"] === true && other.outputs["privateDnsEnabled"] === true)
      throw refusal(
        "InvalidParameter",
        `private-dns-enabled cannot be set because there is already a conflicting DNS domain in the VPC (${other.id})`,
      );
  }
}

const flowLog: TypeRule = {
  check: (inputs) => {
    const sources = [
      "vpcId",
      "subnetId",
      "eniId",
      "transitGatewayId",
      "transitGatewayAttachmentId",
      "regionalNatGatewayId",
    ];
    const given = sources.filter((name) => inputs[name] !== undefined);
    const toLogs = (inputs["logDestinationType"] ?? "cloud-watch-logs") === "cloud-watch-logs";
    return [
      ...(given.length === 1
        ? []
        : [{ property: "vpcId", reason: `a flow log has exactly one of ${sources.join(", ")}` }]),
      ...(toLogs && inputs["iamRoleArn"] === undefined
        ? [
            {
              property: "iamRoleArn",
              reason: "DeliverLogsPermissionArn can't be empty if LogDestinationType is cloud-watch-logs",
            },
          ]
        : []),
      ...(inputs["logDestination"] === undefined
        ? [
            {
              property: "logDestination",
              reason: "a flow log needs a destination: a log group's, a bucket's or a stream's ARN",
            },
          ]
        : []),
    ];
  },
  id: () => mintId("fl"),
};

export const endpointRules: Readonly<Record<string, TypeRule>> = {
  [ENDPOINT]: endpoint,
  "aws:ec2/flowLog:FlowLog": flowLog,
};
