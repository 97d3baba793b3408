import { invalidArgument } from "@groundplane/contracts";

/**
 * Checks the name of a bucket: S3 user guide, "General purpose bucket naming rules".
 *
 * @throws {INVALID_ARGUMENT} it is none.
 */
export function checkBucketName(argument: string, name: string | undefined): void {
  if (name === undefined || (/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes(".."))) return;
  throw invalidArgument(
    `${argument} is "${name}"; give 3 to 63 lower-case letters, digits, dashes and single dots`,
    { [argument]: name },
  );
}
