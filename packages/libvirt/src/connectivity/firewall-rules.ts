import { type Connectivity, isOfParty, sourcesOf } from "./connectivity.ts";

/** A `UfwRule` that lets connections in. */
export interface IngressRule {
  /** Of the matrix's rows that allow it. */
  readonly purpose: string;
  /** An address, or a network in CIDR form. */
  readonly from: string;
  readonly port: number;
}

/** What ufw takes as a comment. */
const LONGEST_PURPOSE = 100;

/**
 * What the firewall of the machine at an address has to let in, so that the matrix holds: one rule for each source and
 * port, and everything else refused. A machine that is in several parties gets the rules of all of them. Connections
 * from the machine are not limited.
 */
export function firewallRules({ parties, flows }: Connectivity, address: string): readonly IngressRule[] {
  const rules = new Map<string, { from: string; port: number; purposes: Set<string> }>();
  for (const { from, to, port, purpose } of flows) {
    const [source, target] = [parties[from], parties[to]];
    if (source === undefined || target === undefined || !isOfParty(target, address)) continue;
    for (const one of sourcesOf(source)) {
      if (one === address) continue;
      const rule = rules.get(`${one} ${port}`) ?? { from: one, port, purposes: new Set() };
      rule.purposes.add(purpose);
      rules.set(`${one} ${port}`, rule);
    }
  }
  return [...rules.values()].map(({ from, port, purposes }) => ({
    purpose: [...purposes].join(", ").slice(0, LONGEST_PURPOSE),
    from,
    port,
  }));
}
