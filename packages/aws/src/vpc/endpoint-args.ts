import { invalidArgument } from "@groundplane/contracts";
import type { Tier } from "./address-plan.ts";

export type GatewayService = "s3" | "dynamodb";

const GATEWAY_SERVICES: readonly string[] = ["s3", "dynamodb"] satisfies GatewayService[];

/** What decides the endpoints; `VpcArgs` documents each. */
export interface EndpointOptions {
  readonly tiers?: readonly Tier[];
  readonly gatewayEndpoints?: readonly GatewayService[];
  readonly gatewayEndpointTiers?: readonly ("private" | "isolated")[];
  readonly interfaceEndpoints?: readonly string[];
}

/** The tiers with gateway endpoints: none when there is no endpoint or none of the tiers exists. */
export function gatewayEndpointTiers(args: EndpointOptions): readonly ("private" | "isolated")[] {
  const { gatewayEndpoints = ["s3", "dynamodb"], gatewayEndpointTiers: wanted = ["private"], tiers } = args;
  if (gatewayEndpoints.length === 0) return [];
  return wanted.filter((tier) => tiers === undefined || tiers.includes(tier));
}

/**
 * Checks the endpoints that are asked for.
 *
 * @throws {INVALID_ARGUMENT} a service is unknown, listed twice or of the other kind, or has no tier to be in.
 */
export function checkEndpoints({
  gatewayEndpoints = [],
  interfaceEndpoints = [],
  tiers,
}: EndpointOptions): void {
  for (const service of gatewayEndpoints) {
    if (GATEWAY_SERVICES.includes(service)) continue;
    throw invalidArgument(
      `"${service}" has no gateway endpoint; only s3 and dynamodb have. List it in interfaceEndpoints`,
    );
  }
  for (const service of interfaceEndpoints) {
    if (GATEWAY_SERVICES.includes(service)) {
      throw invalidArgument(
        `interfaceEndpoints has ${service}; list it in gatewayEndpoints, where it is free`,
      );
    }
    if (!/^[a-z0-9][a-z0-9.-]*$/.test(service)) {
      throw invalidArgument(
        `interfaceEndpoints has "${service}"; write the service's short name, such as ecr.api`,
      );
    }
  }
  for (const list of [gatewayEndpoints, interfaceEndpoints]) {
    const twice = list.find((service, index) => list.indexOf(service) !== index);
    if (twice !== undefined) throw invalidArgument(`The endpoint ${twice} is listed twice; list it once`);
  }
  if (interfaceEndpoints.length > 0 && tiers && !tiers.includes("private") && !tiers.includes("isolated")) {
    throw invalidArgument(
      "Interface endpoints live in private or isolated subnets; add one of the tiers, or leave them out",
    );
  }
}
