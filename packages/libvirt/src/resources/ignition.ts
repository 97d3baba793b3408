// Generated from tools/libvirt-provider/cmd/pulumi-resource-libvirt/schema.json by "pnpm generate": change scripts/ instead.
import * as pulumi from "@pulumi/pulumi";

/** What a `Ignition` is made of. */
export interface IgnitionArgs {
  /** The configuration, or the path of a file that holds it. A change replaces it. */
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

/** A file in a pool that Ignition of CoreOS reads. */
export class Ignition extends pulumi.CustomResource {
  /** The configuration, or the path of a file that holds it. */
  declare readonly content: pulumi.Output<string>;
  /** Of the volume. @default - the resource's name, a hyphen and seven random digits */
  declare readonly name: pulumi.Output<string>;
  /** Name of the pool. @default "default" */
  declare readonly pool: pulumi.Output<string | undefined>;

  constructor(name: string, args: IgnitionArgs, options: pulumi.CustomResourceOptions = {}) {
    super(
      "libvirt:index/ignition:Ignition",
      name,
      { content: args.content, name: args.name, pool: args.pool },
      { version: "0.5.4", ...options },
    );
  }
}
