import { GroundplaneError } from "@groundplane/contracts";

/** Leaves room for the longest role and Pulumi's random suffix in the 64 characters of an IAM role's name. */
const MAX_LENGTH = 32;

/**
 * Checks the name of a component: its children are named after it, and AWS takes those names.
 *
 * @throws {INVALID_NAME} it is not 1 to 32 lower-case letters, digits and dashes that begin with a letter.
 */
export function checkComponentName(name: string): void {
  if (name.length <= MAX_LENGTH && /^[a-z](-?[a-z0-9])*$/.test(name)) return;
  throw new GroundplaneError(
    "INVALID_NAME",
    `"${name}" cannot name a component: use 1 to ${MAX_LENGTH} lower-case letters, digits and single dashes, a letter first`,
    { facts: { name, maxLength: MAX_LENGTH } },
  );
}
