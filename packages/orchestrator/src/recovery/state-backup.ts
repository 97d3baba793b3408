import {
  BACKUP_MOMENTS,
  type BackupMoment,
  GroundplaneError,
  isGroundplaneError,
  type StateBackup,
} from "@groundplane/contracts";
import { isRealResource, parseState, type StackState, type StateSubject } from "../engine/stack-state.ts";
import type { JournaledRun } from "../pipeline/journaled-run.ts";

const artifactName = (moment: BackupMoment): string => `state-${moment}`;

const WHAT_STANDS: Readonly<Record<BackupMoment, string>> = {
  before: "Nothing was changed",
  after: "The stack stands as applied, and the state in its backend is the only copy",
};

const subjectOf = ({ record }: JournaledRun): StateSubject => ({
  project: record.stack,
  stack: record.environment,
});

/**
 * Keeps a state with the run, apart from its backend: on disk, journaled, read back and parsed.
 *
 * @throws {BACKUP_FAILED} when one of these does not go well: without a way back nothing is changed.
 */
export function keepState(run: JournaledRun, moment: BackupMoment, state: StackState): void {
  const name = artifactName(moment);
  try {
    run.storeArtifact(name, `${name}.json`, state.text);
    parseState(subjectOf(run), run.readArtifact(name));
  } catch (cause) {
    if (isGroundplaneError(cause) && cause.code === "RUN_STATE_CONFLICT") throw cause;
    throw new GroundplaneError(
      "BACKUP_FAILED",
      `the state of "${run.record.stack}" in "${run.record.environment}" cannot be kept ${moment} it is changed: ${cause instanceof Error ? cause.message : String(cause)} ${WHAT_STANDS[moment]}. Make room, then deploy again.`,
      { cause, facts: { run: run.id, moment } },
    );
  }
}

/**
 * A kept state, checked against the journal and parsed.
 *
 * @throws {APPROVAL_VOID} when the file is gone or not what was journaled.
 * @throws {STATE_CORRUPT} when it is no state.
 */
export function readBackup(run: JournaledRun, moment: BackupMoment): StackState {
  return parseState(subjectOf(run), run.readArtifact(artifactName(moment)));
}

type Content = Pick<StateBackup, "intact" | "problem" | "resources" | "pending">;

function contentOf(run: JournaledRun, moment: BackupMoment): Content {
  try {
    const { resources, pendingOperations } = readBackup(run, moment);
    return {
      intact: true,
      resources: resources.filter(isRealResource).length,
      pending: pendingOperations.length,
    };
  } catch (error) {
    const code = isGroundplaneError(error) ? error.code : "";
    return {
      intact: false,
      problem: code === "APPROVAL_VOID" ? "the file is gone or was changed" : "the file holds no state",
    };
  }
}

/** The states that a run kept, the newer first. */
export function backupsOf(run: JournaledRun): readonly StateBackup[] {
  const { record, entries } = run;
  return BACKUP_MOMENTS.toReversed().flatMap((moment): StateBackup[] => {
    const artifact = record.artifacts[artifactName(moment)];
    const kept = entries.findLast(
      ({ fact }) => fact.type === "artifact.stored" && fact.name === artifactName(moment),
    );
    if (artifact === undefined || kept === undefined) return [];
    return [
      {
        run: run.id,
        stack: record.stack,
        environment: record.environment,
        moment,
        keptAt: kept.at,
        ...(record.fence === undefined ? {} : { fence: record.fence }),
        sha256: artifact.sha256,
        ...contentOf(run, moment),
      },
    ];
  });
}
