import { invalidArgument } from "@groundplane/contracts";
import { type Connectivity, type Endpoint, isOfParty, parseConnectivity } from "./connectivity.ts";

/**
 * A matrix in which addresses stand for its networks, by party.
 *
 * @throws {INVALID_ARGUMENT} one is given for what is no network of the matrix, or is not in that network.
 */
export function withProbes(matrix: Connectivity, probes: Readonly<Record<string, Endpoint>>): Connectivity {
  const parties = { ...matrix.parties };
  for (const [name, probe] of Object.entries(probes)) {
    const party = Object.hasOwn(parties, name) ? parties[name] : undefined;
    if (party !== undefined && "networks" in party && isOfParty(party, probe.address)) {
      parties[name] = { ...party, probe };
      continue;
    }
    const networks = Object.keys(parties).filter((one) => "networks" in (parties[one] ?? {}));
    throw invalidArgument(
      `${probe.address} is to stand for "${name}", which ${party === undefined || "machines" in party ? `is no network of the matrix; it has ${networks.join(", ")}` : "does not have that address"}`,
      { argument: "probes", party: name },
    );
  }
  return parseConnectivity({ ...matrix, parties });
}
