// Generated from tools/libvirt-provider/cmd/pulumi-resource-libvirt/schema.json by "pnpm generate": change scripts/ instead.
import * as pulumi from "@pulumi/pulumi";

/** An order of booting. */
export interface DomainBootDeviceArgs {
  /** Such as "hd", "cdrom", "network". */
  readonly devs?: pulumi.Input<readonly pulumi.Input<string>[]> | undefined;
}

/** `DomainBootDeviceArgs` as the provider reads it back. */
export interface DomainBootDevice {
  /** Such as "hd", "cdrom", "network". */
  readonly devs?: readonly string[] | undefined;
}

/** A console of a domain. */
export interface DomainConsoleArgs {
  /** Address on the host, of tcp. A change replaces it. @default "127.0.0.1" */
  readonly sourceHost?: pulumi.Input<string> | undefined;
  /** Device on the host, of a pty. A change replaces it. */
  readonly sourcePath?: pulumi.Input<string> | undefined;
  /** Port on the host, of tcp. A change replaces it. @default "0" */
  readonly sourceService?: pulumi.Input<string> | undefined;
  /** Its number in the guest, such as "0". A change replaces it. */
  readonly targetPort: pulumi.Input<string>;
  /** "serial" or "virtio". A change replaces it. */
  readonly targetType?: pulumi.Input<string> | undefined;
  /** "pty" or "tcp". A change replaces it. */
  readonly type: pulumi.Input<string>;
}

/** `DomainConsoleArgs` as the provider reads it back. */
export interface DomainConsole {
  /** Address on the host, of tcp. @default "127.0.0.1" */
  readonly sourceHost?: string | undefined;
  /** Device on the host, of a pty. */
  readonly sourcePath?: string | undefined;
  /** Port on the host, of tcp. @default "0" */
  readonly sourceService?: string | undefined;
  /** Its number in the guest, such as "0". */
  readonly targetPort: string;
  /** "serial" or "virtio". */
  readonly targetType?: string | undefined;
  /** "pty" or "tcp". */
  readonly type: string;
}

/** The CPU of a domain. */
export interface DomainCpuArgs {
  /** Such as "host-passthrough". */
  readonly mode?: pulumi.Input<string> | undefined;
}

/** `DomainCpuArgs` as the provider reads it back. */
export interface DomainCpu {
  /** Such as "host-passthrough". */
  readonly mode?: string | undefined;
}

/** A disk of a domain: give one of volumeId, url, file and blockDevice. */
export interface DomainDiskArgs {
  /** Path of a device on the host. */
  readonly blockDevice?: pulumi.Input<string> | undefined;
  /** Path on the host, such as of an ISO image. */
  readonly file?: pulumi.Input<string> | undefined;
  /** Attaches it to a SCSI controller. A change replaces it. @default false */
  readonly scsi?: pulumi.Input<boolean> | undefined;
  /** Of a read-only image that QEMU reads over HTTP. */
  readonly url?: pulumi.Input<string> | undefined;
  /** Id of a `Volume`. */
  readonly volumeId?: pulumi.Input<string> | undefined;
  /** World-wide name of a SCSI disk. @default - random */
  readonly wwn?: pulumi.Input<string> | undefined;
}

/** `DomainDiskArgs` as the provider reads it back. */
export interface DomainDisk {
  /** Path of a device on the host. */
  readonly blockDevice?: string | undefined;
  /** Path on the host, such as of an ISO image. */
  readonly file?: string | undefined;
  /** Attaches it to a SCSI controller. @default false */
  readonly scsi?: boolean | undefined;
  /** Of a read-only image that QEMU reads over HTTP. */
  readonly url?: string | undefined;
  /** Id of a `Volume`. */
  readonly volumeId?: string | undefined;
  /** World-wide name of a SCSI disk. @default - random */
  readonly wwn?: string | undefined;
}

/** A folder of the host that the guest can mount. */
export interface DomainFilesystemArgs {
  /** @default "mapped" */
  readonly accessmode?: pulumi.Input<string> | undefined;
  /** @default true */
  readonly readonly?: pulumi.Input<boolean> | undefined;
  /** The folder on the host. */
  readonly source: pulumi.Input<string>;
  /** The tag in the guest. */
  readonly target: pulumi.Input<string>;
}

