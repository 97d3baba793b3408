import { invalidArgument } from "@groundplane/contracts";

/** Loosens a safe default. The reason is among the component's outputs, where policies and reviewers see it. */
export interface Opening {
  /** Why it is needed: 1 to 256 characters. */
  readonly reason: string;
}

/**
 * Checks the reason of an opening.
 *
 * @throws {INVALID_ARGUMENT} it is empty or too long.
 */
export function checkOpening(what: string, opening: Opening | undefined): void {
  if (opening === undefined) return;
  const length = opening.reason.trim().length;
  if (length >= 1 && length <= 256) return;
  throw invalidArgument(`"${opening.reason}" is no reason for ${what}: give 1 to 256 characters`, {
    argument: what,
    reason: opening.reason,
  });
}
