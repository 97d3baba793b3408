import { checkOneOf, checkWhole } from "../invalid-argument.ts";

/** Keeps each version of an object from being deleted, for a time. */
export interface ObjectLock {
  /** `GOVERNANCE`: who has `s3:BypassGovernanceRetention` may end it. `COMPLIANCE`: nobody may, the root user neither. */
  readonly mode: "GOVERNANCE" | "COMPLIANCE";
  /** @minimum 1 @maximum 36500 */
  readonly days: number;
}

/**
 * Checks a lock.
 *
 * @throws {INVALID_ARGUMENT} its mode is unknown, or its days are not whole, or out of bounds.
 */
export function checkObjectLock(lock: ObjectLock | undefined): void {
  if (lock === undefined) return;
  checkOneOf("objectLock.mode", lock.mode, ["GOVERNANCE", "COMPLIANCE"]);
  checkWhole("objectLock.days", lock.days, 1, 36500);
}
