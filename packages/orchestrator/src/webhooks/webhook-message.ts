import type { JournalEntry, WebhookMessage } from "@groundplane/contracts";
import { foldRun } from "../journal/run-record.ts";
import type { WebhookDefinition } from "./webhook-definition.ts";

/** The message's id follows from the entry, so that one that is sent again, by whatever process, has the same. */
function idOf(entry: JournalEntry): string {
  return `msg_${entry.hash.slice("sha256:".length, "sha256:".length + 32)}`;
}

const MAX_REASON = 1000;

/** What a journal's entry is to the outside; undefined for one that is nobody's business. */
export function webhookMessage(
  entry: JournalEntry,
  entriesOfRun: readonly JournalEntry[],
): Extract<WebhookMessage, { data: { run: string } }> | undefined {
  const { fact } = entry;
  if (fact.type !== "run.requested" && fact.type !== "run.moved" && fact.type !== "decision.made")
    return undefined;
  const run = foldRun(
    entry.run,
    entriesOfRun.filter(({ sequence }) => sequence <= entry.sequence),
  );
  const facts = {
    run: run.id,
    project: run.project,
    stack: run.stack,
    environment: run.environment,
    operation: run.operation,
    sandbox: run.sandbox,
    requester: run.requester,
    state: run.state,
    counts: run.counts,
    findings: run.findings.length,
    ...(run.digest === undefined ? {} : { digest: run.digest.digest }),
    approvalsMissing: run.approvalsMissing,
  };
  const envelope = { id: idOf(entry), timestamp: entry.at };
  switch (fact.type) {
    case "run.requested":
      return { ...envelope, type: "run.created", data: facts };
    case "run.moved": {
      const { from, to, outcome, reason } = fact;
      const why = reason && { code: reason.code, message: reason.message.slice(0, MAX_REASON) };
      return {
        ...envelope,
        type: "run.moved",
        data: { ...facts, from, to, ...(outcome && { outcome }), ...(why && { reason: why }) },
      };
    }
    case "decision.made":
      return { ...envelope, type: "stack.approval.decided", data: { ...facts, decision: fact.decision } };
  }
}

/** Whether an endpoint wants a message. */
export function isWanted(
  { events, environments }: Pick<WebhookDefinition, "events" | "environments">,
  { type, data }: NonNullable<ReturnType<typeof webhookMessage>>,
): boolean {
  return events.includes(type) && (environments === undefined || environments.includes(data.environment));
}
