import { networkInterfaces } from "node:os";
import { checkWhole, invalidArgument } from "@groundplane/contracts";
import { type PlainConnection, runOverSsh } from "@groundplane/machine";
import { runHere } from "../run-here.ts";
import { type FlowsToProveOptions, flowsToProve } from "./allowed-flows.ts";
import { type Connectivity, type Endpoint, isOfParty, parseConnectivity } from "./connectivity.ts";
import { type ConnectivityReport, reportOf, type UntriedSource } from "./connectivity-report.ts";
import { type FlowProof, proveFlows, type RunOn } from "./prove-flows.ts";
import { untriedRows } from "./untried-rows.ts";

/** There is no way to log in to a machine, and why. */
export interface NoWay {
  readonly noWay: string;
}

/** How machines are logged in to, by address. */
export type WaysIn = Readonly<Record<string, PlainConnection | NoWay>>;

/** How far a proof is. */
export interface ProofProgress {
  readonly from: Endpoint;
  /** Machines from which everything was tried, this one included. */
  readonly done: number;
  readonly of: number;
}

export interface ProveConnectivityOptions extends FlowsToProveOptions {
  /** A machine that it does not name is not logged in to. */
  readonly ways: WaysIn;
  /** For parties that are networks, by name: an address in it that answers at the ports of its rows. @default - the matrix's */
  readonly probes?: Readonly<Record<string, Endpoint>>;
  /**
   * IPv4 addresses of this machine. Where one is a machine's, or in a network from which the matrix lets connections begin,
   * these flows are tried from here. @default - those of its network cards
   */
  readonly ownAddresses?: readonly string[];
  /** How long an answer is waited for: what takes longer counts as refused. @minimum 1 @maximum 60 @default 3 */
  readonly waitSeconds?: number;
  /** How long a machine that does not answer is waited for. @minimum 1 @maximum 3600 @default 15 */
  readonly connectTimeoutSeconds?: number;
  readonly onProgress?: (progress: ProofProgress) => void;
  readonly signal?: AbortSignal;
}

/** Beyond the wait for answers: a slow machine starts up to 128 shells. */
const MARGIN_SECONDS = 60;

function addressesOfCards(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((cards = []) =>
    cards.filter(({ family, internal }) => family === "IPv4" && !internal).map(({ address }) => address),
  );
}

/** @throws {INVALID_ARGUMENT} a probe is given for what is no network of the matrix. */
function withProbes(matrix: Connectivity, probes: Readonly<Record<string, Endpoint>>): Connectivity {
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

/** This machine as the probe of each network that flows begin in and that it is in. */
function withThisMachine(matrix: Connectivity, own: readonly string[]): Connectivity {
  const begin = new Set(matrix.flows.map(({ from }) => from));
  const parties = Object.entries(matrix.parties).map(([name, party]) => {
    if (!begin.has(name) || "machines" in party || party.probe !== undefined) return [name, party] as const;
    const address = own.find((one) => isOfParty(party, one));
    if (address === undefined) return [name, party] as const;
    return [name, { ...party, probe: { name: "this machine", address } }] as const;
  });
  return { ...matrix, parties: Object.fromEntries(parties) };
}

/** What stands for a network that no row begins in is there to be reached, and nothing is known of where it may go. */
function isOnlyTarget({ parties, flows }: Connectivity, { address }: Endpoint): boolean {
  const names = Object.entries(parties).flatMap(([name, party]) =>
    "probe" in party && party.probe?.address === address ? name : [],
  );
  const isMachine = Object.values(parties).some((party) => "machines" in party && isOfParty(party, address));
  return !isMachine && names.length > 0 && !flows.some(({ from }) => names.includes(from));
}

function untriedSources(
  proofs: readonly FlowProof[],
  canTry: (from: Endpoint) => boolean,
): readonly UntriedSource[] {
  const untried = proofs.filter(({ seen }) => seen === "unknown");
  const sources = new Map(untried.map(({ from }) => [from.address, from]));
  return [...sources.values()].map((from) => {
    const own = untried.filter((proof) => proof.from.address === from.address);
    return { from, flows: own.length, why: own[0]?.why ?? "", failed: canTry(from) };
  });
}

const NONE_GIVEN: NoWay = { noWay: "no way to log in to it is given" };

function wayTo(ways: WaysIn, { address }: Endpoint): PlainConnection | NoWay {
  return ways[address] ?? NONE_GIVEN;
}

/**
 * Proves a connectivity matrix: tries its flows from every machine that can be logged in to, and from this one where it is
 * in the matrix, all at once. Sends nothing and changes nothing. What is not tried never counts as held.
 *
 * It needs `sh`, `bash` and `timeout` on each of them.
 *
 * @throws {INVALID_ARGUMENT} an option is out of its bounds, or a probe is given for what is no network of the matrix.
 */
export async function proveConnectivity(
  matrix: Connectivity,
  options: ProveConnectivityOptions,
): Promise<ConnectivityReport> {
  const { ways, waitSeconds = 3, connectTimeoutSeconds = 15, onProgress, signal } = options;
  checkWhole("waitSeconds", waitSeconds, 1, 60);
  checkWhole("connectTimeoutSeconds", connectTimeoutSeconds, 1, 3_600);
  const own = options.ownAddresses ?? addressesOfCards();
  const whole = withThisMachine(withProbes(matrix, options.probes ?? {}), own);
  const isHere = ({ address }: Endpoint): boolean => own.includes(address);
  const canTry = (from: Endpoint): boolean => isHere(from) || !("noWay" in wayTo(ways, from));
  const flows = flowsToProve(whole, options).filter(({ from }) => canTry(from) || !isOnlyTarget(whole, from));

  const run: RunOn = async (machine, script) => {
    if (isHere(machine)) return runHere(script, signal);
    const way = wayTo(ways, machine);
    if ("noWay" in way) throw invalidArgument(way.noWay);
    return runOverSsh(way, script, {
      timeoutSeconds: waitSeconds + MARGIN_SECONDS,
      connectTimeoutSeconds,
      ...(signal && { signal }),
    });
  };
  const of = new Set(flows.map(({ from }) => from.address)).size;
  let done = 0;
  const onProved = (from: Endpoint): void => {
    done += 1;
    onProgress?.({ from, done, of });
  };
  const proofs = await proveFlows(flows, run, { waitSeconds, onProved });
  return reportOf(proofs, {
    untriedSources: untriedSources(proofs, canTry),
    untriedRows: untriedRows(whole, flows),
  });
}
