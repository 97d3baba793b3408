import { invalidArgument, OPENING_TAG } from "@groundplane/contracts";

/**
 * Loosens a safe default. The reason ends up in a tag `Opening:…` on the resource that is opened, where policies
 * and reviewers see it.
 */
export interface Opening {
  /** Why it is needed: 1 to 256 letters, digits, spaces and `_ . : / = + - @` (what an AWS tag value may hold). */
  readonly reason: string;
}

/**
 * The tag that records an opening.
 *
 * @throws {INVALID_ARGUMENT} the reason is empty or holds what a tag value may not.
 */
export function openingTag(what: string, opening: Opening | undefined): Readonly<Record<string, string>> {
  if (opening === undefined) return {};
  const reason = opening.reason.trim();
  if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u.test(reason)) {
    throw invalidArgument(
      `"${opening.reason}" is no reason for ${what}: give 1 to 256 letters, digits, spaces and _ . : / = + - @`,
      { opening: what, reason: opening.reason },
    );
  }
  return { [OPENING_TAG + what]: reason };
}
