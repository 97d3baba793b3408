import { nameOfUrn, type PendingOperationReport } from "@groundplane/contracts";
import { maskEngineRecord } from "../engine/mask.ts";
import type { PendingOperation } from "../engine/stack-state.ts";
import type { JournaledRun } from "../pipeline/journaled-run.ts";
import { type EngineLogLine, readEngineLog } from "./engine-log.ts";

type Story = Pick<PendingOperationReport, "told" | "run" | "beganAt" | "errors" | "id">;

/** The last beginning of an operation on the URN, and all that came after it. */
function sinceItBegan(lines: readonly EngineLogLine[], urn: string): readonly EngineLogLine[] {
  const about = lines.filter((line) => line.urn === urn);
  const began = about.findLastIndex(({ kind }) => kind === "started");
  return began < 0 ? [] : about.slice(began);
}

function storyOf(urn: string, runs: Iterable<JournaledRun>): Story {
  for (const run of runs) {
    const [began, ...rest] = sinceItBegan(readEngineLog(run), urn);
    if (began === undefined) continue;
    const errors = rest.flatMap(({ kind, message }) => (kind === "error" && message ? [message] : []));
    const id = rest.findLast((line) => line.kind === "finished")?.id;
    const told = rest.some(({ kind }) => kind === "failed")
      ? "failed"
      : rest.some(({ kind }) => kind === "finished")
        ? "ended"
        : "began";
    return { told, run: run.id, beganAt: began.at, errors, ...(id === undefined ? {} : { id }) };
  }
  return { told: "nothing", errors: [] };
}

/**
 * Each pending operation of a state, with what the runs tell of it.
 *
 * @param runs Of the stack, newest first.
 */
export function pendingReport(
  operations: readonly PendingOperation[],
  runs: () => Iterable<JournaledRun>,
): readonly PendingOperationReport[] {
  return operations.map(({ type: operation, urn, resource }) => ({
    operation,
    urn,
    type: resource.type,
    name: nameOfUrn(urn),
    ...(resource.id ? { id: resource.id } : {}),
    inputs: maskEngineRecord(resource.inputs),
    ...storyOf(urn, runs()),
  }));
}

/** What a person does about operations of which nobody knows how they went. */
export function pendingAdvice(
  operations: readonly Pick<PendingOperation, "type" | "urn">[],
  { stack, environment }: { readonly stack: string; readonly environment: string },
): string {
  const named = operations.map(({ type, urn }) => `${type} ${urn}`).join(", ");
  return `the engine never told how this went: ${named}. "groundplane pending ${environment} ${stack}" tells what is known of it, and how to settle it; nothing is made until then.`;
}
