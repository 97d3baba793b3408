import { type ChangeSet, type Finding, nameOfUrn } from "@groundplane/contracts";
import type { PendingOperation } from "../engine/stack-state.ts";
import { lossOf } from "../guard/data-holding-types.ts";
import { OWN_PACK } from "../policy/own-pack.ts";

const ABOUT = {
  status: "violation",
  // Never in the way: who restores a state has a reason, and is to see what it costs.
  enforcement: "advisory",
  pack: OWN_PACK,
  foundBy: "pipeline",
} as const;

function forgetFindings(changeSet: ChangeSet): readonly Finding[] {
  const forgotten = changeSet.changes.filter(
    ({ operation, type, id }) =>
      operation === "forget" && id !== undefined && !type.startsWith("pulumi:providers:"),
  );
  return forgotten.map(({ urn, type, name, id }) => {
    const loss = lossOf(type);
    return {
      ...ABOUT,
      rule: "state-forgets",
      title: "A resource stays in the cloud, and the stack no longer knows it",
      severity: loss === undefined ? "high" : "critical",
      urn,
      message: `${name} (${type}, ${id}) would not be in the state any more: nothing changes it, and a deployment makes another one${loss === undefined ? "" : `. It holds ${loss}`}`,
      remedy:
        "Restore a newer state, or take it over again with the `import` option in the program; what is not wanted has to be deleted by hand.",
    };
  });
}

function markFindings(marks: readonly PendingOperation[], whose: "present" | "kept"): readonly Finding[] {
  return marks.map(({ type, urn }) => ({
    ...ABOUT,
    rule: "pending-mark-lost",
    title: "An operation that never ended is not marked any more",
    severity: "high",
    urn,
    message: `the ${whose} state says that ${type} ${nameOfUrn(urn)} was begun and not ended; the engine takes no such mark over, and afterwards nothing says so`,
    remedy: `Look first whether it exists in the cloud. "groundplane pending" tells what is known of it, and settles it.`,
  }));
}

function unreadableFindings({ unreadable }: ChangeSet, keptAt: string): readonly Finding[] {
  if (unreadable === undefined) return [];
  return [
    {
      ...ABOUT,
      rule: "state-unreadable",
      title: "What the present state knows cannot be read",
      severity: "critical",
      message: `${unreadable}. What was made after ${keptAt} may stand in the cloud, and the stack would not know it`,
      remedy:
        "The broken file is kept with the run. What runs made since is pending afterwards (`groundplane pending`); for what others made, look in the cloud.",
    },
  ];
}

export interface StateFindingsOptions {
  readonly changeSet: ChangeSet;
  /** Marks of the present state that the new one does not settle. */
  readonly lost: readonly PendingOperation[];
  /** Marks inside the state that is to be written. */
  readonly untold: readonly PendingOperation[];
  /** When the state that is to be written was read. */
  readonly keptAt: string;
}

/** What a person must see before a state takes the place of another. */
export function stateFindings({ changeSet, lost, untold, keptAt }: StateFindingsOptions): readonly Finding[] {
  return [
    ...unreadableFindings(changeSet, keptAt),
    ...forgetFindings(changeSet),
    ...markFindings(lost, "present"),
    ...markFindings(untold, "kept"),
  ];
}