/** `DomainFilesystemArgs` as the provider reads it back. */
export interface DomainFilesystem {
  /** @default "mapped" */
  readonly accessmode?: string | undefined;
  /** @default true */
  readonly readonly?: boolean | undefined;
  /** The folder on the host. */
  readonly source: string;
  /** The tag in the guest. */
  readonly target: string;
}

/** A display of a domain. */
export interface DomainGraphicsArgs {
  /** Lets the host choose the port. A change replaces it. @default true */
  readonly autoport?: pulumi.Input<boolean> | undefined;
  /** @default "127.0.0.1" A change replaces it. */
  readonly listenAddress?: pulumi.Input<string> | undefined;
  /** "address", "network", "socket" or "none". A change replaces it. @default "none" */
  readonly listenType?: pulumi.Input<string> | undefined;
  /** "spice" or "vnc". A change replaces it. @default "spice" */
  readonly type?: pulumi.Input<string> | undefined;
  /** Port of a websocket, of VNC; -1 lets the host choose. */
  readonly websocket?: pulumi.Input<number> | undefined;
}

/** `DomainGraphicsArgs` as the provider reads it back. */
export interface DomainGraphics {
  /** Lets the host choose the port. @default true */
  readonly autoport?: boolean | undefined;
  /** @default "127.0.0.1" */
  readonly listenAddress?: string | undefined;
  /** "address", "network", "socket" or "none". @default "none" */
  readonly listenType?: string | undefined;
  /** "spice" or "vnc". @default "spice" */
  readonly type?: string | undefined;
  /** Port of a websocket, of VNC; -1 lets the host choose. */
  readonly websocket?: number | undefined;
}

/** A network card: give one of networkId, networkName, bridge, vepa, private, macvtap and passthrough. */
export interface DomainNetworkInterfaceArgs {
  /** What the network's DHCP gives it. */
  readonly addresses?: pulumi.Input<readonly pulumi.Input<string>[]> | undefined;
  /** Name of a bridge on the host. */
  readonly bridge?: pulumi.Input<string> | undefined;
  /** What the network's DHCP and DNS call it. */
  readonly hostname?: pulumi.Input<string> | undefined;
  /** Read back in upper case, which is no change. @default - random */
  readonly mac?: pulumi.Input<string> | undefined;
  /** Device on the host, in bridge mode. */
  readonly macvtap?: pulumi.Input<string> | undefined;
  /** UUID of a libvirt network. */
  readonly networkId?: pulumi.Input<string> | undefined;
  /** Name of a libvirt network. */
  readonly networkName?: pulumi.Input<string> | undefined;
  /** Device on the host that is handed to the guest. */
  readonly passthrough?: pulumi.Input<string> | undefined;
  /** Device on the host, in private mode. */
  readonly private?: pulumi.Input<string> | undefined;
  /** Device on the host, in VEPA mode. */
  readonly vepa?: pulumi.Input<string> | undefined;
  /** Waits at creation until it has an address. @default false */
  readonly waitForLease?: pulumi.Input<boolean> | undefined;
}

/** `DomainNetworkInterfaceArgs` as the provider reads it back. */
export interface DomainNetworkInterface {
  /** What the network's DHCP gives it. */
  readonly addresses?: readonly string[] | undefined;
  /** Name of a bridge on the host. */
  readonly bridge?: string | undefined;
  /** What the network's DHCP and DNS call it. */
  readonly hostname?: string | undefined;
  /** Read back in upper case, which is no change. @default - random */
  readonly mac?: string | undefined;
  /** Device on the host, in bridge mode. */
  readonly macvtap?: string | undefined;
  /** UUID of a libvirt network. */
  readonly networkId?: string | undefined;
  /** Name of a libvirt network. */
  readonly networkName?: string | undefined;
  /** Device on the host that is handed to the guest. */
  readonly passthrough?: string | undefined;
  /** Device on the host, in private mode. */
  readonly private?: string | undefined;
  /** Device on the host, in VEPA mode. */
  readonly vepa?: string | undefined;
  /** Waits at creation until it has an address. @default false */
  readonly waitForLease?: boolean | undefined;
}

