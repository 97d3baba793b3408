import { GroundplaneError } from "@groundplane/contracts";

/** Leaves room for a domain's and a volume's suffixes in the 63 characters of a host name's label (RFC 1123). */
const MAX_LENGTH = 32;

/**
 * Checks the name of a component: children, domains and host names are named after it.
 *
 * @throws {INVALID_NAME} it is not 1 to 32 lower-case letters, digits and single dashes that begin with a letter or digit.
 */
export function checkComponentName(name: string, maxLength = MAX_LENGTH): void {
  if (name.length <= maxLength && /^[a-z0-9](-?[a-z0-9])*$/.test(name)) return;
  throw new GroundplaneError(
    "INVALID_NAME",
    `"${name}" cannot name a component: use 1 to ${maxLength} lower-case letters, digits and single dashes, no dash at an end`,
    { facts: { name, maxLength } },
  );
}
