import picocolors from "picocolors";

/** Colours and weights; every function returns its text as it is when colours are off. */
export type Style = ReturnType<typeof picocolors.createColors>;

export interface OutputStream {
  write(text: string): void;
  readonly isTTY: boolean;
  /** Characters a line; 80 where the stream does not know. */
  readonly columns: number;
  /** Lines; 24 where the stream does not know. */
  readonly rows: number;
}

/** All that a command sees of the process around it: tests give one of their own. */
export interface Terminal {
  /** Results. */
  readonly stdout: OutputStream;
  /** Progress, questions and errors. */
  readonly stderr: OutputStream;
  /** Someone is there to answer: standard input and standard error are terminals. */
  readonly interactive: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  now(): Date;
  /** Login name of the account that runs the command. */
  userName(): string;
  /** Asks one line on standard error. Empty when the input ends, or the signal fires. */
  ask(question: string, signal?: AbortSignal): Promise<string>;
  /** Calls back at each Ctrl-C or SIGTERM until the returned function is called. */
  onInterrupt(listener: () => void): () => void;
  /** Ends the process at once. */
  exit(code: number): void;
}

/** Colours are on for a terminal, off with `--no-color`, `NO_COLOR` or a dumb terminal; `FORCE_COLOR` wins over the stream. */
export function styleFor(stream: OutputStream, env: Terminal["env"], color = true): Style {
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== "0" && env.FORCE_COLOR !== "";
  const refused = !color || (env.NO_COLOR !== undefined && env.NO_COLOR !== "");
  return picocolors.createColors(!refused && (forced || (stream.isTTY && env.TERM !== "dumb")));
}

export function writeLines(stream: OutputStream, lines: readonly string[]): void {
  if (lines.length > 0) stream.write(`${lines.join("\n")}\n`);
}
