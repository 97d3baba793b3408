import { checkWhole } from "@groundplane/contracts";
import type { FlowToProve } from "./allowed-flows.ts";
import type { Endpoint } from "./connectivity.ts";
import { parseProbe, probeScript, type Seen } from "./probe-script.ts";

/** Runs a script for `sh` on a machine: over SSH (`runOverSsh` of @groundplane/machine), or in a network namespace. */
export type RunOn = (
  machine: Endpoint,
  script: string,
) => Promise<{ readonly code: number; readonly stdout: string }>;

export interface ProveFlowsOptions {
  /** How long an answer is waited for: what takes longer counts as refused. @minimum 1 @maximum 60 @default 3 */
  readonly waitSeconds?: number;
  /** Called when all flows from a machine were tried. @default - nobody is told */
  readonly onProved?: (from: Endpoint) => void;
}

export interface FlowProof extends FlowToProve {
  /** "unknown" where it could not be tried. */
  readonly seen: Seen;
  readonly holds: boolean;
  /** Of what could not be tried: why not. */
  readonly why?: string;
  /** What was seen and what should have been, in words. */
  readonly message: string;
}

/** At most this many connections at once from one machine: more waiting ones than a small machine has processes for. */
const AT_ONCE = 128;

/**
 * A closed port shows that the packet went through the firewall: that proves an allowed flow to a service that is not up
 * yet, and speaks against a refused one.
 */
function proofOf(flow: FlowToProve, seen: Seen, why: string): FlowProof {
  const { from, to, port, expected } = flow;
  const holds = expected === "allowed" ? seen === "open" || seen === "closed" : seen === "filtered";
  const words: Readonly<Record<Seen, string>> = {
    open: "is answered",
    closed: "gets through, and nothing listens",
    filtered: "is not answered",
    unknown: `could not be tried: ${why}`,
  };
  const message = `${from.name} to ${to.name} port ${port} ${words[seen]}; it is to be ${expected}`;
  return { ...flow, seen, holds, message, ...(seen === "unknown" ? { why } : {}) };
}

async function provesFrom(
  from: Endpoint,
  flows: readonly FlowToProve[],
  run: RunOn,
  waitSeconds: number,
): Promise<FlowProof[]> {
  const targets = flows.map(({ to, port }) => ({ address: to.address, port }));
  const answered = await run(from, probeScript(targets, waitSeconds)).then(
    ({ code, stdout }) => ({
      seen: parseProbe(stdout, flows.length),
      why: `the probe ended with ${code} and does not say; it needs bash there`,
    }),
    (error: unknown) => ({
      seen: parseProbe("", flows.length),
      why: error instanceof Error ? error.message : String(error),
    }),
  );
  return flows.map((flow, index) => proofOf(flow, answered.seen[index] ?? "unknown", answered.why));
}

/**
 * Tries every flow from the machine where it begins, all machines at once. What could not be tried does not hold.
 *
 * @returns a proof for each flow, in the order of the flows' sources.
 * @throws {INVALID_ARGUMENT} `waitSeconds` is out of its bounds.
 */
export async function proveFlows(
  flows: readonly FlowToProve[],
  run: RunOn,
  { waitSeconds = 3, onProved }: ProveFlowsOptions = {},
): Promise<readonly FlowProof[]> {
  checkWhole("waitSeconds", waitSeconds, 1, 60);
  const sources = [...new Set(flows.map(({ from }) => from.address))];
  const proofs = await Promise.all(
    sources.map(async (source) => {
      const own = flows.filter(({ from }) => from.address === source);
      const found: FlowProof[] = [];
      for (let at = 0; at < own.length; at += AT_ONCE) {
        const part = own.slice(at, at + AT_ONCE);
        const [first] = part;
        if (first !== undefined) found.push(...(await provesFrom(first.from, part, run, waitSeconds)));
      }
      const [proven] = found;
      if (proven !== undefined) onProved?.(proven.from);
      return found;
    }),
  );
  return proofs.flat();
}
