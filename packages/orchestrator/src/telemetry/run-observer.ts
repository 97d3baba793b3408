import type { GroundplaneEvent, RunOutcome } from "@groundplane/contracts";
import type * as Api from "@opentelemetry/api";
import { ATTRIBUTE, type Result, resultOf } from "./conventions.ts";
import { type Instruments, instrumentsOf } from "./instruments.ts";
import { measureEvent } from "./measure-event.ts";
import type { OpenRun, OpenStep } from "./open-run.ts";
import { ResourceSpans } from "./resource-spans.ts";
import { type RunIds, runSpanContext } from "./run-trace.ts";
import { stepEnd, stepStart } from "./step-events.ts";

/** Runs that are followed at once; the one told of first is ended for another. */
const MAX_OPEN_RUNS = 256;

export interface RunObserverOptions {
  /** Given, as it is loaded only where telemetry is wanted. */
  readonly api: typeof Api;
  readonly tracer: Api.Tracer;
  readonly meter: Api.Meter;
  /** Parent of what has no active span around it. */
  readonly parent: Api.SpanContext | undefined;
  readonly ids: RunIds | undefined;
}

/** What an event says of what went before it. */
interface Verdict {
  readonly result?: Result | undefined;
  /** Of a failure: the code of the reason, as `error.type`. */
  readonly code?: string | undefined;
}

/** How a run, or this process's work on it, ended. */
interface Ending extends Verdict {
  readonly at: Date;
  readonly outcome?: RunOutcome | undefined;
}

/** Turns the events of runs into spans and metrics. Attributes are names, counts and codes, never free text. */
export class RunObserver {
  readonly #options: RunObserverOptions;
  readonly #instruments: Instruments;
  readonly #open = new Map<string, OpenRun>();

  constructor(options: RunObserverOptions) {
    this.#options = options;
    this.#instruments = instrumentsOf(options.meter);
  }

