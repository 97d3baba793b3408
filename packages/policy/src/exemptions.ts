import { type Exemption, type Finding, matchesGlob } from "@groundplane/contracts";
import type { Judgement } from "./judge.ts";
import type { PackIdentity } from "./pack.ts";

/** Title of the finding of an exemption that has run out. */
export const EXPIRED = "Expired exemption";

export interface ExemptionContext {
  readonly exemptions: readonly Exemption[];
  /** UTC day, `YYYY-MM-DD`. */
  readonly today: string;
  readonly pack: PackIdentity;
  readonly foundBy: Finding["foundBy"];
  /** Report exemptions that match nothing. Only right when `judgements` are those of the whole stack. */
  readonly reportUnused: boolean;
}

// A finding without a resource speaks of the stack: only the pattern `*` covers it.
const covers = (exemption: Exemption, finding: Finding): boolean =>
  exemption.rule === finding.rule && matchesGlob(exemption.resource, finding.urn ?? "");

/**
 * Marks what an exemption in force covers as `exempted`, and adds findings of the exemptions themselves: a
 * mandatory one for each that has expired and would still be needed, an advisory one for each that matches
 * nothing.
 */
export function applyExemptions(
  judgements: readonly Judgement[],
  context: ExemptionContext,
): readonly Judgement[] {
  const used = new Set<Exemption>();
  const overdue = new Set<Exemption>();
  const judged = judgements.map((judgement): Judgement => {
    const matching = context.exemptions.filter((exemption) => covers(exemption, judgement.finding));
    const inForce = matching.find((exemption) => context.today <= exemption.until);
    if (inForce === undefined) {
      for (const exemption of matching) overdue.add(exemption);
      return judgement;
    }
    for (const exemption of matching) used.add(exemption);
    const { message } = judgement.finding;
    const granted = `exempted until ${inForce.until} by ${inForce.who}: ${inForce.reason}`;
    return { finding: { ...judgement.finding, status: "exempted", message: `${message} (${granted})` } };
  });
  const unused = context.reportUnused
    ? context.exemptions.filter((exemption) => !used.has(exemption) && !overdue.has(exemption))
    : [];
  return [
    ...judged,
    ...[...overdue].map((exemption) => ({ finding: expired(exemption, context) })),
    ...unused.map((exemption) => ({ finding: needless(exemption, context) })),
  ];
}

// The resource of an exemption is a URN only when it is no pattern.
const aboutExemption = (exemption: Exemption, context: ExemptionContext) => ({
  rule: exemption.rule,
  status: "violation" as const,
  ...(exemption.resource.includes("*") ? {} : { urn: exemption.resource }),
  pack: { name: context.pack.name, version: context.pack.version },
  foundBy: context.foundBy,
});

const expired = (exemption: Exemption, context: ExemptionContext): Finding => ({
  ...aboutExemption(exemption, context),
  title: EXPIRED,
  severity: "high",
  enforcement: "mandatory",
  message: `the exemption of ${exemption.resource} from ${exemption.rule}, granted by ${exemption.who} ("${exemption.reason}"), expired on ${exemption.until}`,
  remedy: "Mend the resource, or renew the exemption with a reason and a later date.",
});

const needless = (exemption: Exemption, context: ExemptionContext): Finding => ({
  ...aboutExemption(exemption, context),
  title: "Unused exemption",
  severity: "low",
  enforcement: "advisory",
  message: `the exemption of ${exemption.resource} from ${exemption.rule}, granted by ${exemption.who} until ${exemption.until}, matches nothing`,
  remedy: "Remove it.",
});
