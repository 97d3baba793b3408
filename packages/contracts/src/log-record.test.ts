import { describe, expect, test } from "vitest";
import type { EventData, EventName, GroundplaneEvent } from "./events.ts";
import { EVENTS } from "./events.ts";
import { logRecord, logRecords } from "./log-record.ts";

const RUN = "run-20261121-050000-a1b2c3";

/** An event of the run, this many seconds after 05:00:00. */
function event<Name extends EventName>(
  name: Name,
  second: number,
  data: EventData<Name>,
  run?: string,
): GroundplaneEvent<Name>;
function event(name: EventName, second: number, data: object, run = RUN): object {
  const at = new Date(Date.parse("2026-11-21T05:00:00.000Z") + second * 1000).toISOString();
  return { name, at, run, stack: "network", environment: "dev", operation: "deploy", data };
}

const vpc = { urn: "urn:vpc", type: "aws:ec2/vpc:Vpc", name: "main", operation: "create" } as const;
const digest = `sha256:${"a".repeat(64)}`;

const DEPLOYMENT: readonly GroundplaneEvent[] = [
  event("run.created", 0, { requester: "ada" }),
  event("stack.lease.waiting", 0, {
    holder: { run: "run-20261121-092900-0a1b2c", host: "ci-1", pid: 7, since: "2026-11-21T09:29:00.000Z" },
    position: 1,
  }),
  event("engine.resolved", 0, { version: "3.220.0", origin: "path" }),
  event("run.moved", 0, { from: "PENDING", to: "IN_PROGRESS" }),
  event("stack.preview.started", 1, {}),
  event("resource.started", 1, { ...vpc, planning: true }),
  event("resource.finished", 1, { ...vpc, planning: true, durationMs: 100 }),
  event("stack.preview.finished", 3, { counts: { create: 1 }, durationMs: 2000 }),
  event("run.moved", 3, { from: "IN_PROGRESS", to: "VALIDATING" }),
  event("stack.policy.started", 3, { packs: [] }),
  event("stack.policy.finished", 4, { findings: [], blocking: 0, durationMs: 1000 }),
  event("run.moved", 4, { from: "VALIDATING", to: "READY_FOR_APPLY" }),
  event("run.moved", 4, { from: "READY_FOR_APPLY", to: "WAIT_FOR_APPROVE" }),
  event("stack.review.ready", 4, { digest, approvalsMissing: 1 }),
  event("stack.approval.decided", 5, { by: "ada", verdict: "approve", approvalsMissing: 0, waitedMs: 1000 }),
  event("stack.review.void", 5, { moved: ["state"] }),
  event("run.moved", 5, { from: "WAIT_FOR_APPROVE", to: "APPLYING" }),
  event("stack.up.started", 5, { fence: 1 }),
  event("resource.started", 5, { ...vpc, planning: false }),
  event("resource.failed", 6, vpc),
  event("engine.message", 6, { severity: "error", message: "it broke" }),
  event("stack.up.finished", 6, { counts: { create: 1 }, durationMs: 1000 }),
  event("stack.verify.started", 6, {}),
  event("stack.verify.check", 6, { check: "c", ok: true }),
  event("stack.verify.finished", 7, { ok: true, durationMs: 1000 }),
  event("stack.outputs.exported", 7, { version: 1, changed: true, files: [], durationMs: 100 }),
  event("run.moved", 7, { from: "APPLYING", to: "DONE", outcome: "applied" }),
  event("stack.destroy.started", 8, { fence: 1 }),
  event("stack.destroy.finished", 8, { counts: {}, durationMs: 100 }),
  event("stack.rollback.started", 20, { to: "run-20261121-051229-abc123", tookMs: 1000 }),
  event("stack.rollback.finished", 20, { to: "run-20261121-051229-abc123", durationMs: 2000 }),
  event("stack.rollback.late", 20, {
    to: "run-20261121-051229-abc123",
    phase: "begin",
    limitMs: 300_000,
    tookMs: 300_000,
  }),
  event("stack.cost.estimated", 9, {
    before: { low: 1, expected: 1, high: 1, unknown: 0 },
    after: { low: 3, expected: 4, high: 5, unknown: 2 },
    change: { low: 2, expected: 3, high: 4, unknown: 2 },
  }),
  event("stack.budget.lifted", 9, { by: "ada", reason: "a load test", approvalsMissing: 0 }),
  event("stack.preflight.started", 9, {}),
  event("stack.preflight.finished", 9, {
    problems: [{ subject: "r820", problem: "libvirt does not answer", remedy: "start it" }],
    durationMs: 100,
  }),
  event("stack.state.started", 9, { fence: 1, kept: "state-before.json" }),
  event("stack.state.finished", 9, { resources: 2, durationMs: 100 }),
];

