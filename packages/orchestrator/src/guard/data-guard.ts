import type { ChangeSet, Finding, ResourceChange } from "@groundplane/contracts";
import { OWN_PACK } from "../policy/own-pack.ts";
import { lossOf } from "./data-holding-types.ts";

const MANUAL = "Product rule: data is sacred; operating manual, section 9, Never";

function losesIt(change: ResourceChange): boolean {
  return change.operation === "delete" || change.operation === "replace";
}

function lossFinding(change: ResourceChange, loss: string, confirmed: boolean): Finding {
  return {
    rule: "data-loss",
    title: "What holds data is not deleted or replaced on a plain approval",
    severity: "critical",
    enforcement: "mandatory",
    status: confirmed ? "exempted" : "violation",
    urn: change.urn,
    message: `the change would ${change.operation} ${change.name} (${change.type}) and lose ${loss}${confirmed ? "; confirmed by name" : ""}`,
    remedy: `If that is meant, say so by name: --confirm '${change.urn}'. Otherwise keep the resource, or rename it with an alias.`,
    source: MANUAL,
    pack: OWN_PACK,
    foundBy: "data-guard",
  };
}

/**
 * What the change set would lose. A loss is a violation until its URN is in `confirmed`. What is protected is told by
 * `guardProtection`.
 */
export function guardData(changeSet: ChangeSet, confirmed: readonly string[]): readonly Finding[] {
  return changeSet.changes.filter(losesIt).flatMap((change) => {
    // Its protection comes first, and has no override.
    if (change.protect) return [];
    const loss = lossOf(change.type, change.was?.inputs);
    return loss === undefined ? [] : [lossFinding(change, loss, confirmed.includes(change.urn))];
  });
}

/** Confirmations that name nothing in the change set: a typing error there must not pass for a confirmation. */
export function strayConfirmations(changeSet: ChangeSet, confirmed: readonly string[]): readonly string[] {
  const losing = new Set(changeSet.changes.filter(losesIt).map((change) => change.urn));
  return confirmed.filter((urn) => !losing.has(urn));
}
