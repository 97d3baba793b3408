import { GroundplaneError, type JsonValue } from "@groundplane/contracts";
import { previewShowsNothing } from "./apply.ts";
import type { RunContext } from "./run-context.ts";

/** A check that has not ended by then has failed. */
const CHECK_LIMIT_MS = 60_000;

async function runCheck(check: () => unknown): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`did not end within ${CHECK_LIMIT_MS / 1000} s`), CHECK_LIMIT_MS);
  });
  const work = Promise.resolve()
    .then(check)
    .then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The stack's own checks on what was applied, then a preview that must show no changes.
 *
 * @throws {VERIFICATION_FAILED} naming what failed. The stack stands as applied.
 */
export async function verify(
  context: RunContext,
  outputs: Readonly<Record<string, JsonValue>>,
): Promise<void> {
  const { run, stack, environment } = context;
  const startedAt = performance.now();
  run.emit("stack.verify.started", {});
  const failed: string[] = [];
  try {
    const checkContext = { outputs, environment: environment.name, sandbox: environment.cloud !== "real" };
    for (const { name, check } of stack.definition.checks) {
      // The values were parsed by the stack's own schemas when they were exported.
      const problem = await runCheck(() => check(checkContext as never));
      run.emit("stack.verify.check", {
        check: name,
        ok: problem === undefined,
        ...(problem === undefined ? {} : { message: problem }),
      });
      if (problem !== undefined) failed.push(`${name}: ${problem}`);
    }
    if (failed.length > 0) {
      throw new GroundplaneError(
        "VERIFICATION_FAILED",
        `the stack was applied, and its checks fail: ${failed.join("; ")}. Mend what they name, or go back to the state before.`,
        { facts: { run: run.id, checks: failed } },
      );
    }
    await previewShowsNothing(context);
    run.emit("stack.verify.finished", { ok: true, durationMs: performance.now() - startedAt });
  } catch (error) {
    run.emit("stack.verify.finished", { ok: false, durationMs: performance.now() - startedAt });
    throw error;
  }
}
