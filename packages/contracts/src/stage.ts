import type { EventName, GroundplaneEvent } from "./events.ts";
import { writesStateAlone } from "./run.ts";
import type { RunState } from "./run-state.ts";

/** Where in the pipeline something happens. */
export type Stage =
  | "request"
  | "preview"
  | "policy"
  | "approve"
  | "up"
  | "destroy"
  | "state"
  | "verify"
  | "export"
  | "rollback";

const STAGE_OF_STATE: Readonly<Record<Exclude<RunState, "APPLYING" | "DONE">, Stage>> = {
  PENDING: "request",
  IN_PROGRESS: "preview",
  VALIDATING: "policy",
  BLOCKED: "policy",
  READY_FOR_APPLY: "approve",
  WAIT_FOR_APPROVE: "approve",
  ROLLBACK: "rollback",
};

/** `stay`: it says nothing of the stage, and happens in the one that the run is in. */
const STAGE_OF_EVENT: Readonly<Record<Exclude<EventName, "run.moved">, Stage | "stay">> = {
  "run.created": "request",
  "engine.resolved": "stay",
  "stack.lease.waiting": "stay",
  "stack.preflight.started": "preview",
  "stack.preflight.finished": "preview",
  "stack.preview.started": "preview",
  "stack.preview.finished": "preview",
  "stack.policy.started": "policy",
  "stack.policy.finished": "policy",
  "stack.cost.estimated": "policy",
  "stack.budget.lifted": "approve",
  "stack.review.ready": "approve",
  "stack.review.void": "approve",
  "stack.approval.decided": "approve",
  "stack.up.started": "up",
  "stack.up.finished": "up",
  "stack.destroy.started": "destroy",
  "stack.destroy.finished": "destroy",
  "stack.rollback.started": "stay",
  "stack.rollback.finished": "stay",
  "stack.rollback.late": "stay",
  "stack.state.started": "state",
  "stack.state.finished": "state",
  "resource.started": "stay",
  "resource.finished": "stay",
  "resource.failed": "stay",
  "engine.message": "stay",
  "stack.verify.started": "verify",
  "stack.verify.check": "verify",
  "stack.verify.finished": "verify",
  "stack.outputs.exported": "export",
};

/**
 * The stage that an event happens in, after the stage of the run's event before it. What is done to go back
 * (a preview, an up) counts as rollback until the run is done.
 */
export function stageOf(event: GroundplaneEvent, before: Stage = "request"): Stage {
  if (before === "rollback") return before;
  if (event.name !== "run.moved") {
    const stage = STAGE_OF_EVENT[event.name];
    return stage === "stay" ? before : stage;
  }
  const { to } = event.data;
  if (to === "DONE") return before;
  if (to === "APPLYING")
    return writesStateAlone(event.operation) ? "state" : event.operation === "destroy" ? "destroy" : "up";
  return STAGE_OF_STATE[to];
}
