import type { GroundplaneEvent } from "@groundplane/contracts";
import type { Attributes } from "@opentelemetry/api";
import { ATTRIBUTE } from "./conventions.ts";

export type StepName = "preview" | "policy" | "up" | "destroy" | "state" | "verify" | "export" | "rollback";

export interface StepEnd {
  readonly step: StepName;
  readonly seconds: number;
  /** By its own word. */
  readonly ok: boolean;
  /** Counts and names only: free text may quote anything. */
  readonly attributes: Attributes;
}

/** What begins a step; undefined for other events. */
export function stepStart(event: GroundplaneEvent): StepName | undefined {
  switch (event.name) {
    case "stack.preview.started":
      return "preview";
    case "stack.policy.started":
      return "policy";
    case "stack.up.started":
      return "up";
    case "stack.destroy.started":
      return "destroy";
    case "stack.state.started":
      return "state";
    case "stack.verify.started":
      return "verify";
    case "run.moved":
      return event.data.to === "ROLLBACK" ? "rollback" : undefined;
    default:
      return undefined;
  }
}

function changesOf(counts: Readonly<Record<string, number>>): Attributes {
  return Object.fromEntries(
    Object.entries(counts).map(([operation, count]) => [`${ATTRIBUTE.changes}.${operation}`, count]),
  );
}

/** What ends a step; undefined for other events. */
export function stepEnd(event: GroundplaneEvent): StepEnd | undefined {
  switch (event.name) {
    case "stack.preview.finished":
      return { ...endOf("preview", event.data), attributes: changesOf(event.data.counts) };
    case "stack.policy.finished":
      return {
        ...endOf("policy", event.data),
        ok: event.data.blocking === 0,
        attributes: {
          [ATTRIBUTE.findings]: event.data.findings.length,
          [ATTRIBUTE.blockingFindings]: event.data.blocking,
        },
      };
    case "stack.up.finished":
      return { ...endOf("up", event.data), attributes: changesOf(event.data.counts) };
    case "stack.destroy.finished":
      return { ...endOf("destroy", event.data), attributes: changesOf(event.data.counts) };
    case "stack.state.finished":
      return endOf("state", event.data);
    case "stack.verify.finished":
      return { ...endOf("verify", event.data), ok: event.data.ok };
    case "stack.rollback.finished":
      return endOf("rollback", event.data);
    case "stack.outputs.exported":
      return {
        ...endOf("export", event.data),
        attributes: { [ATTRIBUTE.outputsVersion]: event.data.version },
      };
    default:
      return undefined;
  }
}

function endOf(step: StepName, { durationMs }: { readonly durationMs: number }): StepEnd {
  return { step, seconds: durationMs / 1000, ok: true, attributes: {} };
}
