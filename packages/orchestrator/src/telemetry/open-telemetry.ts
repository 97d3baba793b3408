import type { MeterProvider, SpanContext, TracerProvider } from "@opentelemetry/api";
import type { EventListener } from "../pipeline/tell-listeners.ts";
import { RunObserver } from "./run-observer.ts";
import type { RunIds } from "./run-trace.ts";

export interface OpenTelemetryOptions {
  /** @default the one that is registered with `@opentelemetry/api`; without one, nothing is traced */
  readonly tracerProvider?: TracerProvider;
  /** @default the one that is registered with `@opentelemetry/api`; without one, nothing is measured */
  readonly meterProvider?: MeterProvider;
  /** Parent of runs that are started outside of any span, such as the caller's `TRACEPARENT`. @default - none */
  readonly parent?: SpanContext;
  /**
   * What the tracer provider has as its `idGenerator`.
   *
   * @default - a run's trace has the id that `runSpanContext` tells, and its first span another than it tells, so
   * that a trace viewer says the root is missing
   */
  readonly ids?: RunIds;
}

export interface OpenTelemetry {
  /** For `onEvent` of an `Orchestrator`. */
  readonly onEvent: EventListener;
  /** Ends the spans of runs that are under way, for the end of the process. Flushing is the SDK's. */
  end(): void;
}

/**
 * Spans and metrics of runs, made from their events: a span for each stretch of work on a run, in it one for each
 * step, and in these one for each operation on a resource.
 *
 * @example
 * const { onEvent } = await openTelemetry();
 * const orchestrator = await Orchestrator.open({ project: await loadProject(), onEvent });
 */
export async function openTelemetry(options: OpenTelemetryOptions = {}): Promise<OpenTelemetry> {
  // Only where it is wanted: a command without telemetry does not pay for it.
  const api = await import("@opentelemetry/api");
  const scope = "@groundplane/orchestrator";
  const observer = new RunObserver({
    api,
    tracer: (options.tracerProvider ?? api.trace.getTracerProvider()).getTracer(scope),
    meter: (options.meterProvider ?? api.metrics.getMeterProvider()).getMeter(scope),
    parent: options.parent,
    ids: options.ids,
  });
  return { onEvent: (event) => observer.observe(event), end: () => observer.end() };
}
