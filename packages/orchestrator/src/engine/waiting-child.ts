import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { EngineMessage } from "./engine-request.ts";

const CHILD = fileURLToPath(new URL("./child.js", import.meta.url));

/** Argument of a child that will run a stack's program: it loads what every such program imports. */
export const RUNS_PROGRAM = "runs-program";

type Environment = Readonly<Record<string, string>>;

/** A new engine child, which leads a process group of its own and waits for its request. */
export function forkEngineChild(env: Environment, args: readonly string[] = []): ChildProcess {
  return fork(CHILD, args, {
    detached: true,
    env: { ...env },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });
}

/**
 * Has the next engine child of a run start while something else is done. It loads the SDK, and then waits: of the
 * stack's program it knows nothing before its request, which is sent after every check as to a new one.
 */
export class WaitingChild {
  readonly #env: Environment;
  #waiting: ChildProcess | undefined;
  #closed = false;

  constructor(env: Environment) {
    this.#env = env;
  }

  /** Starts one, unless one waits already. */
  prepare(): void {
    if (this.#closed || this.#waiting !== undefined) return;
    const child = forkEngineChild(this.#env, [RUNS_PROGRAM]);
    this.#waiting = child;
    const forget = (): void => {
      if (this.#waiting === child) this.#waiting = undefined;
    };
    // One that could not be started, or died while it waited, is not missed: `take` makes another.
    child.on("error", forget);
    child.on("exit", forget);
    // Nobody waits for it: without its parent the channel closes, and it ends by itself.
    child.unref();
    child.channel?.unref();
  }

  /** The one that waits, or a new one. It is the caller's to end. */
  take(): ChildProcess {
    const child = this.#waiting;
    if (child === undefined) return forkEngineChild(this.#env);
    this.#waiting = undefined;
    child.ref();
    child.channel?.ref();
    return child;
  }

  /** Ends the one that waits; there will be no other. */
  close(): void {
    this.#closed = true;
    this.#waiting?.kill("SIGKILL");
  }
}

/** Where nothing changes, nothing follows. */
const CHANGES_NOTHING: ReadonlySet<string> = new Set(["same", "read", "refresh"]);

/** Listens to the engine, and has the next child start when it tells of the first change. */
export function preparingNext(
  children: WaitingChild,
  listener: (message: EngineMessage) => void,
): (message: EngineMessage) => void {
  return (message) => {
    if ("step" in message && !CHANGES_NOTHING.has(message.step.operation)) children.prepare();
    listener(message);
  };
}
