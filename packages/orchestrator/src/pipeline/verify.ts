import { GroundplaneError, type JsonValue } from "@groundplane/contracts";
import { openSettings } from "../engine/work-folder.ts";
import { previewShowsNothing } from "./apply.ts";
import type { RunContext } from "./run-context.ts";

const DEFAULT_LIMIT_SECONDS = 60;

interface CheckResult {
  readonly ok: boolean;
  readonly message?: string;
}

/** Ends with the check, or when its time is over: the signal says so to whatever still runs then. */
async function runCheck(check: (signal: AbortSignal) => unknown, limitSeconds: number): Promise<CheckResult> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<CheckResult>((resolve) => {
    timer = setTimeout(() => {
      resolve({ ok: false, message: `did not end within ${limitSeconds} s` });
      controller.abort();
    }, limitSeconds * 1000);
  });
  const work = Promise.resolve()
    .then(() => check(controller.signal))
    .then(
      (said) => ({ ok: true, ...(typeof said === "string" ? { message: said } : {}) }),
      (error: unknown) => ({ ok: false, message: error instanceof Error ? error.message : String(error) }),
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
    const checkContext = {
      outputs,
      config: openSettings(stack, context.settings, context.files),
      environment: environment.name,
      sandbox: environment.cloud !== "real",
    };
    for (const { name, check, timeoutSeconds = DEFAULT_LIMIT_SECONDS } of stack.definition.checks) {
      // The values were parsed by the stack's own schemas when they were exported.
      const result = await runCheck((signal) => check({ ...checkContext, signal } as never), timeoutSeconds);
      run.emit("stack.verify.check", { check: name, ...result });
      if (!result.ok) failed.push(`${name}: ${result.message}`);
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
