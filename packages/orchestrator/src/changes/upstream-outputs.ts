import type { Assumption, ChangeSet, JsonValue } from "@groundplane/contracts";
import { isKnown } from "../define/planned-upstream.ts";
import type { PlannedUpstream, PlannedUpstreams } from "../define/planned-upstream-schema.ts";

/** What a stack's preview says of its outputs, for the stacks that need them: those that would change. */
export function outputsToCome({ outputs }: Pick<ChangeSet, "outputs">): Omit<PlannedUpstream, "deployed"> {
  const changed = outputs.flatMap(({ path, kind, after }): [string, JsonValue][] =>
    kind === "delete" ? [] : [[path, after ?? null]],
  );
  return {
    changed: Object.fromEntries(changed),
    removed: outputs.filter(({ kind }) => kind === "delete").map(({ path }) => path),
  };
}

/** What a preview rests on, in the order of stacks and outputs. */
export function assumptionsOf(planned: PlannedUpstreams): readonly Assumption[] {
  return Object.entries(planned).flatMap(([stack, { changed, removed }]) =>
    [
      ...Object.entries(changed).map(([output, value]) => ({ stack, output, known: isKnown(value) })),
      ...removed.map((output) => ({ stack, output, known: true })),
    ].sort((a, b) => (a.output < b.output ? -1 : 1)),
  );
}
