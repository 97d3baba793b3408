import { isGroundplaneError } from "@groundplane/contracts";
import * as pulumi from "@pulumi/pulumi";
import { type CloudInitDocuments, type CloudInitSpec, cloudInitDocuments } from "./cloud-init.ts";
import { refuseSecret } from "./refuse-secret.ts";
import type { VirtualMachineArgs } from "./virtual-machine-args.ts";
import type { VirtualMachinePlan } from "./virtual-machine-plan.ts";

/**
 * A machine's cloud-init documents. A secret among the values, or one that cloud-init does not read, is an error of the
 * program, and the documents are without any of the values then. It is no rejected output: an inline program would wait
 * for ever for what depends on it.
 */
export function plainCloudInit(
  name: string,
  args: VirtualMachineArgs,
  plan: VirtualMachinePlan,
  machine: pulumi.Resource,
): pulumi.Output<CloudInitDocuments> {
  const keys = pulumi.output(args.users.map(({ authorizedKeys }) => pulumi.all([...authorizedKeys])));
  const contents = pulumi.all((args.files ?? []).map(({ content }) => content));
  const commands = pulumi.all([...(args.runCommands ?? [])]);
  const secrets = Promise.all([
    refuseSecret(name, "users.authorizedKeys", keys),
    refuseSecret(name, "files.content", contents),
    refuseSecret(name, "runCommands", commands),
  ]);
  const empty = specOf(name, args, plan, { keys: [], contents: [], commands: [] });
  const refused = (error: unknown): CloudInitDocuments => {
    if (!isGroundplaneError(error)) throw error;
    void pulumi.log.error(error.message, machine);
    return cloudInitDocuments(empty);
  };
  const documents = pulumi
    .all([keys, contents, commands])
    .apply(([allKeys, allContents, allCommands]) =>
      secrets
        .then(() =>
          cloudInitDocuments(
            specOf(name, args, plan, { keys: allKeys, contents: allContents, commands: allCommands }),
          ),
        )
        .catch(refused),
    );
  // Either no value is a secret, or none is in it.
  return pulumi.unsecret(documents);
}

interface KnownValues {
  readonly keys: readonly (readonly string[])[];
  readonly contents: readonly string[];
  readonly commands: readonly string[];
}

function specOf(
  name: string,
  args: VirtualMachineArgs,
  plan: VirtualMachinePlan,
  { keys, contents, commands }: KnownValues,
): CloudInitSpec {
  return {
    hostname: name,
    macAddress: plan.macAddress,
    address: args.address,
    users: args.users.map((user, index) => ({
      name: user.name,
      authorizedKeys: keys[index] ?? [],
      sudo: user.sudo ?? false,
      groups: user.groups ?? [],
      shell: user.shell ?? "/bin/bash",
    })),
    hosts: args.hosts ?? [],
    packages: plan.packages,
    runCommands: [...plan.firstCommands, ...commands],
    files: (args.files ?? []).map(({ path, mode = "0644", owner = "root:root" }, index) => ({
      ...{ path, mode, owner },
      content: contents[index] ?? "",
    })),
  };
}
