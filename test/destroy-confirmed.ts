import type { RunRecord } from "@groundplane/contracts";
import type { EnvironmentRequest, Orchestrator } from "@groundplane/orchestrator";

/** What a destroy was blocked by for want of its name. */
function lossesOf(runs: readonly RunRecord[]): readonly string[] {
  return runs.flatMap(({ findings }) =>
    findings.flatMap(({ rule, status, urn }) =>
      rule === "data-loss" && status === "violation" && urn !== undefined ? [urn] : [],
    ),
  );
}

/**
 * Destroys an environment as a person would: each time it is asked again with the names that it was blocked by. Ends when
 * nothing is lost any more, or nothing that another confirmation would help with.
 *
 * @returns the runs of each time
 */
export async function destroyConfirmed(
  orchestrator: Orchestrator,
  request: Omit<EnvironmentRequest, "confirm">,
): Promise<readonly (readonly RunRecord[])[]> {
  const rounds: (readonly RunRecord[])[] = [];
  let confirm: readonly string[] = [];
  for (;;) {
    const { runs } = await orchestrator.destroyEnvironment({ ...request, confirm });
    rounds.push([...runs.values()]);
    const losses = lossesOf([...runs.values()]);
    if (losses.length === 0 || losses.some((urn) => confirm.includes(urn))) return rounds;
    confirm = losses;
  }
}
