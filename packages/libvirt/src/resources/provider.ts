// Generated from tools/libvirt-provider/cmd/pulumi-resource-libvirt/schema.json by "pnpm generate": change scripts/ instead.
import * as pulumi from "@pulumi/pulumi";

/** How a `Provider` reaches libvirt. */
export interface ProviderArgs {
  /** @format URI of libvirt, such as `qemu+ssh://user@host/system?keyfile=…&knownhosts=…&sshauth=privkey` */
  readonly uri: pulumi.Input<string>;
}

/** The provider for one hypervisor. A default one would silently mean the machine that runs Pulumi: pass one to each resource. */
export class Provider extends pulumi.ProviderResource {
  declare readonly uri: pulumi.Output<string>;

  constructor(name: string, args: ProviderArgs, options: pulumi.ResourceOptions = {}) {
    super("libvirt", name, { uri: args.uri }, { version: "0.5.4", ...options });
  }
}
