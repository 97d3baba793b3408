import { execFile } from "node:child_process";
import { basename, delimiter } from "node:path";
import { promisify } from "node:util";
import { GroundplaneError } from "@groundplane/contracts";
import { programFolders } from "./required-programs.ts";

const run = promisify(execFile);
const OUTPUT_BYTES = 64 * 1024 * 1024;
/** The end says why. */
const SHOWN_CHARACTERS = 1500;
const STOPPED = "stopped: no image was made";

/** Ends a program, and all that it started and mounted, when this process ends: however that comes. */
const CONFINED = [
  "--pdeathsig",
  "KILL",
  "unshare",
  "--mount",
  "--pid",
  "--fork",
  "--kill-child",
  "--mount-proc",
];

function saidBy(error: unknown): string {
  const said =
    typeof error === "object" && error !== null && "stderr" in error ? String(error.stderr).trim() : "";
  return said === "" ? (error instanceof Error ? error.message : String(error)) : said;
}

export interface RunContext {
  /** Aborted, the program is killed with all that it started. */
  readonly signal: AbortSignal;
  /** Besides this process's own. @default {} */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs a program to its end, in namespaces of its own that end with it.
 *
 * @returns what it wrote on standard output.
 * @throws {IMAGE_FAILED} it cannot be run, fails, or was stopped; the message has the end of what it said.
 */
export async function runProgram(
  command: readonly [string, ...string[]],
  { signal, env = {} }: RunContext,
): Promise<string> {
  const program = basename(command[0]);
  const failed = (what: string, cause?: unknown) =>
    new GroundplaneError("IMAGE_FAILED", what, { cause, facts: { program } });
  if (signal.aborted) throw failed(STOPPED);
  const path = programFolders(process.env).join(delimiter);
  const running = run("setpriv", [...CONFINED, ...command], {
    env: { ...process.env, ...env, PATH: path, LC_ALL: "C.UTF-8" },
    maxBuffer: OUTPUT_BYTES,
  });
  // Not by an option of execFile, which does not wait for the end.
  const stop = () => running.child.kill("SIGKILL");
  signal.addEventListener("abort", stop);
  try {
    return (await running).stdout;
  } catch (error) {
    if (signal.aborted) throw failed(STOPPED, error);
    throw failed(`${program} failed: ${saidBy(error).slice(-SHOWN_CHARACTERS)}`, error);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
