import { type ChangeSet, type Finding, hasChanges } from "@groundplane/contracts";
import type { StackState } from "../engine/stack-state.ts";
import type { RunContext } from "../pipeline/run-context.ts";
import { OWN_PACK } from "../policy/own-pack.ts";
import { installedPackages, movedPackagesFinding } from "./moved-packages.ts";
import { missingOf } from "./return-point.ts";
import { trailOf, wayBackOf } from "./trail.ts";

const RULE = {
  title: "A protected environment has a way back",
  severity: "high",
  enforcement: "mandatory",
  status: "violation",
  source: "Operating manual, section 4, Never, 10: no production change without a rollback plan",
  pack: OWN_PACK,
  foundBy: "pipeline",
} as const;

/** A change to a protected stack from which there is no way back. */
function noRollbackPath(context: RunContext, changeSet: ChangeSet, state: StackState): readonly Finding[] {
  const { run, environment, stack } = context;
  const { operation } = run.record;
  if (!environment.protected || (operation !== "deploy" && operation !== "preview")) return [];
  if (state.resources.length === 0 || !hasChanges(changeSet)) return [];
  const siblings = run.ofSameStack();
  const place = wayBackOf(trailOf(siblings.map(({ record }) => record)));
  if (place?.empty === true) return [];
  const newest = place?.points.at(-1);
  if (place?.points.some(({ id }) => missingOf(run.other(id)).length === 0) === true) return [];
  return [
    {
      ...RULE,
      rule: "no-rollback-path",
      message:
        newest === undefined
          ? `no run has kept the program that stands in "${environment.name}", so a failure could not be undone`
          : `what run ${newest.id} kept is gone or changed, so a failure could not be undone`,
      remedy: `Deploy the program and config that stand now, once: "groundplane deploy ${environment.name} ${stack.name}" without this change finds nothing to do, and keeps them. Then deploy this change.`,
    },
  ];
}

/** What is to be said of a change and its way back. */
export async function wayBackFindings(
  context: RunContext,
  changeSet: ChangeSet,
  state: StackState,
): Promise<readonly Finding[]> {
  const { returnPoint, stack } = context;
  if (returnPoint === undefined) return noRollbackPath(context, changeSet, state);
  const now = await installedPackages(stack.folder, Object.keys(returnPoint.packages));
  const finding = movedPackagesFinding(returnPoint, now);
  return finding === undefined ? [] : [finding];
}
