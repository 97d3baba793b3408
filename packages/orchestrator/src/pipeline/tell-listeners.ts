import type { GroundplaneEvent } from "@groundplane/contracts";

export type EventListener = (event: GroundplaneEvent) => void;

/** One that throws must not stop a deployment half-way, nor keep the others from hearing. */
export function tellListeners(listeners: readonly EventListener[], event: GroundplaneEvent): void {
  for (const tell of listeners) {
    try {
      tell(event);
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : String(error), "GroundplaneListenerWarning");
    }
  }
}
