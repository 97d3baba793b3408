// Generated from tools/libvirt-provider/cmd/pulumi-resource-libvirt/schema.json by "pnpm generate": change scripts/ instead.
import * as pulumi from "@pulumi/pulumi";

/** Changes the XML before libvirt gets it. It needs `xsltproc` on the machine that runs Pulumi. */
export interface VolumeXmlArgs {
  /** The stylesheet. A change replaces it. */
  readonly xslt?: pulumi.Input<string> | undefined;
}

/** `VolumeXmlArgs` as the provider reads it back. */
export interface VolumeXml {
  /** The stylesheet. */
  readonly xslt?: string | undefined;
}

/** What a `Volume` is made of. */
export interface VolumeArgs {
  /** Id of the volume that it is a copy-on-write clone of. A change replaces it. */
  readonly baseVolumeId?: pulumi.Input<string> | undefined;
  /** Name of that volume, instead of its id. A change replaces it. */
  readonly baseVolumeName?: pulumi.Input<string> | undefined;
  /** Pool of that volume. A change replaces it. @default - the same pool */
  readonly baseVolumePool?: pulumi.Input<string> | undefined;
  /** Such as "qcow2" or "raw". A change replaces it. @default - of the source, else "qcow2" */
  readonly format?: pulumi.Input<string> | undefined;
  /**
   * Unique in the pool.
   * A change replaces it.
   * @default - the resource's name, a hyphen and seven random digits
   */
  readonly name?: pulumi.Input<string> | undefined;
  /** Name of the pool. A change replaces it. @default "default" */
  readonly pool?: pulumi.Input<string> | undefined;
  /** Bytes. A change replaces it. @default - of the source or the base volume */
  readonly size?: pulumi.Input<number> | undefined;
  /**
   * URL or path of an image, which the machine that runs Pulumi reads and uploads. Not with size.
   * A change replaces it.
   */
  readonly source?: pulumi.Input<string> | undefined;
  /** Changes the volume's XML. A change replaces it. */
  readonly xml?: pulumi.Input<VolumeXmlArgs> | undefined;
}

/** A volume in a pool; its id is its path. One of the name that is there already is taken as it is. */
export class Volume extends pulumi.CustomResource {
  /** Id of the volume that it is a copy-on-write clone of. */
  declare readonly baseVolumeId: pulumi.Output<string | undefined>;
  /** Name of that volume, instead of its id. */
  declare readonly baseVolumeName: pulumi.Output<string | undefined>;
  /** Pool of that volume. @default - the same pool */
  declare readonly baseVolumePool: pulumi.Output<string | undefined>;
  /** Such as "qcow2" or "raw". @default - of the source, else "qcow2" */
  declare readonly format: pulumi.Output<string>;
  /** Unique in the pool. @default - the resource's name, a hyphen and seven random digits */
  declare readonly name: pulumi.Output<string>;
  /** Name of the pool. @default "default" */
  declare readonly pool: pulumi.Output<string | undefined>;
  /** Bytes. @default - of the source or the base volume */
  declare readonly size: pulumi.Output<number>;
  /** URL or path of an image, which the machine that runs Pulumi reads and uploads. Not with size. */
  declare readonly source: pulumi.Output<string | undefined>;
  /** Changes the volume's XML. */
  declare readonly xml: pulumi.Output<VolumeXml | undefined>;

  constructor(name: string, args: VolumeArgs, options: pulumi.CustomResourceOptions = {}) {
    super(
      "libvirt:index/volume:Volume",
      name,
      {
        baseVolumeId: args.baseVolumeId,
        baseVolumeName: args.baseVolumeName,
        baseVolumePool: args.baseVolumePool,
        format: args.format,
        name: args.name,
        pool: args.pool,
        size: args.size,
        source: args.source,
        xml: args.xml,
      },
      { version: "0.5.4", ...options },
    );
  }
}