/** Where UEFI keeps its variables. */
export interface DomainNvramArgs {
  /** Path on the host. A change replaces it. */
  readonly file?: pulumi.Input<string> | undefined;
  /** Path of what a new file is copied from. A change replaces it. */
  readonly template?: pulumi.Input<string> | undefined;
}

/** `DomainNvramArgs` as the provider reads it back. */
export interface DomainNvram {
  /** Path on the host. */
  readonly file?: string | undefined;
  /** Path of what a new file is copied from. */
  readonly template?: string | undefined;
}

/** A trusted platform module. */
export interface DomainTpmArgs {
  /** Device on the host, of passthrough. A change replaces it. */
  readonly backendDevicePath?: pulumi.Input<string> | undefined;
  /** UUID of a libvirt secret that encrypts the emulator's state. A change replaces it. */
  readonly backendEncryptionSecret?: pulumi.Input<string> | undefined;
  /** Keeps the state when the domain goes. A change replaces it. */
  readonly backendPersistentState?: pulumi.Input<boolean> | undefined;
  /** "emulator" or "passthrough". A change replaces it. @default "emulator" */
  readonly backendType?: pulumi.Input<string> | undefined;
  /** Such as "2.0". A change replaces it. */
  readonly backendVersion?: pulumi.Input<string> | undefined;
  /** Such as "tpm-tis". A change replaces it. */
  readonly model?: pulumi.Input<string> | undefined;
}

/** `DomainTpmArgs` as the provider reads it back. */
export interface DomainTpm {
  /** Device on the host, of passthrough. */
  readonly backendDevicePath?: string | undefined;
  /** UUID of a libvirt secret that encrypts the emulator's state. */
  readonly backendEncryptionSecret?: string | undefined;
  /** Keeps the state when the domain goes. */
  readonly backendPersistentState?: boolean | undefined;
  /** "emulator" or "passthrough". @default "emulator" */
  readonly backendType?: string | undefined;
  /** Such as "2.0". */
  readonly backendVersion?: string | undefined;
  /** Such as "tpm-tis". */
  readonly model?: string | undefined;
}

/** The graphics card. */
export interface DomainVideoArgs {
  /** Such as "virtio". @default "cirrus" */
  readonly type?: pulumi.Input<string> | undefined;
}

/** `DomainVideoArgs` as the provider reads it back. */
export interface DomainVideo {
  /** Such as "virtio". @default "cirrus" */
  readonly type?: string | undefined;
}

/** Changes the XML before libvirt gets it. It needs `xsltproc` on the machine that runs Pulumi. */
export interface DomainXmlArgs {
  /** The stylesheet. A change replaces it. */
  readonly xslt?: pulumi.Input<string> | undefined;
}

/** `DomainXmlArgs` as the provider reads it back. */
export interface DomainXml {
  /** The stylesheet. */
  readonly xslt?: string | undefined;
}

