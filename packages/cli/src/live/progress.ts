import type { ChangeOperation, GroundplaneEvent, RunRecord } from "@groundplane/contracts";
import { findingsCount } from "../render/findings.ts";

/** The steps of the pipeline, as a person names them. */
export const STEPS = ["preview", "policy", "approve", "up", "verify", "export"] as const;
export type StepName = (typeof STEPS)[number];

export interface Step {
  readonly state: "waiting" | "running" | "done" | "failed";
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly detail?: string;
  /** Counts that stand where the detail would: the renderer words them. */
  readonly counts?: RunRecord["counts"];
}

export interface ActiveResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly operation: ChangeOperation;
  readonly since: string;
}

/** Where a run stands, as its events tell it. */
export interface Progress {
  readonly run?: string;
  readonly stack?: string;
  readonly environment?: string;
  readonly engine?: string;
  readonly destroying: boolean;
  /** Only the state is written. */
  readonly writingState: boolean;
  /** The run goes no further: steps that still wait are left out of it. */
  readonly ended: boolean;
  readonly steps: Readonly<Record<StepName, Step>>;
  /** Operations under way, oldest first. */
  readonly active: readonly ActiveResource[];
  readonly finished: number;
  readonly failed: readonly ActiveResource[];
  /** How many operations the plan has; absent before the preview is through. */
  readonly planned?: number;
  /** Someone else changes the stack, and the run stands in the queue. */
  readonly waiting?: GroundplaneEvent<"stack.lease.waiting">["data"] | undefined;
}

const WAITING: Step = { state: "waiting" };

export const NO_PROGRESS: Progress = {
  destroying: false,
  writingState: false,
  ended: false,
  steps: {
    preview: WAITING,
    policy: WAITING,
    approve: WAITING,
    up: WAITING,
    verify: WAITING,
    export: WAITING,
  },
  active: [],
  finished: 0,
  failed: [],
};

function withStep(progress: Progress, name: StepName, change: Partial<Step>): Progress {
  return { ...progress, steps: { ...progress.steps, [name]: { ...progress.steps[name], ...change } } };
}

function started(progress: Progress, name: StepName, at: string): Progress {
  return withStep({ ...progress, active: [], waiting: undefined }, name, { state: "running", startedAt: at });
}

function finished(progress: Progress, name: StepName, at: string, change: Partial<Step> = {}): Progress {
  return withStep({ ...progress, active: [] }, name, { state: "done", finishedAt: at, ...change });
}

const changing = (operation: ChangeOperation): boolean => operation !== "same" && operation !== "read";

function plannedOperations(counts: RunRecord["counts"]): number {
  return Object.entries(counts).reduce(
    (sum, [operation, count]) => (operation === "same" || operation === "read" ? sum : sum + count),
    0,
  );
}

/** Marks the step that a run failed in: the engine tells that it is through before it is known how it went. */
function withFailure(progress: Progress, event: GroundplaneEvent<"run.moved">): Progress {
  const { steps } = progress;
  const reached = STEPS.findLast((name) => steps[name].state !== "waiting") ?? "preview";
  const next = STEPS[STEPS.indexOf(reached) + 1];
  // A failed preview is found out when the packs have begun already.
  const blamesPreview = reached === "policy" && event.data.reason?.code.startsWith("ENGINE_") === true;
  const failed = blamesPreview
    ? "preview"
    : reached === "verify" && steps.verify.state === "done"
      ? next
      : reached;
  const cleared = blamesPreview ? { ...progress, steps: { ...steps, policy: WAITING } } : progress;
  return withStep({ ...cleared, active: [] }, failed ?? reached, { state: "failed", finishedAt: event.at });
}

/** A run that ends takes the step it was in with it. */
function ended(before: Progress, event: GroundplaneEvent<"run.moved">): Progress {
  const over = event.data.to === "DONE" || event.data.to === "BLOCKED";
  const progress = { ...before, ended: over, waiting: undefined };
  const running = (Object.keys(progress.steps) as StepName[]).find(
    (name) => progress.steps[name].state === "running",
  );
  if (event.data.to === "WAIT_FOR_APPROVE") {
    return progress.steps.approve.state === "done" ? progress : started(progress, "approve", event.at);
  }
  if (event.data.to === "BLOCKED" && running === undefined)
    return withStep(progress, "policy", { state: "failed" });
  if (event.data.outcome === "failed") return withFailure(progress, event);
  if (event.data.to !== "DONE" || running === undefined) return progress;
  return withStep({ ...progress, active: [] }, running, {
    state: "done",
    finishedAt: event.at,
    ...(running === "approve" && event.data.outcome !== undefined ? { detail: event.data.outcome } : {}),
  });
}

