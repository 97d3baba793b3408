import { invalidArgument } from "../invalid-argument.ts";

/**
 * Checks the name of a bucket: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 *
 * @throws {INVALID_ARGUMENT} it is not 3 to 63 lower-case letters, digits and dashes, or ends in a dash.
 */
export function checkBucketName(argument: string, name: string | undefined): void {
  // Dots are left out: TLS certificates do not cover such names.
  if (name === undefined || /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(name)) return;
  throw invalidArgument(`${argument} is "${name}"; give 3 to 63 lower-case letters, digits and dashes`, {
    argument,
    name,
  });
}
