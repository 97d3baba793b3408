import type { GroundplaneEvent } from "@groundplane/contracts";
import * as api from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { describe, expect, test } from "vitest";
import {
  AUTOMATIC,
  event,
  REVIEWED,
  RUN,
  START,
  UNTIL_DONE,
  UNTIL_POLICY,
  UNTIL_UP,
} from "./events.fixture.ts";
import { type OpenTelemetryOptions, openTelemetry } from "./open-telemetry.ts";
import { RunIds, runSpanContext } from "./run-trace.ts";

async function observer(
  more: Pick<OpenTelemetryOptions, "parent"> & { readonly ids?: RunIds | "none" } = {},
) {
  const spanExporter = new InMemorySpanExporter();
  const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const ids = more.ids === "none" ? undefined : (more.ids ?? new RunIds());
  const tracerProvider = new TracerProvider({
    spanProcessors: [new SimpleSpanProcessor({ exporter: spanExporter })],
    ...(ids === undefined ? {} : { idGenerator: ids }),
  });
  const meterProvider = new MeterProvider({
    readers: [
      new PeriodicExportingMetricReader({ exporter: metricExporter, exportIntervalMillis: 3_600_000 }),
    ],
  });
  const telemetry = await openTelemetry({
    tracerProvider,
    meterProvider,
    ...(ids === undefined ? {} : { ids }),
    ...(more.parent === undefined ? {} : { parent: more.parent }),
  });
  return {
    ...telemetry,
    observe: (...events: readonly GroundplaneEvent[]) => {
      for (const one of events) telemetry.onEvent(one);
    },
    spans: async () => {
      await tracerProvider.forceFlush();
      return spanExporter.getFinishedSpans();
    },
    /** `name{attributes} value`, without what every series has. */
    points: async () => {
      await meterProvider.forceFlush();
      return metricExporter
        .getMetrics()
        .at(-1)
        ?.scopeMetrics.flatMap(({ metrics }) => metrics)
        .flatMap(({ descriptor, dataPoints }) =>
          dataPoints.map(({ attributes, value }) => ({
            name: descriptor.name,
            ...attributes,
            value: typeof value === "number" ? value : { count: value.count, sum: value.sum },
          })),
        );
    },
  };
}

const secondsOf = ([seconds, nanos]: api.HrTime): number => seconds - START / 1000 + nanos / 1e9;

/** The tree of one trace: `name start-end`, indented under its parent. */
function treeOf(spans: readonly ReadableSpan[]): readonly string[] {
  const ids = new Set(spans.map((span) => span.spanContext().spanId));
  const below = (parent: string | undefined, depth: number): readonly string[] =>
    spans
      .filter((span) => {
        const above = span.parentSpanContext?.spanId;
        return parent === undefined ? above === undefined || !ids.has(above) : above === parent;
      })
      .toSorted((a, b) => secondsOf(a.startTime) - secondsOf(b.startTime))
      .flatMap((span) => [
        `${"  ".repeat(depth)}${span.name} ${secondsOf(span.startTime)}-${secondsOf(span.endTime)}`,
        ...below(span.spanContext().spanId, depth + 1),
      ]);
  return below(undefined, 0);
}

const named = (spans: readonly ReadableSpan[], name: string): ReadableSpan => {
  const found = spans.find((span) => span.name === name);
  if (found === undefined) throw new TypeError(`no span ${name} in ${spans.map((span) => span.name)}`);
  return found;
};

