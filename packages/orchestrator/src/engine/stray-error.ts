/** Within this, what else went wrong is told too. */
const TELLS_REST_MS = 2_000;

type Answer = (error: unknown, response?: unknown) => void;

/** What runs a program for the engine: the SDK's language server. */
interface ProgramServer {
  run(call: unknown, callback: Answer): Promise<void>;
}

/**
 * Makes the server end a program when an error went past it: an output that is rejected, a promise that nobody awaits. Outside
 * of the Automation API such a program ends because nothing is left for Node to do; here the server keeps the process alive,
 * and what waits for that output would wait for ever.
 */
export function endOnStrayError(server: ProgramServer): void {
  const run = server.run.bind(server);
  server.run = (call, callback) => {
    let ends: NodeJS.Timeout | undefined;
    let answered = false;
    const answer: Answer = (error, response) => {
      if (answered) return;
      answered = true;
      clearTimeout(ends);
      process.off("unhandledRejection", onStray);
      process.off("uncaughtException", onStray);
      callback(error, response);
    };
    // The SDK's own handler has told the engine what it was.
    const onStray = (error: unknown): void => {
      ends ??= setTimeout(
        () => answer(error instanceof Error ? error : new TypeError(String(error))),
        TELLS_REST_MS,
      );
    };
    process.on("unhandledRejection", onStray);
    process.on("uncaughtException", onStray);
    return run(call, answer);
  };
}
