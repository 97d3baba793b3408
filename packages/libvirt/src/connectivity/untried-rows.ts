import type { FlowToProve } from "./allowed-flows.ts";
import { type Connectivity, type ConnectivityFlow, isOfParty, type Party } from "./connectivity.ts";

/** A row of the matrix that nothing is tried for, and why. */
export interface UntriedRow {
  readonly row: ConnectivityFlow;
  readonly why: string;
}

const hasNobody = (party: Party): boolean => "machines" in party && party.machines.length === 0;
const isUnprobed = (party: Party): boolean => "networks" in party && party.probe === undefined;

function whyNot(row: ConnectivityFlow, from: Party, to: Party): string {
  if (isUnprobed(from)) return `no machine of "${row.from}" takes part: run it on one`;
  if (isUnprobed(to)) return `no address in "${row.to}" is given to try`;
  return "no two machines are in it";
}

/** Rows of which no flow is an example. A party without machines has nothing to prove. */
export function untriedRows(
  { parties, flows }: Connectivity,
  tried: readonly FlowToProve[],
): readonly UntriedRow[] {
  return flows.flatMap((row) => {
    const [from, to] = [parties[row.from], parties[row.to]];
    if (from === undefined || to === undefined || hasNobody(from) || hasNobody(to)) return [];
    const isExample = (flow: FlowToProve): boolean =>
      flow.port === row.port && isOfParty(from, flow.from.address) && isOfParty(to, flow.to.address);
    return tried.some(isExample) ? [] : [{ row, why: whyNot(row, from, to) }];
  });
}
