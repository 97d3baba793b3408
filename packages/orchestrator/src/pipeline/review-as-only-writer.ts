import { applyUnder, asOnlyWriter, type PipelinePorts } from "./deployment.ts";
import { prepareReview } from "./prepare-review.ts";
import type { RunContext } from "./run-context.ts";
import type { RunOpening } from "./run-desk.ts";

/**
 * Prepares the review as the stack's only writer, so that of many who deploy at once nobody plans against a state
 * that is about to move: the others wait before their preview, or are told. Where nobody is asked it is applied at
 * once, under the same lease; where someone is, the lease is given back first, as a person may take a day.
 *
 * @throws {STACK_BUSY} before anything was begun.
 */
export function reviewAsOnlyWriter(
  opening: RunOpening,
  ports: PipelinePorts,
  confirmed: readonly string[],
): Promise<RunContext> {
  return asOnlyWriter(opening, ports, async ({ open, run, signal }, held) => {
    const context = await open(signal);
    await prepareReview(context, confirmed, ports.clock);
    const { state, approvalsMissing } = run.record;
    if (state === "WAIT_FOR_APPROVE" && approvalsMissing === 0) await applyUnder(context, held, ports.clock);
    return { ...context, signal: opening.signal };
  });
}