describe("logRecords", () => {
  test("tells time, level, stage and words, and keeps all of the event", () => {
    const finished = event("stack.preview.finished", 3, { counts: { create: 1, same: 4 }, durationMs: 2000 });
    expect(logRecord(finished)).toEqual({
      time: "2026-11-21T05:00:03.000Z",
      level: "info",
      message: "preview ended after 2.0 s: 1 create",
      run: "run-20261121-050000-a1b2c3",
      stack: "network",
      environment: "dev",
      operation: "deploy",
      stage: "preview",
      event: "stack.preview.finished",
      data: { counts: { create: 1, same: 4 }, durationMs: 2000 },
    });
  });

  test("an event that says nothing of its stage is in the one that its run is in", () => {
    const record = logRecords();
    const stages = DEPLOYMENT.map((one) => `${one.name} ${record(one).stage}`);
    expect(stages).toEqual([
      "run.created request",
      "stack.lease.waiting request",
      "engine.resolved request",
      "run.moved preview",
      "stack.preview.started preview",
      "resource.started preview",
      "resource.finished preview",
      "stack.preview.finished preview",
      "run.moved policy",
      "stack.policy.started policy",
      "stack.policy.finished policy",
      "run.moved approve",
      "run.moved approve",
      "stack.review.ready approve",
      "stack.approval.decided approve",
      "stack.review.void approve",
      "run.moved up",
      "stack.up.started up",
      "resource.started up",
      "resource.failed up",
      "engine.message up",
      "stack.up.finished up",
      "stack.verify.started verify",
      "stack.verify.check verify",
      "stack.verify.finished verify",
      "stack.outputs.exported export",
      "run.moved export",
      "stack.destroy.started destroy",
      "stack.destroy.finished destroy",
      "stack.rollback.started destroy",
      "stack.rollback.finished destroy",
      "stack.rollback.late destroy",
      "stack.cost.estimated policy",
      "stack.budget.lifted approve",
      "stack.preflight.started preview",
      "stack.preflight.finished preview",
      "stack.state.started state",
      "stack.state.finished state",
    ]);
  });

  test("keeps the stages of several runs apart, and a rollback's steps within it", () => {
    const record = logRecords();
    const message = (run: string) =>
      record(event("engine.message", 1, { severity: "info", message: "m" }, run));
    record(event("stack.up.started", 0, { fence: 1 }, "a"));
    record(event("stack.preview.started", 0, {}, "b"));
    expect([message("a").stage, message("b").stage]).toEqual(["up", "preview"]);
    record(event("run.moved", 1, { from: "APPLYING", to: "ROLLBACK" }, "a"));
    expect(record(event("stack.preview.started", 2, {}, "a")).stage).toBe("rollback");
    record(event("run.moved", 3, { from: "ROLLBACK", to: "DONE", outcome: "rolled-back" }, "a"));
    expect(message("a").stage).toBe("request");
  });

  test("levels follow what an operator must look at", () => {
    const reason = { code: "ENGINE_FAILED", message: "it broke" };
    const done = (outcome: "failed" | "cancelled" | "applied", code = "ENGINE_FAILED") =>
      logRecord(
        event("run.moved", 1, { from: "APPLYING", to: "DONE", outcome, reason: { ...reason, code } }),
      );
    expect(done("failed")).toMatchObject({
      level: "error",
      message: "APPLYING → DONE, failed: ENGINE_FAILED: it broke",
    });
    expect(done("cancelled").level).toBe("warn");
    expect(done("cancelled", "PREVIEW_ONLY").level).toBe("info");
    expect(logRecord(event("run.moved", 1, { from: "VALIDATING", to: "BLOCKED" })).level).toBe("warn");
    expect(logRecord(event("engine.message", 1, { severity: "warning", message: "m" })).level).toBe("warn");
    expect(logRecord(event("stack.verify.check", 1, { check: "c", ok: false })).level).toBe("error");
    const late = {
      to: "run-20261121-051229-abc123",
      phase: "finish" as const,
      limitMs: 900_000,
      tookMs: 900_000,
    };
    expect(logRecord(event("stack.rollback.late", 1, late)).level).toBe("error");
  });

  test("every event has its words, on one line of JSON", () => {
    const record = logRecords();
    for (const one of DEPLOYMENT) {
      expect(record(one).message).not.toBe("");
      expect(JSON.stringify(record(one))).not.toContain("\n");
    }
    expect(new Set(DEPLOYMENT.map(({ name }) => name))).toEqual(new Set(Object.keys(EVENTS)));
  });
});
