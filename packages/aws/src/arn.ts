import { invalidArgument } from "@groundplane/contracts";

/** The parts of an ARN that name where a resource lives. */
export interface ArnScope {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}

/**
 * Partition, region and account of `arn:partition:service:region:account:resource`.
 *
 * @throws {INVALID_ARGUMENT} it is no ARN.
 */
export function arnScope(arn: string): ArnScope {
  const [prefix, partition, , region, accountId, resource] = arn.split(":");
  if (prefix !== "arn" || !partition || region === undefined || accountId === undefined || !resource) {
    throw invalidArgument(`"${arn}" is no ARN`, { arn });
  }
  return { partition, region, accountId };
}
