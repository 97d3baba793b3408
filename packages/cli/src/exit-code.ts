import { ERROR_TABLE, EXIT_CODES, isGroundplaneError, type RunRecord } from "@groundplane/contracts";

/** Exit code of a command that a second Ctrl-C stopped: 128 and the signal's number. */
export const INTERRUPTED = 130;

/** Where a run stands, as an exit code. A preview that was made is done, whatever it would change. */
export function exitCodeOfRun(run: RunRecord): number {
  if (run.state === "BLOCKED") return EXIT_CODES.blocked;
  if (run.state === "WAIT_FOR_APPROVE") return EXIT_CODES.waitingForApproval;
  if (run.state !== "DONE") return EXIT_CODES.systemError;
  switch (run.outcome) {
    case "applied":
    case "unchanged":
      return EXIT_CODES.done;
    case "rejected":
    case "expired":
      return EXIT_CODES.notApplied;
    case "cancelled":
      return isFinishedPreview(run) ? EXIT_CODES.done : EXIT_CODES.notApplied;
    case "rolled-back":
      // Asked for, it is what was wanted; after a failure, the deployment did not come through.
      return run.operation === "rollback" ? EXIT_CODES.done : exitCodeOfReason(run.reason?.code);
    case "failed":
    case undefined:
      return exitCodeOfReason(run.reason?.code);
  }
}

/** The first stack in the way decides, as a script branches on it; one that only waits says less than one that failed. */
export function exitCodeOfRuns(runs: readonly RunRecord[]): number {
  const codes = runs.map(exitCodeOfRun).filter((code) => code !== EXIT_CODES.done);
  return codes.find((code) => code !== EXIT_CODES.waitingForApproval) ?? codes[0] ?? EXIT_CODES.done;
}

/** What a run failed of may lie before the engine: a config that does not fit is the caller's, a missing pack blocks. */
function exitCodeOfReason(code: string | undefined): number {
  const known = Object.entries(ERROR_TABLE).find(([name]) => name === code);
  return known?.[1].exitCode ?? EXIT_CODES.failed;
}

/** A preview ends without applying anything: its run is closed as cancelled, once the plan was reviewed. */
export function isFinishedPreview(run: RunRecord): boolean {
  const previewed = run.operation === "preview" || run.reason?.code === "PREVIEW_ONLY";
  return previewed && run.timeline.some((step) => step.state === "READY_FOR_APPLY");
}

export function exitCodeOfError(error: unknown): number {
  return isGroundplaneError(error) ? ERROR_TABLE[error.code].exitCode : EXIT_CODES.systemError;
}
