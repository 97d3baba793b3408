// Generated from tools/libvirt-provider/cmd/pulumi-resource-libvirt/schema.json by "pnpm generate": change scripts/ instead.
import * as pulumi from "@pulumi/pulumi";

/** What a `Combustion` is made of. */
export interface CombustionArgs {
  /** The script. A change replaces it. */
  readonly content: pulumi.Input<string>;
  /**
   * Of the volume.
   * A change replaces it.
   * @default - the resource's name, a hyphen and seven random digits
   */
  readonly name?: pulumi.Input<string> | undefined;
  /** Name of the pool. A change replaces it. @default "default" */
  readonly pool?: pulumi.Input<string> | undefined;
}

/** A disk image in a pool that Combustion of openSUSE MicroOS reads at a machine's first boot. */
export class Combustion extends pulumi.CustomResource {
  /** The script. */
  declare readonly content: pulumi.Output<string>;
  /** Of the volume. @default - the resource's name, a hyphen and seven random digits */
  declare readonly name: pulumi.Output<string>;
  /** Name of the pool. @default "default" */
  declare readonly pool: pulumi.Output<string | undefined>;

  constructor(name: string, args: CombustionArgs, options: pulumi.CustomResourceOptions = {}) {
    super(
      "libvirt:index/combustion:Combustion",
      name,
      { content: args.content, name: args.name, pool: args.pool },
      { version: "0.5.4", ...options },
    );
  }
}
