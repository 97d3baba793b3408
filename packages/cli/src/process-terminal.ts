import { userInfo } from "node:os";
import { createInterface } from "node:readline/promises";
import type { WriteStream } from "node:tty";
import type { OutputStream, Terminal } from "./terminal.ts";

function outputStream(stream: WriteStream): OutputStream {
  return {
    write: (text) => {
      stream.write(text);
    },
    get isTTY() {
      return stream.isTTY === true;
    },
    get columns() {
      return stream.columns ?? 80;
    },
    get rows() {
      return stream.rows ?? 24;
    },
  };
}

async function ask(question: string, signal?: AbortSignal): Promise<string> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    const settle = (answer: string) => {
      resolve(answer);
      reader.close();
    };
    // In raw mode Ctrl-C is a key: hand it on, so that it means the same as anywhere else.
    reader.on("SIGINT", () => {
      process.stderr.write("\n");
      if (!process.emit("SIGINT")) process.kill(process.pid, "SIGINT");
    });
    reader.once("close", () => settle(""));
    signal?.addEventListener("abort", () => settle(""), { once: true });
    reader.question(question).then(settle, () => settle(""));
  });
}

/** The process's own terminal. */
export function processTerminal(): Terminal {
  // A reader that leaves early (`| head`) is no failure.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  return {
    stdout: outputStream(process.stdout),
    stderr: outputStream(process.stderr),
    interactive: process.stdin.isTTY === true && process.stderr.isTTY === true,
    env: process.env,
    cwd: process.cwd(),
    now: () => new Date(),
    userName: () => userInfo().username,
    ask,
    onInterrupt: (listener) => {
      process.on("SIGINT", listener);
      process.on("SIGTERM", listener);
      return () => {
        process.off("SIGINT", listener);
        process.off("SIGTERM", listener);
      };
    },
    exit: (code) => process.exit(code),
  };
}
