import type { GroundplaneEvent, RunOutcome } from "@groundplane/contracts";

/**
 * Names of attributes and metrics. Those that begin with `cicd`, `deployment` and `error` are OpenTelemetry's
 * semantic conventions (opentelemetry.io/docs/specs/semconv/cicd, status "development"); the others are ours.
 */
export const ATTRIBUTE = {
  environment: "deployment.environment.name",
  errorType: "error.type",
  pipeline: "cicd.pipeline.name",
  result: "cicd.pipeline.result",
  runId: "cicd.pipeline.run.id",
  runState: "cicd.pipeline.run.state",
  task: "cicd.pipeline.task.name",
  taskResult: "cicd.pipeline.task.run.result",
  taskRunId: "cicd.pipeline.task.run.id",
  blockingFindings: "groundplane.findings.blocking",
  changes: "groundplane.changes",
  engineErrors: "groundplane.engine.errors",
  engineWarnings: "groundplane.engine.warnings",
  enforcement: "groundplane.finding.enforcement",
  findings: "groundplane.findings",
  findingStatus: "groundplane.finding.status",
  operation: "groundplane.operation",
  outcome: "groundplane.outcome",
  outputsVersion: "groundplane.outputs.version",
  queuePosition: "groundplane.lease.position",
  resourceName: "groundplane.resource.name",
  resourceOperation: "groundplane.resource.operation",
  resourceType: "groundplane.resource.type",
  resourceUrn: "groundplane.resource.urn",
  rollbackPhase: "groundplane.rollback.phase",
  severity: "groundplane.finding.severity",
  state: "groundplane.state",
  unrecordedResources: "groundplane.resources.unrecorded",
  verdict: "groundplane.approval.verdict",
} as const;

/** How a run or a step ended, in the words of `cicd.pipeline.result`. */
export type Result = "success" | "failure" | "timeout" | "cancellation";

const RESULT_OF_OUTCOME: Readonly<Record<RunOutcome, Result>> = {
  applied: "success",
  unchanged: "success",
  "rolled-back": "failure",
  rejected: "cancellation",
  expired: "timeout",
  cancelled: "cancellation",
  failed: "failure",
};

/** Undefined while the run has no result: it waits, or goes on. */
export function resultOf({
  operation,
  data: { to, outcome, reason },
}: GroundplaneEvent<"run.moved">): Result | undefined {
  if (to === "BLOCKED") return "failure";
  if (to !== "DONE" || outcome === undefined) return undefined;
  // Asked for, it is what was wanted; after a failure it is what became of that.
  if (operation === "rollback" && outcome === "rolled-back") return "success";
  // A preview is closed once it is made.
  return reason?.code === "PREVIEW_ONLY" ? "success" : RESULT_OF_OUTCOME[outcome];
}
