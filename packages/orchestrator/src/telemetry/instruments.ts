import type { Counter, Histogram, Meter, UpDownCounter } from "@opentelemetry/api";

/** Up to an hour, with the bounds of a rollback (5 and 15 minutes) among them. */
const WORK_SECONDS = [0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 900, 1800, 3600];
/** From a minute to a week. */
const WAIT_SECONDS = [60, 300, 900, 3600, 4 * 3600, 8 * 3600, 24 * 3600, 3 * 24 * 3600, 7 * 24 * 3600];

export interface Instruments {
  readonly runDuration: Histogram;
  readonly runsActive: UpDownCounter;
  readonly runErrors: Counter;
  readonly stepDuration: Histogram;
  readonly approvalWait: Histogram;
  readonly resourceChanges: Counter;
  readonly findings: Counter;
  readonly rollbackDuration: Histogram;
  readonly rollbacksLate: Counter;
}

/** What is measured. The run's id is in no metric: it would make a series of each run. */
export function instrumentsOf(meter: Meter): Instruments {
  return {
    runDuration: meter.createHistogram("cicd.pipeline.run.duration", {
      description:
        "Work on a run: from its request to its review or its end, or from its approval to its end.",
      unit: "s",
      advice: { explicitBucketBoundaries: WORK_SECONDS },
    }),
    runsActive: meter.createUpDownCounter("cicd.pipeline.run.active", {
      description: "Runs that are worked on now.",
      unit: "{run}",
    }),
    runErrors: meter.createCounter("cicd.pipeline.run.errors", {
      description: "Runs that failed or were blocked, by the code of their reason.",
      unit: "{error}",
    }),
    stepDuration: meter.createHistogram("groundplane.step.duration", {
      description: "One step of a run.",
      unit: "s",
      advice: { explicitBucketBoundaries: WORK_SECONDS },
    }),
    approvalWait: meter.createHistogram("groundplane.approval.wait.duration", {
      description: "From a review that waits to a decision on it.",
      unit: "s",
      advice: { explicitBucketBoundaries: WAIT_SECONDS },
    }),
    resourceChanges: meter.createCounter("groundplane.resource.changes", {
      description: "Operations on resources that up or destroy carried out.",
      unit: "{resource}",
    }),
    findings: meter.createCounter("groundplane.policy.findings", {
      description: "Findings of policy packs and guards.",
      unit: "{finding}",
    }),
    rollbackDuration: meter.createHistogram("groundplane.rollback.duration", {
      description: "From when a way back was due to its beginning, or to its end.",
      unit: "s",
      advice: { explicitBucketBoundaries: WORK_SECONDS },
    }),
    rollbacksLate: meter.createCounter("groundplane.rollback.late", {
      description: "Ways back that did not begin, or finish, within their limit.",
      unit: "{rollback}",
    }),
  };
}