/** What a `Domain` is made of. */
export interface DomainArgs {
  /** Such as `x86_64`. @default - the host's */
  readonly arch?: pulumi.Input<string> | undefined;
  /** Whether it starts with the host. */
  readonly autostart?: pulumi.Input<boolean> | undefined;
  /** Order of booting. */
  readonly bootDevices?: pulumi.Input<readonly pulumi.Input<DomainBootDeviceArgs>[]> | undefined;
  /** Id of a `CloudInitDisk`. A change swaps the CD; the guest reads it when it starts next. */
  readonly cloudinit?: pulumi.Input<string> | undefined;
  /** Its arguments. A change replaces it. */
  readonly cmdlines?:
    | pulumi.Input<readonly pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>[]>
    | undefined;
  /** Serial and virtio consoles. */
  readonly consoles?: pulumi.Input<readonly pulumi.Input<DomainConsoleArgs>[]> | undefined;
  /** Id of an `Ignition`. A change replaces it. */
  readonly coreosIgnition?: pulumi.Input<string> | undefined;
  /** What the guest sees as its CPU. A change replaces it. */
  readonly cpu?: pulumi.Input<DomainCpuArgs> | undefined;
  /** Free text, kept by libvirt. A change replaces it. */
  readonly description?: pulumi.Input<string> | undefined;
  /** In the order of the guest's `vda`, `vdb`, … A change replaces it. */
  readonly disks?: pulumi.Input<readonly pulumi.Input<DomainDiskArgs>[]> | undefined;
  /** Path of QEMU on the host. @default - what the host offers */
  readonly emulator?: pulumi.Input<string> | undefined;
  /** Folders of the host that the guest can mount. A change replaces it. */
  readonly filesystems?: pulumi.Input<readonly pulumi.Input<DomainFilesystemArgs>[]> | undefined;
  /** Path of a UEFI image on the host. A change replaces it. */
  readonly firmware?: pulumi.Input<string> | undefined;
  /** Name under which QEMU hands over Ignition. A change replaces it. @default "opt/com.coreos/config" */
  readonly fwCfgName?: pulumi.Input<string> | undefined;
  /**
   * A display over VNC or SPICE.
   * A change replaces it.
   * @default - SPICE, where the host listens by default
   */
  readonly graphics?: pulumi.Input<DomainGraphicsArgs> | undefined;
  /** Path of its initial RAM disk. */
  readonly initrd?: pulumi.Input<string> | undefined;
  /** Path of a kernel on the host, to boot without a boot loader. */
  readonly kernel?: pulumi.Input<string> | undefined;
  /** Such as `pc` or `q35`. @default - the newest `pc` */
  readonly machine?: pulumi.Input<string> | undefined;
  /** MiB. A change replaces it. @default 512 */
  readonly memory?: pulumi.Input<number> | undefined;
  /** Kept in the state only: the provider does not give it to libvirt. */
  readonly metadata?: pulumi.Input<string> | undefined;
  /**
   * Unique on the host.
   * A change replaces it.
   * @default - the resource's name, a hyphen and seven random digits
   */
  readonly name?: pulumi.Input<string> | undefined;
  /** Network cards. The provider applies no change of a card's MAC or network. */
  readonly networkInterfaces?: pulumi.Input<readonly pulumi.Input<DomainNetworkInterfaceArgs>[]> | undefined;
  /** Where UEFI keeps its variables. A change replaces it. */
  readonly nvram?: pulumi.Input<DomainNvramArgs> | undefined;
  /** Whether addresses are asked of the guest's agent. */
  readonly qemuAgent?: pulumi.Input<boolean> | undefined;
  /** Whether it is started when a change is made. @default true */
  readonly running?: pulumi.Input<boolean> | undefined;
  /** A trusted platform module. */
  readonly tpm?: pulumi.Input<DomainTpmArgs> | undefined;
  /** How it runs: "kvm", or "qemu" for software emulation. A change replaces it. @default "kvm" */
  readonly type?: pulumi.Input<string> | undefined;
  /** Number of virtual CPUs. A change replaces it. @default 1 */
  readonly vcpu?: pulumi.Input<number> | undefined;
  /** The graphics card. */
  readonly video?: pulumi.Input<DomainVideoArgs> | undefined;
  /** Changes the domain's XML. */
  readonly xml?: pulumi.Input<DomainXmlArgs> | undefined;
}

