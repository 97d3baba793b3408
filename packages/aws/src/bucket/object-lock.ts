import { checkOneOf, checkWhole } from "@groundplane/contracts";
import type { ObjectLockArgs } from "./bucket-args.ts";

/**
 * Checks a lock.
 *
 * @throws {INVALID_ARGUMENT} its mode is unknown, or its days are not whole, or out of bounds.
 */
export function checkObjectLock(lock: ObjectLockArgs | undefined): void {
  if (lock === undefined) return;
  checkOneOf("objectLock.mode", lock.mode, ["governance", "compliance"]);
  checkWhole("objectLock.days", lock.days, 1, 36_500);
}