  observe(event: GroundplaneEvent): void {
    // A decision is no work on the run: it may be the only thing that this process does with it.
    if (event.name === "stack.approval.decided") {
      this.#decided(event);
      return;
    }
    const run = this.#open.get(event.run) ?? this.#begin(event);
    const ending = endingOf(event);
    this.#endFinishedStep(run, verdictOf(event));
    this.#observeStep(run, event);
    measureEvent(this.#instruments, run.attributes, event);
    switch (event.name) {
      case "resource.started":
      case "resource.finished":
      case "resource.failed":
        run.resources.observe(event, innermost(run));
        break;
      case "engine.message":
        if (event.data.severity !== "info") run.messages[event.data.severity] += 1;
        break;
      case "stack.lease.waiting":
        run.span.addEvent(event.name, { [ATTRIBUTE.queuePosition]: event.data.position }, new Date(event.at));
        break;
      case "run.moved":
        run.span.setAttribute(ATTRIBUTE.state, event.data.to);
        break;
      default:
        break;
    }
    if (ending !== undefined) this.#end(run, ending);
  }

  /** Ends what is open: for the end of the process. */
  end(at: Date = new Date()): void {
    for (const run of this.#open.values()) this.#end(run, { at });
  }

  #isInSpan(): boolean {
    const { context, trace } = this.#options.api;
    return trace.getSpan(context.active()) !== undefined;
  }

  /** What is around a run: the caller's span, or the run's own first one. */
  #around(run: string): Api.Context {
    const { context, ROOT_CONTEXT, trace } = this.#options.api;
    if (this.#isInSpan()) return context.active();
    return trace.setSpanContext(ROOT_CONTEXT, this.#options.parent ?? runSpanContext(run));
  }

  #startRunSpan(event: GroundplaneEvent): Api.Span {
    const { api, tracer, ids, parent } = this.#options;
    const attributes = { ...attributesOf(event), [ATTRIBUTE.runId]: event.run };
    const options = { kind: api.SpanKind.SERVER, startTime: new Date(event.at), attributes };
    const name = `${event.operation} ${event.stack}`;
    const isFirst = event.name === "run.created" && parent === undefined && !this.#isInSpan();
    return isFirst && ids !== undefined
      ? ids.beginRun(event.run, () => tracer.startSpan(name, options, api.ROOT_CONTEXT))
      : tracer.startSpan(name, options, this.#around(event.run));
  }

  #begin(event: GroundplaneEvent): OpenRun {
    const { api, tracer } = this.#options;
    const span = this.#startRunSpan(event);
    const run: OpenRun = {
      id: event.run,
      span,
      context: api.trace.setSpan(api.ROOT_CONTEXT, span),
      startedAt: new Date(event.at),
      attributes: attributesOf(event),
      steps: [],
      resources: new ResourceSpans(api, tracer),
      messages: { warning: 0, error: 0 },
      finished: undefined,
    };
    const [oldest] = this.#open.values();
    if (oldest !== undefined && this.#open.size >= MAX_OPEN_RUNS) this.#end(oldest, { at: run.startedAt });
    this.#open.set(event.run, run);
    this.#instruments.runsActive.add(1, { ...run.attributes, [ATTRIBUTE.runState]: "executing" });
    return run;
  }

  #startStep(run: OpenRun, name: OpenStep["name"], startTime: Date): OpenStep {
    const { tracer, api } = this.#options;
    const around = innermost(run);
    const attributes = {
      ...run.attributes,
      [ATTRIBUTE.runId]: run.id,
      [ATTRIBUTE.task]: name,
      [ATTRIBUTE.taskRunId]: `${run.id}/${name}`,
    };
    const span = tracer.startSpan(name, { startTime, attributes }, around);
    return { name, span, context: api.trace.setSpan(around, span) };
  }

  #observeStep(run: OpenRun, event: GroundplaneEvent): void {
    const at = new Date(event.at);
    const started = stepStart(event);
    // What failed is over when the way back begins.
    if (started === "rollback") this.#endOpenSteps(run, { at, ...verdictOf(event) });
    if (started !== undefined) run.steps.push(this.#startStep(run, started, at));
    const ended = stepEnd(event);
    if (ended === undefined) return;
    const index = run.steps.findLastIndex(({ name }) => name === ended.step);
    const [open] = index < 0 ? [] : run.steps.splice(index);
    // A way back that someone asked for is a run of its own, and no step within one.
    if (open === undefined && ended.step === "rollback") return;
    const step = open ?? this.#startStep(run, ended.step, new Date(at.getTime() - ended.seconds * 1000));
    step.span.setAttributes(ended.attributes);
    run.finished = { ...step, endedAt: at, seconds: ended.seconds, ok: ended.ok };
  }

  #endFinishedStep(run: OpenRun, next: Verdict | undefined): void {
    const { finished } = run;
    if (finished === undefined) return;
    run.finished = undefined;
    const failed = !finished.ok || next?.result === "failure";
    const result = failed ? "failure" : "success";
    this.#endStep(finished, { at: finished.endedAt, result, ...(failed ? { code: next?.code } : {}) });
    this.#instruments.stepDuration.record(finished.seconds, {
      ...run.attributes,
      [ATTRIBUTE.task]: finished.name,
      [ATTRIBUTE.taskResult]: result,
    });
  }

  #endOpenSteps(run: OpenRun, ending: Ending): void {
    for (const step of run.steps.toReversed()) this.#endStep(step, ending);
    run.steps.length = 0;
  }

  #endStep({ span }: OpenStep, ending: Ending): void {
    if (ending.result !== undefined) span.setAttribute(ATTRIBUTE.taskResult, ending.result);
    this.#markFailure(span, ending);
    span.end(ending.at);
  }

  #markFailure(span: Api.Span, { result, code }: Verdict): void {
    if (result !== "failure") return;
    span.setAttribute(ATTRIBUTE.errorType, code ?? "_OTHER");
    // No message: it may quote a provider.
    span.setStatus({ code: this.#options.api.SpanStatusCode.ERROR });
  }

  #decided(event: GroundplaneEvent<"stack.approval.decided">): void {
    const { verdict, waitedMs } = event.data;
    const shared = { ...attributesOf(event), [ATTRIBUTE.verdict]: verdict };
    this.#instruments.approvalWait.record(waitedMs / 1000, shared);
    const at = new Date(event.at);
    const attributes = {
      ...shared,
      [ATTRIBUTE.runId]: event.run,
      [ATTRIBUTE.task]: "approve",
      [ATTRIBUTE.taskRunId]: `${event.run}/approve`,
      [ATTRIBUTE.taskResult]: verdict === "approve" ? "success" : "cancellation",
    };
    const startTime = new Date(at.getTime() - waitedMs);
    this.#options.tracer.startSpan("approve", { startTime, attributes }, this.#around(event.run)).end(at);
  }

  #end(run: OpenRun, ending: Ending): void {
    const { at, result, outcome, code } = ending;
    this.#open.delete(run.id);
    this.#endFinishedStep(run, ending);
    run.resources.end(at);
    this.#endOpenSteps(run, ending);
    if (run.resources.unrecorded > 0)
      run.span.setAttribute(ATTRIBUTE.unrecordedResources, run.resources.unrecorded);
    run.span.setAttributes({
      [ATTRIBUTE.engineErrors]: run.messages.error,
      [ATTRIBUTE.engineWarnings]: run.messages.warning,
    });
    const facts = {
      ...(result === undefined ? {} : { [ATTRIBUTE.result]: result }),
      ...(outcome === undefined ? {} : { [ATTRIBUTE.outcome]: outcome }),
    };
    run.span.setAttributes(facts);
    this.#markFailure(run.span, ending);
    run.span.end(at);

    const executing = { ...run.attributes, [ATTRIBUTE.runState]: "executing" };
    const failure = result === "failure" ? { [ATTRIBUTE.errorType]: code ?? "_OTHER" } : undefined;
    this.#instruments.runsActive.add(-1, executing);
    this.#instruments.runDuration.record((at.getTime() - run.startedAt.getTime()) / 1000, {
      ...executing,
      ...facts,
      ...failure,
    });
    if (failure !== undefined) this.#instruments.runErrors.add(1, { ...run.attributes, ...failure });
  }
}

function innermost(run: OpenRun): Api.Context {
  return run.steps.at(-1)?.context ?? run.context;
}

function attributesOf(event: GroundplaneEvent): Api.Attributes {
  return {
    [ATTRIBUTE.pipeline]: event.stack,
    [ATTRIBUTE.environment]: event.environment,
    [ATTRIBUTE.operation]: event.operation,
  };
}

/** Undefined while the work on the run goes on. */
function endingOf(event: GroundplaneEvent): Ending | undefined {
  const at = new Date(event.at);
  // From here on it waits for people, in this process or in another.
  if (event.name === "stack.review.ready") return event.data.approvalsMissing > 0 ? { at } : undefined;
  const result = event.name === "run.moved" ? resultOf(event) : undefined;
  if (event.name !== "run.moved" || result === undefined) return undefined;
  return { at, result, outcome: event.data.outcome, code: event.data.reason?.code };
}

/** A step that ended right before a run failed is the one that did. */
function verdictOf(event: GroundplaneEvent): Verdict | undefined {
  if (event.name !== "run.moved") return undefined;
  const { to, outcome, reason } = event.data;
  if (to === "ROLLBACK") return { result: "failure", code: reason?.code };
  // The way back went well; what failed was told when it began.
  if (outcome === "rolled-back") return undefined;
  return { result: resultOf(event), code: reason?.code };
}