function approvalDetail(missing: number, rest: string): string {
  if (missing === 0) return rest;
  return `${rest}${rest === "" ? "" : ", "}${missing} ${missing === 1 ? "approval" : "approvals"} missing`;
}

function resourceEvent(
  progress: Progress,
  event: GroundplaneEvent<"resource.started" | "resource.finished" | "resource.failed">,
): Progress {
  const { urn, type, name, operation } = event.data;
  const others = progress.active.filter((resource) => resource.urn !== urn);
  const resource = { urn, type, name, operation, since: event.at };
  if (event.name === "resource.started") return { ...progress, active: [...others, resource] };
  if (event.name === "resource.failed")
    return { ...progress, active: others, failed: [...progress.failed, resource] };
  const counts = !event.data.planning && changing(operation) ? 1 : 0;
  return { ...progress, active: others, finished: progress.finished + counts };
}

/** Folds one more event into the progress. */
export function advance(before: Progress, event: GroundplaneEvent): Progress {
  const progress = { ...before, run: event.run, stack: event.stack, environment: event.environment };
  switch (event.name) {
    case "engine.resolved":
      return { ...progress, engine: event.data.version };
    case "run.moved":
      return ended(progress, event);
    case "stack.lease.waiting":
      return { ...progress, waiting: event.data };
    case "stack.preview.started":
      return started(progress, "preview", event.at);
    case "stack.preview.finished":
      return finished({ ...progress, planned: plannedOperations(event.data.counts) }, "preview", event.at, {
        counts: event.data.counts,
      });
    case "stack.policy.started":
      return started(progress, "policy", event.at);
    case "stack.policy.finished":
      return finished(progress, "policy", event.at, {
        state: event.data.blocking > 0 ? "failed" : "done",
        detail: findingsCount(event.data.findings),
      });
    case "stack.review.ready":
      return event.data.approvalsMissing === 0
        ? finished(progress, "approve", event.at, { startedAt: event.at, detail: "automatic" })
        : withStep(started(progress, "approve", event.at), "approve", {
            detail: approvalDetail(event.data.approvalsMissing, ""),
          });
    case "stack.review.void":
      return finished(progress, "approve", event.at, {
        state: "failed",
        detail: `void: ${event.data.moved.join(", ")} moved since the review`,
      });
    case "stack.approval.decided": {
      const { by, verdict, approvalsMissing } = event.data;
      if (verdict === "reject")
        return finished(progress, "approve", event.at, { state: "failed", detail: `rejected by ${by}` });
      const detail = approvalDetail(approvalsMissing, `approved by ${by}`);
      return approvalsMissing === 0
        ? finished(progress, "approve", event.at, { detail })
        : withStep(progress, "approve", { detail });
    }
    case "stack.budget.lifted": {
      const { by, approvalsMissing } = event.data;
      const detail = approvalDetail(approvalsMissing, `brake lifted by ${by}`);
      return approvalsMissing === 0
        ? finished(progress, "approve", event.at, { detail })
        : withStep(progress, "approve", { detail });
    }
    case "stack.up.started":
    case "stack.destroy.started":
      return started(
        { ...progress, finished: 0, destroying: event.name === "stack.destroy.started" },
        "up",
        event.at,
      );
    case "stack.up.finished":
    case "stack.destroy.finished":
      return finished(progress, "up", event.at, {
        counts: event.data.counts,
        ...(progress.failed.length > 0 ? { state: "failed" as const } : {}),
      });
    case "stack.state.started":
      return started({ ...progress, writingState: true }, "up", event.at);
    case "stack.state.finished":
      return finished(progress, "up", event.at, {
        detail: `${event.data.resources} ${event.data.resources === 1 ? "resource" : "resources"} in it`,
      });
    case "resource.started":
    case "resource.finished":
    case "resource.failed":
      return resourceEvent(progress, event);
    case "stack.verify.started":
      return started(progress, "verify", event.at);
    case "stack.verify.check":
      return event.data.ok
        ? progress
        : withStep(progress, "verify", { detail: `${event.data.check} failed` });
    case "stack.verify.finished":
      return finished(progress, "verify", event.at, event.data.ok ? {} : { state: "failed" });
    case "stack.outputs.exported":
      return finished(progress, "export", event.at, {
        startedAt: event.at,
        detail: `version ${event.data.version}${event.data.changed ? "" : ", as before"}`,
      });
    case "run.created":
    case "stack.preflight.started":
    case "stack.preflight.finished":
    case "stack.cost.estimated":
    case "stack.rollback.started":
    case "stack.rollback.finished":
    case "stack.rollback.late":
    case "engine.message":
      return progress;
  }
}
