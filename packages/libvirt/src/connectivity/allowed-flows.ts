import {
  type Connectivity,
  type ConnectivityFlow,
  type Endpoint,
  isOfParty,
  type Party,
} from "./connectivity.ts";

/** The rows by which one machine may connect to a port of another. */
export function flowsBetween(
  { parties, flows }: Connectivity,
  from: string,
  to: string,
  port: number,
): readonly ConnectivityFlow[] {
  const has = (name: string, address: string): boolean => {
    const party = parties[name];
    return party !== undefined && isOfParty(party, address);
  };
  return flows.filter((flow) => flow.port === port && has(flow.from, from) && has(flow.to, to));
}

/** A connection to try, and what the matrix says of it. */
export interface FlowToProve {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly port: number;
  readonly expected: "allowed" | "refused";
  /** Of the rows that allow it. */
  readonly purposes: readonly string[];
}

export interface FlowsToProveOptions {
  /** Machines that are in no party: nothing may let them in. @default - none */
  readonly strangers?: readonly Endpoint[];
  /** Ports that no row names and that must be refused too. @default - none */
  readonly otherPorts?: readonly number[];
}

const machinesOf = (parties: readonly Party[]): Endpoint[] =>
  parties.flatMap((party) => ("machines" in party ? party.machines : []));
const probesOf = (parties: readonly Party[]): Endpoint[] =>
  parties.flatMap((party) => ("machines" in party ? [] : (party.probe ?? [])));

/** One of each address; of several with one address, the first. */
function distinct(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  return [...new Map([...endpoints].reverse().map((one) => [one.address, one])).values()].reverse();
}

/**
 * Every connection that the matrix decides on: each machine, and each network's probe, to every port that a row names
 * on every other machine; those that no row allows are to be refused, but on `unguarded` machines, where that is not tried. To
 * the probe of a network, which is not ours, only what a row to that network allows is tried.
 */
export function flowsToProve(
  matrix: Connectivity,
  { strangers = [], otherPorts = [] }: FlowsToProveOptions = {},
): readonly FlowToProve[] {
  const parties = Object.values(matrix.parties);
  const machines = distinct(machinesOf(parties));
  const own = new Set(machines.map(({ address }) => address));
  const probes = distinct(probesOf(parties)).filter(({ address }) => !own.has(address));
  const ports = [...new Set([...matrix.flows.map(({ port }) => port), ...otherPorts])].sort((a, b) => a - b);
  const guarded = new Set([...own].filter((address) => matrix.unguarded?.includes(address) !== true));
  /** Another network may have that address too, and mean somebody else in it. */
  const isMeant = (row: ConnectivityFlow, to: Endpoint): boolean => {
    const party = matrix.parties[row.to];
    return (
      own.has(to.address) || (party !== undefined && "probe" in party && party.probe?.address === to.address)
    );
  };
  const tried = (from: Endpoint, to: Endpoint, port: number): FlowToProve[] => {
    if (from.address === to.address) return [];
    const rows = flowsBetween(matrix, from.address, to.address, port).filter((row) => isMeant(row, to));
    const purposes = rows.map(({ purpose }) => purpose);
    if (purposes.length === 0 && !guarded.has(to.address)) return [];
    const expected = purposes.length > 0 ? "allowed" : "refused";
    return [{ from, to, port, expected, purposes }];
  };
  const sources = [...machines, ...probes, ...strangers];
  const targets = [...machines, ...probes];
  // Who is no machine of ours may reach the internet or not: nobody here decides that.
  const isOurs = (from: Endpoint, to: Endpoint): boolean => own.has(from.address) || own.has(to.address);
  return sources.flatMap((from) =>
    targets.filter((to) => isOurs(from, to)).flatMap((to) => ports.flatMap((port) => tried(from, to, port))),
  );
}
