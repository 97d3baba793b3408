/**
 * What the exit codes say, for help and documentation. The numbers are those of `EXIT_CODES`; they stand here
 * once more so that `--help` loads nothing else, and a test compares them.
 */
export const EXIT_CODE_TABLE = [
  { code: 0, name: "done", meaning: "done: applied, unchanged, or what was asked is shown" },
  { code: 1, name: "systemError", meaning: "something on this machine or a service failed" },
  { code: 2, name: "waitingForApproval", meaning: "the run waits for approval" },
  {
    code: 3,
    name: "blocked",
    meaning: "a policy, the data guard or a missing pack blocks it, or a fleet does not fit its hosts",
  },
  {
    code: 4,
    name: "drift",
    meaning:
      "there is drift, a fleet's connections are not as its matrix says, or --expect-no-changes was given and there are changes",
  },
  {
    code: 5,
    name: "notApplied",
    meaning: "rejected, expired, cancelled, or the approval was void or refused",
  },
  { code: 6, name: "failed", meaning: "the engine failed, or verification did; it may be applied in part" },
  { code: 64, name: "usage", meaning: "the command, the project or the configuration is not in order" },
  { code: 130, name: "interrupted", meaning: "stopped by a second Ctrl-C" },
] as const;
