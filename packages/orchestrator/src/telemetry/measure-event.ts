import type { GroundplaneEvent } from "@groundplane/contracts";
import type { Attributes } from "@opentelemetry/api";
import { ATTRIBUTE } from "./conventions.ts";
import type { Instruments } from "./instruments.ts";

/** Counts and measures what one event tells by itself. */
export function measureEvent(
  instruments: Instruments,
  attributes: Attributes,
  event: GroundplaneEvent,
): void {
  switch (event.name) {
    case "stack.up.finished":
    case "stack.destroy.finished":
      for (const [operation, count] of Object.entries(event.data.counts)) {
        if (operation === "same") continue;
        instruments.resourceChanges.add(count, { ...attributes, [ATTRIBUTE.resourceOperation]: operation });
      }
      break;
    case "stack.policy.finished":
      for (const { severity, enforcement, status } of event.data.findings) {
        instruments.findings.add(1, {
          ...attributes,
          [ATTRIBUTE.severity]: severity,
          [ATTRIBUTE.enforcement]: enforcement,
          [ATTRIBUTE.findingStatus]: status,
        });
      }
      break;
    case "stack.rollback.started":
      instruments.rollbackDuration.record(event.data.tookMs / 1000, {
        ...attributes,
        [ATTRIBUTE.rollbackPhase]: "begin",
      });
      break;
    case "stack.rollback.finished":
      instruments.rollbackDuration.record(event.data.durationMs / 1000, {
        ...attributes,
        [ATTRIBUTE.rollbackPhase]: "finish",
      });
      break;
    case "stack.rollback.late":
      instruments.rollbacksLate.add(1, { ...attributes, [ATTRIBUTE.rollbackPhase]: event.data.phase });
      break;
    default:
      break;
  }
}
