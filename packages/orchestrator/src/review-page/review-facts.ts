import {
  blocks,
  type ChangeSet,
  type Finding,
  type ResourceChange,
  type RunRecord,
} from "@groundplane/contracts";
import { lossOf } from "../guard/data-holding-types.ts";

export interface StackNode {
  readonly name: string;
  /** Names of the stacks whose outputs it takes. */
  readonly dependsOn: readonly string[];
}

export interface ReviewPageOptions {
  readonly run: RunRecord;
  readonly changeSet: ChangeSet;
  /** The environment's rules: whether it is protected, and whether what could not be evaluated blocks. */
  readonly environment: { readonly protected: boolean; readonly strict: boolean };
  /** The project's stacks. @default - the page shows no graph */
  readonly stacks?: readonly StackNode[];
}

/** A resource whose data the change would lose. */
export interface Loss {
  readonly change: ResourceChange;
  readonly what: string;
  readonly standing: "protected" | "confirmed" | "unconfirmed";
}

/** What the page's parts are made from. */
export interface ReviewFacts extends ReviewPageOptions {
  readonly losses: readonly Loss[];
  readonly blocking: readonly Finding[];
  /** Findings that do not block: advice, exemptions, what could not be evaluated. */
  readonly others: readonly Finding[];
  /** Anchor of a change on the page, by URN. */
  readonly anchors: ReadonlyMap<string, string>;
}

export const removes = ({ operation }: ResourceChange): boolean =>
  operation === "delete" || operation === "replace";

function lossesOf({ run, changeSet }: ReviewPageOptions): readonly Loss[] {
  return changeSet.changes
    .filter((change) => removes(change) && (change.holdsData || change.protect))
    .map((change) => ({
      change,
      what:
        lossOf(change.type, change.was?.inputs) ??
        (change.holdsData ? "the data it holds" : "the resource itself"),
      standing: change.protect
        ? "protected"
        : run.confirmed.includes(change.urn)
          ? "confirmed"
          : "unconfirmed",
    }));
}

export function reviewFacts(options: ReviewPageOptions): ReviewFacts {
  const { run, changeSet, environment } = options;
  return {
    ...options,
    losses: lossesOf(options),
    blocking: run.findings.filter((finding) => blocks(finding, environment.strict)),
    others: run.findings.filter((finding) => !blocks(finding, environment.strict)),
    anchors: new Map(changeSet.changes.map(({ urn }, index) => [urn, `c${index + 1}`])),
  };
}
