import { invalidArgument } from "@groundplane/contracts";
import { openingTag } from "../opening.ts";
import type { VpcArgs } from "./vpc-args.ts";

type Tags = Readonly<Record<string, string>>;

/** Tags of the VPC itself: what is left open for all of it. */
export function vpcOpenings({ openNetworkAcls, openDefaultSecurityGroup, flowLogs }: VpcArgs): Tags {
  return {
    ...openingTag("network-acls", openNetworkAcls),
    ...openingTag("default-security-group", openDefaultSecurityGroup),
    ...openingTag("no-flow-logs", flowLogs?.destination === "none" ? flowLogs : undefined),
  };
}

/** Tags of the public subnets. */
export function publicSubnetOpenings({ publicIpOnLaunch }: VpcArgs): Tags {
  return openingTag("public-ip-on-launch", publicIpOnLaunch);
}

/** Tags of the public tier's network ACL: the ports that it lets in. */
export function publicIngressOpenings({ publicIngress = [] }: VpcArgs): Tags {
  return Object.assign({}, ...publicIngress.map((opening) => openingTag(portOf(opening), opening)));
}

/**
 * Checks the openings together, before anything exists.
 *
 * @throws {INVALID_ARGUMENT} a reason is missing or not one that a tag can hold, the public tier is opened where
 * there is none, a port is opened twice, or more than ten are.
 */
export function checkOpenings(args: VpcArgs): void {
  vpcOpenings(args);
  publicSubnetOpenings(args);
  publicIngressOpenings(args);
  const { tiers, publicIngress = [], publicIpOnLaunch } = args;
  if (tiers && !tiers.includes("public") && (publicIngress.length > 0 || publicIpOnLaunch)) {
    throw invalidArgument(
      "publicIngress and publicIpOnLaunch open the public tier; add it to tiers, or leave them out",
    );
  }
  const ports = publicIngress.map(portOf);
  const twice = ports.find((port, index) => ports.indexOf(port) !== index);
  if (twice)
    throw invalidArgument(`publicIngress opens ${twice} twice; list its blocks together in cidrBlocks`);
  if (ports.length > MAX_PORTS) {
    throw invalidArgument(
      `publicIngress opens ${ports.length} ports, at most ${MAX_PORTS}: each takes a tag and a rule`,
    );
  }
}

const MAX_PORTS = 10;

function portOf({ protocol = "tcp", port }: NonNullable<VpcArgs["publicIngress"]>[number]): string {
  return `${protocol}/${port}`;
}
