import { spawn } from "node:child_process";

export interface RunProgramOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutSeconds: number;
  readonly signal?: AbortSignal | undefined;
  readonly onErrorLine?: ((line: string) => void) | undefined;
}

export interface RunProgramResult {
  readonly ok: boolean;
  readonly stdout: string;
  /** The last lines of standard error, or why the program could not be run. */
  readonly problem: string;
}

const KEPT_LINES = 15;

/** Runs a program to its end. Never rejects: a program that cannot start or takes too long is a result too. */
export function runProgram(
  program: string,
  args: readonly string[],
  options: RunProgramOptions,
): Promise<RunProgramResult> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own, so that a compiler's children end with it.
      detached: process.platform !== "win32",
    });
    let stdout = "";
    let stopped = "";
    const lines: string[] = [];
    const stop = (why: string) => {
      stopped = why;
      endGroup(child.pid);
    };
    const timer = setTimeout(
      () => stop(`no end after ${options.timeoutSeconds} s`),
      options.timeoutSeconds * 1000,
    );
    const onAbort = () => stop("cancelled");
    const onExit = () => endGroup(child.pid);
    const releaseSignals = passOnSignals(onExit);
    options.signal?.addEventListener("abort", onAbort, { once: true });
    const finish = (ok: boolean, problem: string) => {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", onAbort);
      releaseSignals();
      resolve({ ok, stdout, problem });
    };

    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      for (const line of text.split("\n").filter((each) => each.trim() !== "")) {
        lines.push(line);
        if (lines.length > KEPT_LINES) lines.shift();
        options.onErrorLine?.(line);
      }
    });
    child.on("error", (error) => finish(false, error.message));
    child.on("close", (code, signal) => {
      if (stopped) finish(false, stopped);
      else finish(code === 0, lines.join("\n") || `ended with ${signal ?? code}`);
    });
  });
}

/** Ends the group when this process ends: being in a group of its own, it gets no Ctrl-C from the terminal. */
function passOnSignals(end: () => void): () => void {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const handlers = signals.map((signal) => {
    const handler = () => {
      end();
      process.removeListener(signal, handler);
      // Without a listener of the host program the signal's default was to end it.
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    };
    process.on(signal, handler);
    return [signal, handler] as const;
  });
  process.once("exit", end);
  return () => {
    for (const [signal, handler] of handlers) process.removeListener(signal, handler);
    process.removeListener("exit", end);
  };
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}
