import { totalText } from "./cost.ts";
import type { GroundplaneEvent } from "./events.ts";

function countsOf(counts: Readonly<Record<string, number>>): string {
  const changes = Object.entries(counts).filter(([operation, count]) => operation !== "same" && count > 0);
  return changes.map(([operation, count]) => `${count} ${operation}`).join(", ") || "no changes";
}

const seconds = (durationMs: number): string => `${(durationMs / 1000).toFixed(1)} s`;

function moved({ from, to, outcome, reason }: GroundplaneEvent<"run.moved">["data"]): string {
  const how = outcome === undefined ? "" : `, ${outcome}`;
  return `${from} → ${to}${how}${reason === undefined ? "" : `: ${reason.code}: ${reason.message}`}`;
}

function resource(
  { type, name, operation }: GroundplaneEvent<"resource.failed">["data"],
  how: string,
): string {
  return `${operation} ${type} ${name} ${how}`;
}

function costText({
  after,
  change,
  problem,
  budget,
}: GroundplaneEvent<"stack.cost.estimated">["data"]): string {
  if (after === undefined || change === undefined)
    return `cost not estimated: ${problem ?? "no reason given"}`;
  const share = budget?.percent === undefined ? "" : `, ${budget.percent} % of the budget`;
  return `cost ${totalText(change, true)} to ${totalText(after)} USD a month${share}`;
}

function checkText({ check, ok, message }: GroundplaneEvent<"stack.verify.check">["data"]): string {
  if (!ok) return `check "${check}" failed: ${message ?? "no message"}`;
  return message === undefined ? `check "${check}" holds` : `check "${check}" holds: ${message}`;
}

/** An event in words: plain text, without colours. */
export function logMessage(event: GroundplaneEvent): string {
  switch (event.name) {
    case "run.created":
      return `${event.operation} asked for by ${event.data.requester}`;
    case "run.moved":
      return moved(event.data);
    case "engine.resolved":
      return `engine ${event.data.version}`;
    case "stack.lease.waiting":
      return `waits for ${event.data.holder.run} on ${event.data.holder.host}, number ${event.data.position} in the queue`;
    case "stack.preflight.started":
      return "preflight began";
    case "stack.preflight.finished":
      return `preflight ended after ${seconds(event.data.durationMs)}: ${event.data.problems.length} problems`;
    case "stack.preview.started":
      return "preview began";
    case "stack.preview.finished":
      return `preview ended after ${seconds(event.data.durationMs)}: ${countsOf(event.data.counts)}`;
    case "stack.policy.started":
      return `policy began: ${event.data.packs.join(", ") || "no packs"}`;
    case "stack.policy.finished":
      return `policy ended after ${seconds(event.data.durationMs)}: ${event.data.findings.length} findings, ${event.data.blocking} blocking`;
    case "stack.cost.estimated":
      return costText(event.data);
    case "stack.budget.lifted":
      return `${event.data.by} lifted the budget's brake: ${event.data.reason}`;
    case "stack.review.ready":
      return `review ready: ${event.data.approvalsMissing} approvals missing`;
    case "stack.review.void":
      return `review void, moved since: ${event.data.moved.join(", ")}`;
    case "stack.approval.decided":
      return `${event.data.by}: ${event.data.verdict}; ${event.data.approvalsMissing} approvals missing`;
    case "stack.up.started":
      return "up began";
    case "stack.up.finished":
      return `up ended after ${seconds(event.data.durationMs)}: ${countsOf(event.data.counts)}`;
    case "stack.destroy.started":
      return "destroy began";
    case "stack.destroy.finished":
      return `destroy ended after ${seconds(event.data.durationMs)}: ${countsOf(event.data.counts)}`;
    case "stack.rollback.started":
      return `way back to ${event.data.to} began, ${seconds(event.data.tookMs)} after it was due`;
    case "stack.rollback.finished":
      return `way back to ${event.data.to} ended, ${seconds(event.data.durationMs)} after it was due`;
    case "stack.rollback.late":
      return `way back to ${event.data.to} is late to ${event.data.phase}: ${seconds(event.data.tookMs)}, the limit is ${seconds(event.data.limitMs)}`;
    case "stack.state.started":
      return `state written anew; what stood before is kept: ${event.data.kept}`;
    case "stack.state.finished":
      return `state written and read back after ${seconds(event.data.durationMs)}: ${event.data.resources} resources`;
    case "resource.started":
      return resource(event.data, event.data.planning ? "is planned" : "began");
    case "resource.finished":
      return resource(event.data, event.data.planning ? "planned" : "ended");
    case "resource.failed":
      return resource(event.data, "failed");
    case "engine.message":
      return event.data.message;
    case "stack.verify.started":
      return "verify began";
    case "stack.verify.check":
      return checkText(event.data);
    case "stack.verify.finished":
      return `verify ended after ${seconds(event.data.durationMs)}: ${event.data.ok ? "in order" : "not in order"}`;
    case "stack.outputs.exported":
      return `outputs exported: version ${event.data.version}${event.data.changed ? "" : ", as before"}`;
  }
}
