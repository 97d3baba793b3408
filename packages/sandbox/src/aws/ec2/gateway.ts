import { randomInt } from "node:crypto";
import { mintId, SANDBOX_DOMAIN } from "../../marks.ts";
import type { CloudView, RuleContext, TypeRule } from "../../provider/cloud.ts";
import { keep, text } from "../../provider/inputs.ts";
import { refusal } from "../../provider/refusal.ts";
import { SUBNET } from "./address-space.ts";

export const INTERNET_GATEWAY = "aws:ec2/internetGateway:InternetGateway";
const ATTACHMENT = "aws:ec2/internetGatewayAttachment:InternetGatewayAttachment";
const NAT = "aws:ec2/natGateway:NatGateway";
const EIP = "aws:ec2/eip:Eip";

/** The internet gateway of a VPC, attached by its own `vpcId` or by an attachment. */
export function internetGatewayOf(view: CloudView, vpcId: string): string | undefined {
  const own = view.list(INTERNET_GATEWAY).find(({ outputs }) => outputs["vpcId"] === vpcId);
  if (own !== undefined) return own.id;
  const attachment = view.list(ATTACHMENT).find(({ outputs }) => outputs["vpcId"] === vpcId);
  return attachment === undefined ? undefined : text(attachment.outputs, "internetGatewayId");
}

function requireAttachable({ id, type, inputs, view }: RuleContext): void {
  const vpcId = text(inputs, "vpcId");
  if (vpcId === undefined) return;
  const attached = internetGatewayOf(view, vpcId);
  const own = type === INTERNET_GATEWAY ? id : text(inputs, "internetGatewayId");
  if (attached !== undefined && attached !== own)
    throw refusal(
      "Resource.AlreadyAssociated",
      `Network ${vpcId} has an internet gateway attached already (${attached}).`,
    );
}

function requireNoPublicAddress({ previous = {}, view }: RuleContext): void {
  const vpcId = text(previous, "vpcId");
  if (vpcId === undefined) return;
  const nat = view
    .list(NAT)
    .find(
      ({ outputs }) =>
        outputs["connectivityType"] !== "private" && vpcOfSubnet(view, text(outputs, "subnetId")) === vpcId,
    );
  if (nat !== undefined)
    throw refusal(
      "DependencyViolation",
      `Network ${vpcId} has some mapped public address(es) (${nat.id}). Please unmap those public address(es) before detaching the gateway.`,
    );
}

function vpcOfSubnet(view: CloudView, subnetId: string | undefined): string | undefined {
  return subnetId === undefined ? undefined : text(view.find(SUBNET, subnetId)?.outputs ?? {}, "vpcId");
}

const internetGateway: TypeRule = {
  validate: requireAttachable,
  remove: requireNoPublicAddress,
  outputs: () => ({ vpcId: "" }),
  // A route to a gateway that is gone becomes a black hole; nothing stops the delete.
  deletion: ({ type }) => (type === ATTACHMENT ? "goes" : "stays"),
  updates: {
    vpcId: "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/internet_gateway",
  },
};

const attachment: TypeRule = {
  id: ({ inputs }) => `${text(inputs, "internetGatewayId") ?? ""}:${text(inputs, "vpcId") ?? ""}`,
  validate: requireAttachable,
  remove: requireNoPublicAddress,
};

const natGateway: TypeRule = {
  check: (inputs) =>
    (inputs["connectivityType"] ?? "public") === "public" &&
    inputs["allocationId"] === undefined &&
    inputs["availabilityMode"] !== "regional"
      ? [{ property: "allocationId", reason: "a public NAT gateway needs the allocationId of an elastic IP" }]
      : [],
  validate: ({ id, inputs, view }) => {
    const allocation = text(inputs, "allocationId");
    const holder = view.list(NAT).find((nat) => nat.id !== id && nat.outputs["allocationId"] === allocation);
    if (allocation !== undefined && holder !== undefined)
      throw refusal(
        "Resource.AlreadyAssociated",
        `Elastic IP address [${allocation}] is already associated (${holder.id}).`,
      );
    const vpcId = vpcOfSubnet(view, text(inputs, "subnetId"));
    if (
      inputs["connectivityType"] !== "private" &&
      vpcId !== undefined &&
      internetGatewayOf(view, vpcId) === undefined
    )
      throw refusal("Gateway.NotAttached", `Network ${vpcId} has no Internet gateway attached.`);
  },
  outputs: ({ inputs, view, previous }) => {
    const allocation = text(inputs, "allocationId");
    const address = allocation === undefined ? undefined : view.find(EIP, allocation)?.outputs["publicIp"];
    return {
      associationId: keep(previous, "associationId", () => mintId("eipassoc")),
      networkInterfaceId: keep(previous, "networkInterfaceId", () => mintId("eni")),
      privateIp: keep(previous, "privateIp", privateAddress),
      publicIp: address ?? "",
    };
  },
  // A route to it becomes a black hole.
  deletion: () => "stays",
};

const eip: TypeRule = {
  outputs: ({ id, previous, settings }) => {
    // RFC 5737 keeps these three blocks for documentation: no packet ever goes there.
    const block = ["192.0.2", "198.51.100", "203.0.113"][randomInt(3)];
    const address = keep(previous, "publicIp", () => `${block}.${randomInt(1, 255)}`);
    return {
      publicIp: address,
      allocationId: id,
      domain: "vpc",
      publicIpv4Pool: "amazon",
      networkBorderGroup: settings.region,
      publicDns: `ec2-${String(address).replaceAll(".", "-")}.${settings.region}.compute.${SANDBOX_DOMAIN}`,
    };
  },
};

function privateAddress(): string {
  return `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`;
}

export const gatewayRules: Readonly<Record<string, TypeRule>> = {
  [INTERNET_GATEWAY]: internetGateway,
  [ATTACHMENT]: attachment,
  [NAT]: natGateway,
  [EIP]: eip,
};
