import { networkInterfaces } from "node:os";
import { setTimeout } from "node:timers/promises";
import { checkWhole, invalidArgument } from "@groundplane/contracts";
import { type PlainConnection, runOverSsh } from "@groundplane/machine";
import { runHere } from "../run-here.ts";
import { type FlowsToProveOptions, flowsToProve } from "./allowed-flows.ts";
import { type Connectivity, type Endpoint, isOfParty } from "./connectivity.ts";
import { brokenFlows, type ConnectivityReport, reportOf } from "./connectivity-report.ts";
import { proveFlows, type RunOn } from "./prove-flows.ts";
import { untriedRows } from "./untried-rows.ts";
import { withProbes } from "./with-probes.ts";

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
  /**
   * How long to try again while something that is to be reached is not, as machines may still be starting: a last look may
   * begin then. @minimum 0 @maximum 3600 @default 0
   */
  readonly settleSeconds?: number;
  readonly onProgress?: (progress: ProofProgress) => void;
  readonly signal?: AbortSignal;
}

/** Between two looks at machines that are starting. */
const PAUSE_MS = 5_000;
/** Beyond the wait for answers: a slow machine starts up to 128 shells. */
const MARGIN_SECONDS = 60;

function addressesOfCards(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((cards = []) =>
    cards.filter(({ family, internal }) => family === "IPv4" && !internal).map(({ address }) => address),
  );
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

const NONE_GIVEN: NoWay = { noWay: "no way to log in to it is given" };

function wayTo(ways: WaysIn, { address }: Endpoint): PlainConnection | NoWay {
  return ways[address] ?? NONE_GIVEN;
}

/** What is missing may still be starting. What is let through and should not be does not go away by waiting. */
function mayStillStart({ flows, untriedSources }: ConnectivityReport): boolean {
  const broken = brokenFlows({ flows });
  const starting = broken.length > 0 || untriedSources.some(({ failed }) => failed);
  return starting && broken.every(({ expected }) => expected === "allowed");
}

/**
 * Proves a connectivity matrix: tries its flows from every machine that can be logged in to, and from this one where it is
 * in the matrix, all at once. Sends nothing and changes nothing. What is not tried never counts as held.
 *
 * It needs `sh` and `bash` on each of them.
 *
 * @throws {INVALID_ARGUMENT} an option is out of its bounds, or a probe is given for what is no network of the matrix.
 */
export async function proveConnectivity(
  matrix: Connectivity,
  options: ProveConnectivityOptions,
): Promise<ConnectivityReport> {
  const { ways, waitSeconds = 3, connectTimeoutSeconds = 15, settleSeconds = 0, signal } = options;
  checkWhole("waitSeconds", waitSeconds, 1, 60);
  checkWhole("settleSeconds", settleSeconds, 0, 3_600);
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
  const prove = async (): Promise<ConnectivityReport> => {
    let done = 0;
    const onProved = (from: Endpoint): void => {
      done += 1;
      options.onProgress?.({ from, done, of });
    };
    return reportOf(
      await proveFlows(flows, run, { waitSeconds, onProved }),
      canTry,
      untriedRows(whole, flows),
    );
  };

  const until = performance.now() + settleSeconds * 1000;
  let report = await prove();
  while (mayStillStart(report) && performance.now() < until && signal?.aborted !== true) {
    await setTimeout(Math.min(PAUSE_MS, Math.max(0, until - performance.now())));
    report = await prove();
  }
  return report;
}
