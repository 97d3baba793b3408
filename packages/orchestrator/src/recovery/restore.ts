import { type BackupMoment, GroundplaneError, type StateBackup } from "@groundplane/contracts";
import type { RunContext } from "../pipeline/run-context.ts";
import { compareStates } from "./compare-states.ts";
import { refuseForeignBackup } from "./foreign-backup.ts";
import { presentState } from "./present-state.ts";
import { readBackup } from "./state-backup.ts";
import { stateFindings } from "./state-findings.ts";
import type { WantedState } from "./write-state.ts";

export interface RestoreFrom {
  readonly run: string;
  /** @default "after" where the run left a state that was verified, else "before" */
  readonly moment?: BackupMoment;
}

/**
 * The kept state that is meant: the newest one that is intact, or that of a run; of a run that has both, the one that
 * it left.
 *
 * @param kept Newest first.
 * @throws {BACKUP_NOT_FOUND} when there is none.
 * @throws {BACKUP_REFUSED} when the one that was named is not intact.
 */
export function chooseBackup(kept: Iterable<StateBackup>, from?: RestoreFrom): StateBackup {
  for (const backup of kept) {
    if (from === undefined && backup.intact) return backup;
    if (from === undefined || backup.run !== from.run) continue;
    if (from.moment !== undefined && backup.moment !== from.moment) continue;
    if (backup.intact) return backup;
    throw new GroundplaneError(
      "BACKUP_REFUSED",
      `the state that run ${backup.run} kept is not intact: ${backup.problem ?? "it cannot be read"}. Take another one of "--list"; nothing was changed.`,
      { facts: { run: backup.run, moment: backup.moment } },
    );
  }
  throw new GroundplaneError(
    "BACKUP_NOT_FOUND",
    from === undefined
      ? "no run kept a state of this stack that is intact. Look for another copy of the backend or of the data folder; nothing was changed."
      : `run ${from.run} kept no state of this stack${from.moment === undefined ? "" : `, as it stood ${from.moment} it`}: "groundplane restore <environment> <stack> --list" shows those that are kept.`,
    { facts: from === undefined ? {} : { run: from.run } },
  );
}

/**
 * What putting the kept state back would mean.
 *
 * @throws {BACKUP_REFUSED} when it is of another stack or key.
 */
export async function restoredState(context: RunContext, keptAt: string): Promise<WantedState> {
  const { run, project, stack, environment } = context;
  const source = run.record.restoreFrom;
  if (source === undefined) {
    throw new GroundplaneError("BACKUP_NOT_FOUND", `run ${run.id} names no state to restore.`, {
      facts: { run: run.id },
    });
  }
  const state = readBackup(run.other(source.run), source.moment);
  const present = await presentState(context);
  refuseForeignBackup(context, state, present.state);
  const changeSet = compareStates(
    {
      project: project.definition.name,
      stack: stack.name,
      environment: environment.name,
      ...(present.unreadable === undefined ? {} : { unreadable: present.unreadable }),
    },
    present.state,
    state,
  );
  const lost = present.state?.pendingOperations ?? [];
  const findings = stateFindings({ changeSet, lost, untold: state.pendingOperations, keptAt });
  const stands =
    present.unreadable === undefined &&
    changeSet.changes.length === 0 &&
    changeSet.outputs.length === 0 &&
    lost.length === 0;
  return { present, state, changeSet, findings, stands, confirmed: [] };
}