/** A domain: libvirt's word for a virtual machine. Its id is a UUID. Deleting it switches it off hard. */
export class Domain extends pulumi.CustomResource {
  /** Such as `x86_64`. @default - the host's */
  declare readonly arch: pulumi.Output<string>;
  /** Whether it starts with the host. */
  declare readonly autostart: pulumi.Output<boolean>;
  /** Order of booting. */
  declare readonly bootDevices: pulumi.Output<readonly DomainBootDevice[] | undefined>;
  /** Id of a `CloudInitDisk`. A change swaps the CD; the guest reads it when it starts next. */
  declare readonly cloudinit: pulumi.Output<string | undefined>;
  /** Its arguments. */
  declare readonly cmdlines: pulumi.Output<readonly Readonly<Record<string, string>>[] | undefined>;
  /** Serial and virtio consoles. */
  declare readonly consoles: pulumi.Output<readonly DomainConsole[] | undefined>;
  /** Id of an `Ignition`. */
  declare readonly coreosIgnition: pulumi.Output<string | undefined>;
  /** What the guest sees as its CPU. */
  declare readonly cpu: pulumi.Output<DomainCpu>;
  /** Free text, kept by libvirt. */
  declare readonly description: pulumi.Output<string | undefined>;
  /** In the order of the guest's `vda`, `vdb`, … */
  declare readonly disks: pulumi.Output<readonly DomainDisk[] | undefined>;
  /** Path of QEMU on the host. @default - what the host offers */
  declare readonly emulator: pulumi.Output<string>;
  /** Folders of the host that the guest can mount. */
  declare readonly filesystems: pulumi.Output<readonly DomainFilesystem[] | undefined>;
  /** Path of a UEFI image on the host. */
  declare readonly firmware: pulumi.Output<string | undefined>;
  /** Name under which QEMU hands over Ignition. @default "opt/com.coreos/config" */
  declare readonly fwCfgName: pulumi.Output<string | undefined>;
  /** A display over VNC or SPICE. @default - SPICE, where the host listens by default */
  declare readonly graphics: pulumi.Output<DomainGraphics | undefined>;
  /** Path of its initial RAM disk. */
  declare readonly initrd: pulumi.Output<string | undefined>;
  /** Path of a kernel on the host, to boot without a boot loader. */
  declare readonly kernel: pulumi.Output<string | undefined>;
  /** Such as `pc` or `q35`. @default - the newest `pc` */
  declare readonly machine: pulumi.Output<string>;
  /** MiB. @default 512 */
  declare readonly memory: pulumi.Output<number | undefined>;
  /** Kept in the state only: the provider does not give it to libvirt. */
  declare readonly metadata: pulumi.Output<string | undefined>;
  /** Unique on the host. @default - the resource's name, a hyphen and seven random digits */
  declare readonly name: pulumi.Output<string>;
  /** Network cards. The provider applies no change of a card's MAC or network. */
  declare readonly networkInterfaces: pulumi.Output<readonly DomainNetworkInterface[] | undefined>;
  /** Where UEFI keeps its variables. */
  declare readonly nvram: pulumi.Output<DomainNvram>;
  /** Whether addresses are asked of the guest's agent. */
  declare readonly qemuAgent: pulumi.Output<boolean | undefined>;
  /** Whether it is started when a change is made. @default true */
  declare readonly running: pulumi.Output<boolean | undefined>;
  /** A trusted platform module. */
  declare readonly tpm: pulumi.Output<DomainTpm | undefined>;
  /** How it runs: "kvm", or "qemu" for software emulation. @default "kvm" */
  declare readonly type: pulumi.Output<string | undefined>;
  /** Number of virtual CPUs. @default 1 */
  declare readonly vcpu: pulumi.Output<number | undefined>;
  /** The graphics card. */
  declare readonly video: pulumi.Output<DomainVideo | undefined>;
  /** Changes the domain's XML. */
  declare readonly xml: pulumi.Output<DomainXml | undefined>;

  constructor(name: string, args: DomainArgs, options: pulumi.CustomResourceOptions = {}) {
    super(
      "libvirt:index/domain:Domain",
      name,
      {
        arch: args.arch,
        autostart: args.autostart,
        bootDevices: args.bootDevices,
        cloudinit: args.cloudinit,
        cmdlines: args.cmdlines,
        consoles: args.consoles,
        coreosIgnition: args.coreosIgnition,
        cpu: args.cpu,
        description: args.description,
        disks: args.disks,
        emulator: args.emulator,
        filesystems: args.filesystems,
        firmware: args.firmware,
        fwCfgName: args.fwCfgName,
        graphics: args.graphics,
        initrd: args.initrd,
        kernel: args.kernel,
        machine: args.machine,
        memory: args.memory,
        metadata: args.metadata,
        name: args.name,
        networkInterfaces: args.networkInterfaces,
        nvram: args.nvram,
        qemuAgent: args.qemuAgent,
        running: args.running,
        tpm: args.tpm,
        type: args.type,
        vcpu: args.vcpu,
        video: args.video,
        xml: args.xml,
      },
      { version: "0.5.4", ...options },
    );
  }
}
