import { type GroundplaneEvent, totalText } from "@groundplane/contracts";
import { countsLine, OPERATION_WORDS, operationSymbol } from "../render/counts.ts";
import { dateTime, duration } from "../render/duration.ts";
import { findingsCount } from "../render/findings.ts";
import { oneLine } from "../render/plain-text.ts";
import { shortType } from "../render/resource-name.ts";
import { isUnmetOperation } from "../render/unmet-operation.ts";
import { waitingWords } from "../render/waiting-words.ts";
import type { Style } from "../terminal.ts";

type ResourceEvent = GroundplaneEvent<"resource.started" | "resource.finished" | "resource.failed">;

function resourceWords(event: ResourceEvent, style: Style): string | undefined {
  const { type, name, operation } = event.data;
  const what = `${shortType(type)} ${oneLine(name)}`;
  if (event.name === "resource.failed")
    return style.red(`✖ ${OPERATION_WORDS[operation].doing} ${what} failed`);
  if (event.data.planning || operation === "same" || operation === "read") return undefined;
  if (event.name === "resource.started") return undefined;
  const words = OPERATION_WORDS[operation];
  return `${operationSymbol(operation, style)} ${words.done} ${what} ${style.dim(`(${duration(event.data.durationMs)})`)}`;
}

function movedWords(event: GroundplaneEvent<"run.moved">): string | undefined {
  const { to, outcome, reason } = event.data;
  const because = reason === undefined ? "" : `: ${oneLine(reason.message)}`;
  if (to === "BLOCKED" || to === "ROLLBACK") return `${to}${because}`;
  if (to === "DONE")
    return `DONE, ${outcome ?? "no outcome"}${outcome === "applied" || outcome === "unchanged" ? "" : because}`;
  return undefined;
}

function checkWords({ data }: GroundplaneEvent<"stack.verify.check">, style: Style): string {
  const { ok, message } = data;
  if (!ok) return style.red(`failed: ${oneLine(message ?? "no message")}`);
  return message === undefined ? "holds" : `holds: ${oneLine(message)}`;
}

/** An event in words, for a log; undefined for the ones that a reader can do without. */
export function eventWords(event: GroundplaneEvent, style: Style): string | undefined {
  switch (event.name) {
    case "run.created":
      return `${event.run} for ${event.environment}/${event.stack}, asked by ${event.data.requester}`;
    case "run.moved":
      return movedWords(event);
    case "engine.resolved":
      return `engine ${event.data.version} (${event.data.origin})`;
    case "stack.lease.waiting":
      return waitingWords(event.data);
    case "stack.preflight.started":
      return "preflight: the stack looks at what it needs";
    case "stack.preflight.finished": {
      const { problems, durationMs } = event.data;
      const found = problems.map(({ subject, problem }) => oneLine(`${subject}: ${problem}`)).join("; ");
      return `preflight: ${found === "" ? "in order" : style.red(found)} ${style.dim(`(${duration(durationMs)})`)}`;
    }
    case "stack.preview.started":
      return "preview: the engine plans";
    case "stack.preview.finished":
      return `preview: ${countsLine(event.data.counts, "planned", style)} ${style.dim(`(${duration(event.data.durationMs)})`)}`;
    case "stack.policy.started":
      return `policy: ${event.data.packs.length === 0 ? "no packs" : event.data.packs.map(oneLine).join(", ")}`;
    case "stack.policy.finished":
      return `policy: ${findingsCount(event.data.findings)}${event.data.blocking > 0 ? style.red(`, ${event.data.blocking} blocking`) : ""} ${style.dim(`(${duration(event.data.durationMs)})`)}`;
    case "stack.cost.estimated": {
      const { change, problem, budget } = event.data;
      const bill =
        change === undefined
          ? `not estimated: ${oneLine(problem ?? "")}`
          : `${totalText(change, true)} USD a month`;
      return `cost: ${bill}${budget?.brake === undefined ? "" : style.yellow("; the budget's brake holds it")}`;
    }
    case "stack.budget.lifted":
      return `budget: ${oneLine(event.data.by)} lifted the brake: ${oneLine(event.data.reason)}`;
    case "stack.review.ready": {
      const until = event.data.expiresAt === undefined ? "" : `, until ${dateTime(event.data.expiresAt)}`;
      const missing = event.data.approvalsMissing;
      return `approve: ${missing === 0 ? "nobody is asked" : `${missing} missing${until}`}, digest ${event.data.digest}`;
    }
    case "stack.review.void":
      return style.red(`approve: void, ${event.data.moved.join(", ")} moved since the review`);
    case "stack.approval.decided": {
      const missing = event.data.approvalsMissing > 0 ? `, ${event.data.approvalsMissing} missing` : "";
      return `approve: ${event.data.by} ${event.data.verdict === "approve" ? "approved" : "rejected"}${missing}`;
    }
    case "stack.up.started":
      return "up: the engine applies the plan";
    case "stack.destroy.started":
      return "destroy: the engine destroys";
    case "stack.up.finished":
      return `up: ${countsLine(event.data.counts, "done", style)} ${style.dim(`(${duration(event.data.durationMs)})`)}`;
    case "stack.destroy.finished":
      return `destroy: ${countsLine(event.data.counts, "done", style)} ${style.dim(`(${duration(event.data.durationMs)})`)}`;
    case "stack.rollback.started":
      return `rollback: the engine goes back to ${event.data.to} ${style.dim(`(due for ${duration(event.data.tookMs)})`)}`;
    case "stack.rollback.finished":
      return `rollback: back at ${event.data.to} ${style.dim(`(${duration(event.data.durationMs)} after it was due)`)}`;
    case "stack.rollback.late": {
      const { phase, limitMs, tookMs } = event.data;
      return style.red(
        `rollback: LATE, it was to ${phase} within ${duration(limitMs)}, and ${duration(tookMs)} are over`,
      );
    }
    case "stack.state.started":
      return `state: written anew; what stood before is kept (${oneLine(event.data.kept)})`;
    case "stack.state.finished":
      return `state: written and read back, ${event.data.resources} ${event.data.resources === 1 ? "resource" : "resources"} ${style.dim(`(${duration(event.data.durationMs)})`)}`;
    case "resource.started":
    case "resource.finished":
    case "resource.failed":
      return resourceWords(event, style);
    case "engine.message": {
      if (isUnmetOperation(event.data.message)) return undefined;
      const color = { info: style.dim, warning: style.yellow, error: style.red }[event.data.severity];
      return color(`${event.data.severity}: ${oneLine(event.data.message)}`);
    }
    case "stack.verify.started":
      return "verify: checks, and a preview that must show no changes";
    case "stack.verify.check":
      return `verify: ${oneLine(event.data.check)} ${checkWords(event, style)}`;
    case "stack.verify.finished":
      return `verify: ${event.data.ok ? "in order" : style.red("failed")} ${style.dim(`(${duration(event.data.durationMs)})`)}`;
    case "stack.outputs.exported":
      return `export: version ${event.data.version}${event.data.changed ? "" : ", as before"}`;
  }
}
