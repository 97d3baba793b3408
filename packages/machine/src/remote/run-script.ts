import { GroundplaneError } from "@groundplane/contracts";
import type { SshSession } from "../ssh/ssh-session.ts";
import { commandLine, PROGRAM_FAILED } from "./remote-program.ts";

/** Of each stream, from its end. */
const MAX_OUTPUT = 1024 * 1024;
/** How long a script waits for others on the same machine, in steps of 5 s. */
const LOCK_STEPS = 360;
/** What a program may take beyond its script. */
const MARGIN_MS = 60_000;

/**
 * Arguments: length of the script, seconds, "lock" or "". The script comes by standard input into a file that only its
 * user reads. Standard input then stays open: when it closes, nobody waits any more, and the script is ended; so is what
 * it started. Output goes through files, so that a daemon that keeps it open does not keep the connection.
 */
const RUN = `
umask 077
folder=/tmp
[ "$(id -u)" -ne 0 ] || [ ! -w /run ] || folder=/run
work=$(mktemp -d -p "$folder" groundplane.XXXXXXXXXX) || fail "no folder can be made in $folder"
job= watch=
finish() { [ -z "$watch" ] || kill "$watch" 2>/dev/null; rm -rf "$work"; }
stopped() { if [ -n "$job" ]; then kill -TERM "$job" 2>/dev/null; wait "$job"; fi; exit 143; }
trap finish EXIT
trap stopped HUP INT TERM
head -c "$1" >"$work/script"
[ "$(wc -c <"$work/script")" -eq "$1" ] || fail "the script did not come whole"
exec 3<&0
{ cat <&3 >/dev/null 2>&1; kill -TERM $$ 2>/dev/null; } >/dev/null 2>&1 &
watch=$!
if [ "$3" = lock ]; then
  exec 9>/run/groundplane.lock || fail "/run/groundplane.lock cannot be opened"
  steps=0
  until flock -w 5 9; do
    steps=$((steps + 1))
    [ "$steps" -lt ${LOCK_STEPS} ] || fail "another script on this machine has not ended for half an hour"
  done
fi
# What a script installs is for whoever uses the machine, as it would be for root at a shell.
(umask 022; exec timeout -k 10 "$2" /bin/sh "$work/script") </dev/null >"$work/out" 2>"$work/err" 3<&- 9>&- &
job=$!
wait "$job"
code=$?
job=
tail -c ${MAX_OUTPUT} "$work/out"
tail -c ${MAX_OUTPUT} "$work/err" >&2
exit "$code"
`;

export interface ScriptOptions {
  readonly timeoutSeconds: number;
  /** As root, one at a time on the machine. */
  readonly root?: "sudo" | "as-is";
  readonly exclusive?: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface ScriptResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Whether its time ran out. */
  readonly timedOut: boolean;
  /** Whether the beginning of its output is missing. */
  readonly cut: boolean;
}

/**
 * Runs POSIX shell on the machine. The script is in no command line: it may hold secrets.
 *
 * @throws {MACHINE_SETUP_FAILED} it could not be started
 */
export async function runScript(
  session: SshSession,
  script: string,
  options: ScriptOptions,
): Promise<ScriptResult> {
  const input = Buffer.from(script.endsWith("\n") ? script : `${script}\n`);
  const { timeoutSeconds, exclusive = false } = options;
  const args = [input.length, timeoutSeconds, exclusive ? "lock" : ""];
  const began = performance.now();
  const result = await session.exec(commandLine(RUN, args, options.root ?? "as-is"), {
    input,
    deadlineMs: timeoutSeconds * 1000 + (exclusive ? LOCK_STEPS * 5_000 : 0) + MARGIN_MS,
    signal: options.signal,
  });
  const [stdout, stderr] = [result.stdout.toString(), result.stderr.toString()];
  if (result.code === 120 && stderr.startsWith(PROGRAM_FAILED))
    throw new GroundplaneError("MACHINE_SETUP_FAILED", stderr.slice(PROGRAM_FAILED.length).trim());
  const late = performance.now() - began >= timeoutSeconds * 1000;
  return {
    code: result.code,
    stdout,
    stderr,
    // timeout(1): 124, or 137 where the script did not end by itself.
    timedOut: late && (result.code === 124 || result.code === 137),
    cut: result.stdout.length >= MAX_OUTPUT || result.stderr.length >= MAX_OUTPUT,
  };
}
