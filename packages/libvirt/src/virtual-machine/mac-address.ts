import { createHash } from "node:crypto";

/**
 * The MAC address of a machine's card, from its name alone: the same in every run, and on every host. It is in the range
 * 52:54:00 that QEMU uses, so 24 bits are left to the name; a fleet checks that no two of its machines share one.
 *
 * @param name of the machine, with its stack: `rack/athena`
 */
export function macAddress(name: string): string {
  const bytes = createHash("sha256").update(name).digest().subarray(0, 3);
  return ["52", "54", "00", ...[...bytes].map((byte) => byte.toString(16).padStart(2, "0"))].join(":");
}
