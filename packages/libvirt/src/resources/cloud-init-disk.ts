// Generated from tools/libvirt-provider/cmd/pulumi-resource-libvirt/schema.json by "pnpm generate": change scripts/ instead.
import * as pulumi from "@pulumi/pulumi";

/** What a `CloudInitDisk` is made of. */
export interface CloudInitDiskArgs {
  /** The file `meta-data`. A change replaces it. */
  readonly metaData?: pulumi.Input<string> | undefined;
  /**
   * Of the volume.
   * A change replaces it.
   * @default - the resource's name, a hyphen and seven random digits
   */
  readonly name?: pulumi.Input<string> | undefined;
  /** The file `network-config`. A change replaces it. */
  readonly networkConfig?: pulumi.Input<string> | undefined;
  /** Name of the pool. A change replaces it. @default "default" */
  readonly pool?: pulumi.Input<string> | undefined;
  /** The file `user-data`. A change replaces it. */
  readonly userData?: pulumi.Input<string> | undefined;
}

/** An ISO image in a pool that cloud-init's NoCloud source reads; its id is `path;uuid`. */
export class CloudInitDisk extends pulumi.CustomResource {
  /** The file `meta-data`. */
  declare readonly metaData: pulumi.Output<string | undefined>;
  /** Of the volume. @default - the resource's name, a hyphen and seven random digits */
  declare readonly name: pulumi.Output<string>;
  /** The file `network-config`. */
  declare readonly networkConfig: pulumi.Output<string | undefined>;
  /** Name of the pool. @default "default" */
  declare readonly pool: pulumi.Output<string | undefined>;
  /** The file `user-data`. */
  declare readonly userData: pulumi.Output<string | undefined>;

  constructor(name: string, args: CloudInitDiskArgs, options: pulumi.CustomResourceOptions = {}) {
    super(
      "libvirt:index/cloudInitDisk:CloudInitDisk",
      name,
      {
        metaData: args.metaData,
        name: args.name,
        networkConfig: args.networkConfig,
        pool: args.pool,
        userData: args.userData,
      },
      { version: "0.5.4", ...options },
    );
  }
}
