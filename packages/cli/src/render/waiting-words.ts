import type { GroundplaneEvent } from "@groundplane/contracts";
import { oneLine } from "./plain-text.ts";

/** Who is waited for, and how many come before. */
export function waitingWords({ holder, position }: GroundplaneEvent<"stack.lease.waiting">["data"]): string {
  const place = position === 1 ? "next in the queue" : `number ${position} in the queue`;
  return `waits for ${oneLine(holder.run)} (process ${holder.pid} on ${oneLine(holder.host)}), ${place}`;
}