describe("openTelemetry", () => {
  test("makes a span of a run, of each step and of each operation that up carries out", async () => {
    const { observe, spans } = await observer();
    observe(...AUTOMATIC);
    const found = await spans();
    expect(treeOf(found)).toEqual([
      "deploy network 0-17.2",
      "  preview 1-3",
      "  policy 3-4",
      "  up 10-15",
      "    create aws:ec2/vpc:Vpc 11-14",
      "  verify 15-17",
      "  export 17-17.2",
    ]);
    expect(named(found, "deploy network")).toMatchObject({
      kind: api.SpanKind.SERVER,
      status: { code: api.SpanStatusCode.UNSET },
      attributes: {
        "cicd.pipeline.name": "network",
        "cicd.pipeline.run.id": RUN,
        "cicd.pipeline.result": "success",
        "deployment.environment.name": "dev",
        "groundplane.operation": "deploy",
        "groundplane.outcome": "applied",
        "groundplane.state": "DONE",
      },
    });
    expect(named(found, "up").attributes).toMatchObject({
      "cicd.pipeline.task.name": "up",
      "cicd.pipeline.task.run.id": `${RUN}/up`,
      "cicd.pipeline.task.run.result": "success",
      "groundplane.changes.create": 1,
    });
  });

  test("measures the run, its steps and what it changed, without the run's id in any series", async () => {
    const { observe, points } = await observer();
    observe(...AUTOMATIC);
    const found = (await points()) ?? [];
    const run = { "cicd.pipeline.name": "network", "deployment.environment.name": "dev" };
    expect(found).toContainEqual({
      name: "cicd.pipeline.run.duration",
      ...run,
      "cicd.pipeline.run.state": "executing",
      "cicd.pipeline.result": "success",
      "groundplane.operation": "deploy",
      "groundplane.outcome": "applied",
      value: { count: 1, sum: 17.2 },
    });
    const steps = found.filter(({ name }) => name === "groundplane.step.duration");
    expect(steps).toMatchObject([
      { "cicd.pipeline.task.name": "preview", value: { count: 1, sum: 2 } },
      { "cicd.pipeline.task.name": "policy", value: { count: 1, sum: 1 } },
      { "cicd.pipeline.task.name": "up", value: { count: 1, sum: 5 } },
      { "cicd.pipeline.task.name": "verify", value: { count: 1, sum: 2 } },
      { "cicd.pipeline.task.name": "export", value: { count: 1, sum: 0.2 } },
    ]);
    expect(found.filter(({ name }) => name === "groundplane.resource.changes")).toMatchObject([
      { "groundplane.resource.operation": "create", value: 1 },
    ]);
    expect(found).toContainEqual(expect.objectContaining({ name: "cicd.pipeline.run.active", value: 0 }));
    expect(JSON.stringify(found)).not.toContain(RUN);
  });

  test("a run that waits is one trace with what another process does after the approval", async () => {
    const reviewing = await observer();
    reviewing.observe(...REVIEWED);
    const approving = await observer();
    approving.observe(
      event("stack.approval.decided", 9, {
        by: "grace",
        verdict: "approve",
        approvalsMissing: 0,
        waitedMs: 5000,
      }),
      event("engine.resolved", 9.5, { version: "3.220.0", origin: "path" }),
      ...UNTIL_UP,
      ...UNTIL_DONE,
    );
    const both = [...(await reviewing.spans()), ...(await approving.spans())];
    expect(new Set(both.map((span) => span.spanContext().traceId))).toEqual(
      new Set([runSpanContext(RUN).traceId]),
    );
    expect(treeOf(both)).toEqual([
      "deploy network 0-4",
      "  preview 1-3",
      "  policy 3-4",
      "  approve 4-9",
      "  deploy network 9.5-17.2",
      "    up 10-15",
      "      create aws:ec2/vpc:Vpc 11-14",
      "    verify 15-17",
      "    export 17-17.2",
    ]);
    expect(JSON.stringify(both.map((span) => span.attributes))).not.toContain("grace");
    expect(await approving.points()).toContainEqual(
      expect.objectContaining({ name: "groundplane.approval.wait.duration", value: { count: 1, sum: 5 } }),
    );
  });

  test("the caller's trace goes before the run's own", async () => {
    const parent = { traceId: "1".repeat(32), spanId: "2".repeat(16), traceFlags: 1 };
    const { observe, spans } = await observer({ parent });
    observe(...AUTOMATIC);
    const found = await spans();
    expect(new Set(found.map((span) => span.spanContext().traceId))).toEqual(new Set([parent.traceId]));
    expect(named(found, "deploy network").parentSpanContext?.spanId).toBe(parent.spanId);
  });

  test("without ids of its own the run's first span is below the one that its id tells", async () => {
    const { observe, spans } = await observer({ ids: "none" });
    observe(...AUTOMATIC);
    const { traceId, spanId } = runSpanContext(RUN);
    expect(named(await spans(), "deploy network").parentSpanContext).toMatchObject({ traceId, spanId });
  });

  test("marks the step after which the run failed, by the code and not by the words of the reason", async () => {
    const { observe, spans, points } = await observer();
    const reason = { code: "ENGINE_FAILED", message: "the token is hunter2" };
    observe(
      ...AUTOMATIC.slice(0, AUTOMATIC.findIndex(({ name }) => name === "stack.up.started") + 2),
      event("resource.failed", 12, {
        urn: "urn:vpc",
        type: "aws:ec2/vpc:Vpc",
        name: "main",
        operation: "create",
      }),
      event("engine.message", 12, { severity: "error", message: "the token is hunter2" }),
      event("stack.up.finished", 13, { counts: {}, durationMs: 3000 }),
      event("run.moved", 13, { from: "APPLYING", to: "DONE", outcome: "failed", reason }),
    );
    const found = await spans();
    const failed = { status: { code: api.SpanStatusCode.ERROR } };
    expect(named(found, "up")).toMatchObject({
      ...failed,
      attributes: { "error.type": "ENGINE_FAILED", "cicd.pipeline.task.run.result": "failure" },
    });
    expect(named(found, "create aws:ec2/vpc:Vpc")).toMatchObject(failed);
    expect(named(found, "deploy network")).toMatchObject({
      ...failed,
      attributes: {
        "cicd.pipeline.result": "failure",
        "error.type": "ENGINE_FAILED",
        "groundplane.engine.errors": 1,
      },
    });
    expect(named(found, "policy").status.code).toBe(api.SpanStatusCode.UNSET);
    const told = JSON.stringify([
      found.map(({ attributes, status, events }) => [attributes, status, events]),
      await points(),
    ]);
    expect(told).not.toContain("hunter2");
    expect(await points()).toContainEqual(
      expect.objectContaining({ name: "cicd.pipeline.run.errors", "error.type": "ENGINE_FAILED", value: 1 }),
    );
  });

  test("a blocked run failed in its policy step, and counts its findings", async () => {
    const { observe, spans, points } = await observer();
    const finding = {
      rule: "r",
      title: "t",
      severity: "high",
      enforcement: "mandatory",
      status: "violation",
      message: "m",
      remedy: "",
      pack: { name: "p", version: "1" },
      foundBy: "change-set",
    } as const;
    observe(
      ...UNTIL_POLICY,
      event("stack.policy.finished", 4, { findings: [finding, finding], blocking: 2, durationMs: 1000 }),
      event("run.moved", 4, { from: "VALIDATING", to: "BLOCKED", reason: { code: "BLOCKED", message: "m" } }),
    );
    const found = await spans();
    expect(named(found, "policy").attributes).toMatchObject({
      "error.type": "BLOCKED",
      "groundplane.findings": 2,
      "groundplane.findings.blocking": 2,
    });
    expect(named(found, "deploy network").attributes["cicd.pipeline.result"]).toBe("failure");
    expect(await points()).toContainEqual(
      expect.objectContaining({
        name: "groundplane.policy.findings",
        "groundplane.finding.severity": "high",
        value: 2,
      }),
    );
  });

  test("a way back after a failure is a step with steps within, and does not hide what failed", async () => {
    const { observe, spans, points } = await observer();
    const to = "run-20261121-040000-a1b2c3";
    const reason = { code: "VERIFICATION_FAILED", message: "m" };
    observe(
      ...AUTOMATIC.slice(0, -3),
      event("stack.verify.finished", 17, { ok: false, durationMs: 2000 }),
      event("run.moved", 17, { from: "APPLYING", to: "ROLLBACK", reason }),
      event("stack.preview.started", 18, {}),
      event("stack.preview.finished", 20, { counts: { update: 1 }, durationMs: 2000 }),
      event("stack.rollback.started", 21, { to, tookMs: 4000 }),
      event("stack.rollback.late", 22, { to, phase: "begin", limitMs: 1000, tookMs: 5000 }),
      event("stack.up.started", 22, { fence: 2 }),
      event("stack.up.finished", 24, { counts: { update: 1 }, durationMs: 2000 }),
      event("stack.rollback.finished", 25, { to, durationMs: 8000 }),
      event("run.moved", 25, { from: "ROLLBACK", to: "DONE", outcome: "rolled-back", reason }),
    );
    const found = await spans();
    expect(treeOf(found).slice(-6)).toEqual([
      "  up 10-15",
      "    create aws:ec2/vpc:Vpc 11-14",
      "  verify 15-17",
      "  rollback 17-25",
      "    preview 18-20",
      "    up 22-24",
    ]);
    expect(named(found, "verify").attributes["error.type"]).toBe("VERIFICATION_FAILED");
    expect(named(found, "rollback").attributes["cicd.pipeline.task.run.result"]).toBe("success");
    expect(named(found, "deploy network").attributes).toMatchObject({
      "cicd.pipeline.result": "failure",
      "groundplane.outcome": "rolled-back",
      "error.type": "VERIFICATION_FAILED",
    });
    const measured = (await points())?.filter(({ name }) => name.startsWith("groundplane.rollback"));
    expect(measured).toMatchObject([
      { "groundplane.rollback.phase": "begin", value: { count: 1, sum: 4 } },
      { "groundplane.rollback.phase": "finish", value: { count: 1, sum: 8 } },
      { name: "groundplane.rollback.late", "groundplane.rollback.phase": "begin", value: 1 },
    ]);
  });

  test("a way back that someone asked for is a run like any other, and succeeds as one", async () => {
    const { observe, spans } = await observer();
    const back = { operation: "rollback" } as const;
    const to = "run-20261121-040000-a1b2c3";
    observe(
      event("run.created", 0, { requester: "ada" }, back),
      event(
        "stack.lease.waiting",
        1,
        { holder: { run: to, host: "h", pid: 1, since: "s" }, position: 1 },
        back,
      ),
      event("stack.rollback.started", 2, { to, tookMs: 9000 }, back),
      event("stack.up.started", 2, { fence: 2 }, back),
      event("stack.up.finished", 4, { counts: {}, durationMs: 2000 }, back),
      event("stack.rollback.finished", 4, { to, durationMs: 11_000 }, back),
      event("run.moved", 4, { from: "APPLYING", to: "DONE", outcome: "rolled-back" }, back),
    );
    const found = await spans();
    expect(treeOf(found)).toEqual(["rollback network 0-4", "  up 2-4"]);
    const run = named(found, "rollback network");
    expect(run.attributes["cicd.pipeline.result"]).toBe("success");
    expect(run.events).toMatchObject([
      { name: "stack.lease.waiting", attributes: { "groundplane.lease.position": 1 } },
    ]);
  });

  test("ends what is open when the process ends", async () => {
    const { observe, spans, end } = await observer();
    observe(...UNTIL_POLICY);
    end();
    expect((await spans()).map(({ name }) => name)).toEqual(["preview", "policy", "deploy network"]);
    end();
    expect(await spans()).toHaveLength(3);
  });

  test("counts the operations beyond the thousandth instead of tracing them", async () => {
    const { observe, spans } = await observer();
    observe(...AUTOMATIC.slice(0, -UNTIL_DONE.length));
    for (let index = 0; index < 1500; index += 1) {
      const one = { urn: `urn:${index}`, type: "t", name: `n${index}`, operation: "create" } as const;
      observe(
        event("resource.started", 12, { ...one, planning: false }),
        event("resource.finished", 12, { ...one, planning: false, durationMs: 1 }),
      );
    }
    observe(...UNTIL_DONE);
    const found = await spans();
    expect(found.filter(({ kind }) => kind === api.SpanKind.CLIENT)).toHaveLength(1000);
    expect(named(found, "deploy network").attributes["groundplane.resources.unrecorded"]).toBe(501);
  });

  test("follows a bounded number of runs at once", async () => {
    const { observe, spans } = await observer();
    for (let index = 0; index < 300; index += 1)
      observe(event("run.created", index, { requester: "ada" }, { run: `run-${index}` }));
    expect(await spans()).toHaveLength(300 - 256);
  });
});
