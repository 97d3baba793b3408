import type { OutputStream, Terminal } from "./terminal.ts";

/** A terminal that is none: records what is written, answers from a list, and can be interrupted. */
export class FakeTerminal implements Terminal {
  readonly out: string[] = [];
  readonly err: string[] = [];
  readonly questions: string[] = [];
  readonly exits: number[] = [];
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly interactive: boolean;
  readonly env: Record<string, string | undefined>;
  readonly cwd: string;
  time = Date.parse("2026-11-21T05:12:30.000Z");
  readonly #answers: string[];
  readonly #interrupts = new Set<() => void>();

  constructor(
    options: {
      readonly tty?: boolean;
      readonly answers?: readonly string[];
      readonly env?: Record<string, string>;
      readonly columns?: number;
      readonly cwd?: string;
    } = {},
  ) {
    const tty = options.tty ?? false;
    const size = { isTTY: tty, columns: options.columns ?? 80, rows: 24 };
    this.stdout = { ...size, write: (text) => this.out.push(text) };
    this.stderr = { ...size, write: (text) => this.err.push(text) };
    this.interactive = tty;
    this.env = { NO_COLOR: "1", ...options.env };
    this.cwd = options.cwd ?? "/project";
    this.#answers = [...(options.answers ?? [])];
  }

  now(): Date {
    return new Date(this.time);
  }

  userName(): string {
    return "ada";
  }

  async ask(question: string): Promise<string> {
    this.questions.push(question);
    return this.#answers.shift() ?? "";
  }

  onInterrupt(listener: () => void): () => void {
    this.#interrupts.add(listener);
    return () => this.#interrupts.delete(listener);
  }

  exit(code: number): void {
    this.exits.push(code);
  }

  interrupt(): void {
    for (const listener of this.#interrupts) listener();
  }

  get stdoutText(): string {
    return this.out.join("");
  }

  get stderrText(): string {
    return this.err.join("");
  }
}
