// Generated from tools/libvirt-provider/cmd/pulumi-resource-libvirt/schema.json by "pnpm generate": change scripts/ instead.
import * as pulumi from "@pulumi/pulumi";

/** What a logical pool is made of. */
export interface PoolSourceArgs {
  /** Its devices. A change replaces it. */
  readonly devices?: pulumi.Input<readonly pulumi.Input<PoolSourceDeviceArgs>[]> | undefined;
  /** The volume group. A change replaces it. */
  readonly name?: pulumi.Input<string> | undefined;
}

/** `PoolSourceArgs` as the provider reads it back. */
export interface PoolSource {
  /** Its devices. */
  readonly devices?: readonly PoolSourceDevice[] | undefined;
  /** The volume group. */
  readonly name?: string | undefined;
}

/** A device of a logical pool. */
export interface PoolSourceDeviceArgs {
  /** On the host. A change replaces it. */
  readonly path?: pulumi.Input<string> | undefined;
}

/** `PoolSourceDeviceArgs` as the provider reads it back. */
export interface PoolSourceDevice {
  /** On the host. */
  readonly path?: string | undefined;
}

/** Where a pool is. */
export interface PoolTargetArgs {
  /** Folder on the host. */
  readonly path?: pulumi.Input<string> | undefined;
}

/** `PoolTargetArgs` as the provider reads it back. */
export interface PoolTarget {
  /** Folder on the host. */
  readonly path?: string | undefined;
}

/** Changes the XML before libvirt gets it. It needs `xsltproc` on the machine that runs Pulumi. */
export interface PoolXmlArgs {
  /** The stylesheet. A change replaces it. */
  readonly xslt?: pulumi.Input<string> | undefined;
}

/** `PoolXmlArgs` as the provider reads it back. */
export interface PoolXml {
  /** The stylesheet. */
  readonly xslt?: string | undefined;
}

/** What a `Pool` is made of. */
export interface PoolArgs {
  /** Bytes; computed. A change replaces it. */
  readonly allocation?: pulumi.Input<number> | undefined;
  /** Bytes; computed. A change replaces it. */
  readonly available?: pulumi.Input<number> | undefined;
  /** Bytes; computed. A change replaces it. */
  readonly capacity?: pulumi.Input<number> | undefined;
  /**
   * Unique on the host.
   * A change replaces it.
   * @default - the resource's name, a hyphen and seven random digits
   */
  readonly name?: pulumi.Input<string> | undefined;
  /** Where it is. A change replaces it. @deprecated use target.path instead */
  readonly path?: pulumi.Input<string> | undefined;
  /** What a logical pool is made of. A change replaces it. */
  readonly source?: pulumi.Input<PoolSourceArgs> | undefined;
  /** Where it is. */
  readonly target?: pulumi.Input<PoolTargetArgs> | undefined;
  /** "dir" or "logical". A change replaces it. */
  readonly type: pulumi.Input<string>;
  /** Changes the pool's XML. A change replaces it. */
  readonly xml?: pulumi.Input<PoolXmlArgs> | undefined;
}

/** A storage pool. Its id is a UUID. Deleting it fails while files are in it. */
export class Pool extends pulumi.CustomResource {
  /** Bytes; computed. */
  declare readonly allocation: pulumi.Output<number>;
  /** Bytes; computed. */
  declare readonly available: pulumi.Output<number>;
  /** Bytes; computed. */
  declare readonly capacity: pulumi.Output<number>;
  /** Unique on the host. @default - the resource's name, a hyphen and seven random digits */
  declare readonly name: pulumi.Output<string>;
  /** Where it is. */
  declare readonly path: pulumi.Output<string | undefined>;
  /** What a logical pool is made of. */
  declare readonly source: pulumi.Output<PoolSource | undefined>;
  /** Where it is. */
  declare readonly target: pulumi.Output<PoolTarget>;
  /** "dir" or "logical". */
  declare readonly type: pulumi.Output<string>;
  /** Changes the pool's XML. */
  declare readonly xml: pulumi.Output<PoolXml | undefined>;

  constructor(name: string, args: PoolArgs, options: pulumi.CustomResourceOptions = {}) {
    super(
      "libvirt:index/pool:Pool",
      name,
      {
        allocation: args.allocation,
        available: args.available,
        capacity: args.capacity,
        name: args.name,
        path: args.path,
        source: args.source,
        target: args.target,
        type: args.type,
        xml: args.xml,
      },
      { version: "0.5.4", ...options },
    );
  }
}
