import { invalidArgument } from "@groundplane/contracts";
import * as pulumi from "@pulumi/pulumi";

/**
 * Rejects where a value is, or holds, a secret.
 *
 * @throws {INVALID_ARGUMENT} it does.
 */
export async function refuseSecret(
  machine: string,
  what: string,
  value: pulumi.Output<unknown>,
): Promise<void> {
  if (!(await pulumi.isSecret(value))) return;
  throw invalidArgument(
    `${what} of the machine "${machine}" holds a secret: what cloud-init is given stays readable on the machine and its host. Write it with a MachineSetup when the machine is there`,
    { argument: what, machine },
  );
}
