import type { Attributes, Context, Span } from "@opentelemetry/api";
import type { ResourceSpans } from "./resource-spans.ts";
import type { StepName } from "./step-events.ts";

export interface OpenStep {
  readonly name: StepName;
  readonly span: Span;
  /** Parent of what happens within. */
  readonly context: Context;
}

/** A step whose end was told. It failed when the run ends badly right after it, which the next event says. */
export interface FinishedStep extends OpenStep {
  readonly endedAt: Date;
  readonly seconds: number;
  /** By its own word. */
  readonly ok: boolean;
}

/** A run that is worked on in this process, as far as its events told. */
export interface OpenRun {
  readonly id: string;
  readonly span: Span;
  readonly context: Context;
  readonly startedAt: Date;
  /** Of metrics and spans: without the run's id. */
  readonly attributes: Attributes;
  /** Innermost last: a rollback has steps within. */
  readonly steps: OpenStep[];
  readonly resources: ResourceSpans;
  readonly messages: { warning: number; error: number };
  finished: FinishedStep | undefined;
}
