import type { Properties } from "@groundplane/provider";
import { type Cidr, parseCidr } from "../../cidr.ts";
import type { CloudView, Problem } from "../../provider/cloud.ts";
import { text } from "../../provider/inputs.ts";
import { refusal } from "../../provider/refusal.ts";

export const VPC = "aws:ec2/vpc:Vpc";
export const SUBNET = "aws:ec2/subnet:Subnet";
const SECONDARY = "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation";

/** A problem where the property is given and no CIDR block, or one with host bits. */
export function cidrProblems(inputs: Properties, ...names: readonly string[]): readonly Problem[] {
  return names.flatMap((property) => {
    const value = text(inputs, property);
    if (value === undefined || parseCidr(value) !== undefined) return [];
    return [{ property, reason: `"${value}" is no CIDR block such as 10.0.0.0/16, with no host bits set` }];
  });
}

/** The VPC's outputs; it exists, since references are checked before. */
export function vpcOf(view: CloudView, vpcId: string | undefined): Properties | undefined {
  return vpcId === undefined ? undefined : view.find(VPC, vpcId)?.outputs;
}

/** The VPC's IPv4 blocks: the first one and those associated later. */
export function vpcBlocks(view: CloudView, vpcId: string): readonly Cidr[] {
  const first = text(vpcOf(view, vpcId) ?? {}, "cidrBlock");
  const more = view
    .list(SECONDARY)
    .filter(({ outputs }) => outputs["vpcId"] === vpcId)
    .map(({ outputs }) => text(outputs, "cidrBlock"));
  return [first, ...more].flatMap((block) => parseCidr(block ?? "") ?? []);
}

/** A block of a VPC's or subnet's IPv4 addresses: /16 to /28 (VPC user guide, "VPC CIDR blocks"). */
export function requireSize(code: string, value: string, cidr: Cidr): void {
  if (cidr.version === 4 && (cidr.prefix < 16 || cidr.prefix > 28))
    throw refusal(code, `The CIDR '${value}' is invalid: its prefix must lie between /16 and /28.`);
}

/** A thing of one VPC names something of another. */
export function requireSameVpc(
  view: CloudView,
  what: string,
  vpcId: string | undefined,
  ids: readonly string[],
): void {
  if (vpcId === undefined) return;
  for (const id of ids)
    for (const { outputs } of view.owners(id)) {
      const other = text(outputs, "vpcId");
      if (other !== undefined && other !== vpcId)
        throw refusal("InvalidParameterValue", `${what}: ${id} belongs to ${other}, not to ${vpcId}.`);
    }
}
