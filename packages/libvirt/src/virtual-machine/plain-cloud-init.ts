import * as pulumi from "@pulumi/pulumi";
import { type CloudInitDocuments, cloudInitDocuments } from "./cloud-init.ts";
import { refuseSecret } from "./refuse-secret.ts";
import type { VirtualMachineArgs } from "./virtual-machine-args.ts";
import type { VirtualMachinePlan } from "./virtual-machine-plan.ts";

/**
 * A machine's cloud-init documents.
 *
 * @throws {INVALID_ARGUMENT} one of the values is a secret.
 */
export function plainCloudInit(
  name: string,
  args: VirtualMachineArgs,
  plan: VirtualMachinePlan,
): pulumi.Output<CloudInitDocuments> {
  const keys = pulumi.output(args.users.map(({ authorizedKeys }) => pulumi.all([...authorizedKeys])));
  const contents = pulumi.all((args.files ?? []).map(({ content }) => content));
  const commands = pulumi.all([...(args.runCommands ?? [])]);
  const checked = Promise.all([
    refuseSecret(name, "users.authorizedKeys", keys),
    refuseSecret(name, "files.content", contents),
    refuseSecret(name, "runCommands", commands),
  ]);
  return pulumi.all([keys, contents, commands, checked]).apply(([allKeys, allContents, allCommands]) =>
    cloudInitDocuments({
      hostname: name,
      macAddress: plan.macAddress,
      address: args.address,
      users: args.users.map((user, index) => ({
        name: user.name,
        authorizedKeys: allKeys[index] ?? [],
        sudo: user.sudo ?? false,
        groups: user.groups ?? [],
        shell: user.shell ?? "/bin/bash",
      })),
      hosts: args.hosts ?? [],
      packages: plan.packages,
      runCommands: [...plan.firstCommands, ...allCommands],
      files: (args.files ?? []).map(({ path, mode = "0644", owner = "root:root" }, index) => ({
        ...{ path, mode, owner },
        content: allContents[index] ?? "",
      })),
    }),
  );
}
