/** A sentence for each resource, nested type and property of the provider: its schema has none. */
interface TypeDoc {
  readonly about: string;
  readonly properties: Readonly<Record<string, string>>;
}

const XSLT: TypeDoc = {
  about: "Changes the XML before libvirt gets it. It needs `xsltproc` on the machine that runs Pulumi.",
  properties: { xslt: "The stylesheet." },
};

/** By the last part of the type's token. */
export const RESOURCE_DOCS: Readonly<Record<string, TypeDoc>> = {
  CloudInitDisk: {
    about: "An ISO image in a pool that cloud-init's NoCloud source reads; its id is `path;uuid`.",
    properties: {
      name: "Of the volume. @default - the resource's name, a hyphen and seven random digits",
      pool: 'Name of the pool. @default "default"',
      userData: "The file `user-data`.",
      metaData: "The file `meta-data`.",
      networkConfig: "The file `network-config`.",
    },
  },
  Combustion: {
    about: "A disk image in a pool that Combustion of openSUSE MicroOS reads at a machine's first boot.",
    properties: {
      name: "Of the volume. @default - the resource's name, a hyphen and seven random digits",
      pool: 'Name of the pool. @default "default"',
      content: "The script.",
    },
  },
  Domain: {
    about:
      "A domain: libvirt's word for a virtual machine. Its id is a UUID. Deleting it switches it off hard.",
    properties: {
      name: "Unique on the host. @default - the resource's name, a hyphen and seven random digits",
      description: "Free text, kept by libvirt.",
      metadata: "Kept in the state only: the provider does not give it to libvirt.",
      arch: "Such as `x86_64`. @default - the host's",
      machine: "Such as `pc` or `q35`. @default - the newest `pc`",
      emulator: "Path of QEMU on the host. @default - what the host offers",
      type: 'How it runs: "kvm", or "qemu" for software emulation. @default "kvm"',
      vcpu: "Number of virtual CPUs. @default 1",
      memory: "MiB. @default 512",
      cpu: "What the guest sees as its CPU.",
      running: "Whether it is started when a change is made. @default true",
      autostart: "Whether it starts with the host.",
      disks: "In the order of the guest's `vda`, `vdb`, …",
      cloudinit: "Id of a `CloudInitDisk`. A change swaps the CD; the guest reads it when it starts next.",
      networkInterfaces: "Network cards. The provider applies no change of a card's MAC or network.",
      consoles: "Serial and virtio consoles.",
      graphics: "A display over VNC or SPICE. @default - SPICE, where the host listens by default",
      video: "The graphics card.",
      bootDevices: "Order of booting.",
      qemuAgent: "Whether addresses are asked of the guest's agent.",
      filesystems: "Folders of the host that the guest can mount.",
      firmware: "Path of a UEFI image on the host.",
      nvram: "Where UEFI keeps its variables.",
      tpm: "A trusted platform module.",
      kernel: "Path of a kernel on the host, to boot without a boot loader.",
      initrd: "Path of its initial RAM disk.",
      cmdlines: "Its arguments.",
      coreosIgnition: "Id of an `Ignition`.",
      fwCfgName: 'Name under which QEMU hands over Ignition. @default "opt/com.coreos/config"',
      xml: "Changes the domain's XML.",
    },
  },
  DomainBootDevice: {
    about: "An order of booting.",
    properties: { devs: 'Such as "hd", "cdrom", "network".' },
  },
  DomainConsole: {
    about: "A console of a domain.",
    properties: {
      type: '"pty" or "tcp".',
      targetPort: 'Its number in the guest, such as "0".',
      targetType: '"serial" or "virtio".',
      sourcePath: "Device on the host, of a pty.",
      sourceHost: 'Address on the host, of tcp. @default "127.0.0.1"',
      sourceService: 'Port on the host, of tcp. @default "0"',
    },
  },
  DomainCpu: { about: "The CPU of a domain.", properties: { mode: 'Such as "host-passthrough".' } },
  DomainDisk: {
    about: "A disk of a domain: give one of volumeId, url, file and blockDevice.",
    properties: {
      volumeId: "Id of a `Volume`.",
      url: "Of a read-only image that QEMU reads over HTTP.",
      file: "Path on the host, such as of an ISO image.",
      blockDevice: "Path of a device on the host.",
      scsi: "Attaches it to a SCSI controller. @default false",
      wwn: "World-wide name of a SCSI disk. @default - random",
    },
  },
  DomainFilesystem: {
    about: "A folder of the host that the guest can mount.",
    properties: {
      source: "The folder on the host.",
      target: "The tag in the guest.",
      accessmode: '@default "mapped"',
      readonly: "@default true",
    },
  },
  DomainGraphics: {
    about: "A display of a domain.",
    properties: {
      type: '"spice" or "vnc". @default "spice"',
      autoport: "Lets the host choose the port. @default true",
      listenType: '"address", "network", "socket" or "none". @default "none"',
      listenAddress: '@default "127.0.0.1"',
      websocket: "Port of a websocket, of VNC; -1 lets the host choose.",
    },
  },
  DomainNetworkInterface: {
    about:
      "A network card: give one of networkId, networkName, bridge, vepa, private, macvtap and passthrough.",
    properties: {
      networkId: "UUID of a libvirt network.",
      networkName: "Name of a libvirt network.",
      bridge: "Name of a bridge on the host.",
      vepa: "Device on the host, in VEPA mode.",
      private: "Device on the host, in private mode.",
      macvtap: "Device on the host, in bridge mode.",
      passthrough: "Device on the host that is handed to the guest.",
      mac: "Read back in upper case, which is no change. @default - random",
      hostname: "What the network's DHCP and DNS call it.",
      addresses: "What the network's DHCP gives it.",
      waitForLease: "Waits at creation until it has an address. @default false",
    },
  },
  DomainNvram: {
    about: "Where UEFI keeps its variables.",
    properties: { file: "Path on the host.", template: "Path of what a new file is copied from." },
  },
  DomainTpm: {
    about: "A trusted platform module.",
    properties: {
      model: 'Such as "tpm-tis".',
      backendType: '"emulator" or "passthrough". @default "emulator"',
      backendDevicePath: "Device on the host, of passthrough.",
      backendEncryptionSecret: "UUID of a libvirt secret that encrypts the emulator's state.",
      backendVersion: 'Such as "2.0".',
      backendPersistentState: "Keeps the state when the domain goes.",
    },
  },
  DomainVideo: { about: "The graphics card.", properties: { type: 'Such as "virtio". @default "cirrus"' } },
  DomainXml: XSLT,
  Ignition: {
    about: "A file in a pool that Ignition of CoreOS reads.",
    properties: {
      name: "Of the volume. @default - the resource's name, a hyphen and seven random digits",
      pool: 'Name of the pool. @default "default"',
      content: "The configuration, or the path of a file that holds it.",
    },
  },
  Network: {
    about: "A network that libvirt keeps on the host. Its id is a UUID.",
    properties: {
      name: "Unique on the host. @default - the resource's name, a hyphen and seven random digits",
      mode: '"nat", "none", "route", "open" or "bridge". @default "nat"',
      bridge: "Name of the bridge. @default - libvirt makes one",
      addresses: "CIDR blocks of the network, at most one of each of IPv4 and IPv6.",
      domain: "DNS domain.",
      mtu: "Bytes.",
      autostart: "Whether it starts with the host.",
      dhcp: "Whether libvirt gives out addresses.",
      dns: "What libvirt's DNS server answers.",
      dnsmasqOptions: "Further options of dnsmasq.",
      routes: "Static routes on the host.",
      xml: "Changes the network's XML.",
    },
  },
  NetworkDhcp: { about: "DHCP of a network.", properties: { enabled: "@default true" } },
  NetworkDns: {
    about: "DNS of a network.",
    properties: {
      enabled: "@default false",
      localOnly: "Keeps questions for the network's own domain on the host.",
      forwarders: "Servers that are asked further.",
      hosts: "Names with their addresses.",
      srvs: "SRV records.",
    },
  },
  NetworkDnsForwarder: {
    about: "A server that is asked further.",
    properties: { address: "Of the server.", domain: "Only for this domain." },
  },
  NetworkDnsHost: { about: "A name.", properties: { hostname: "The name.", ip: "Its address." } },
  NetworkDnsSrv: {
    about: "An SRV record.",
    properties: {
      service: "Such as `ldap`.",
      protocol: "Such as `tcp`.",
      domain: "Of the record.",
      target: "The host.",
      port: "1 to 65535.",
      weight: "Among those of one priority.",
      priority: "Lowest first.",
    },
  },
  NetworkDnsmasqOptions: { about: "Options of dnsmasq.", properties: { options: "In their order." } },
  NetworkDnsmasqOptionsOption: {
    about: "An option of dnsmasq.",
    properties: { optionName: "Its name.", optionValue: "Its value." },
  },
  NetworkRoute: {
    about: "A static route.",
    properties: { cidr: "Where to.", gateway: "Through which address." },
  },
  NetworkXml: XSLT,
  Pool: {
    about: "A storage pool. Its id is a UUID. Deleting it fails while files are in it.",
    properties: {
      name: "Unique on the host. @default - the resource's name, a hyphen and seven random digits",
      type: '"dir" or "logical".',
      target: "Where it is.",
      path: "Where it is.",
      source: "What a logical pool is made of.",
      capacity: "Bytes; computed.",
      allocation: "Bytes; computed.",
      available: "Bytes; computed.",
      xml: "Changes the pool's XML.",
    },
  },
  PoolSource: {
    about: "What a logical pool is made of.",
    properties: { name: "The volume group.", devices: "Its devices." },
  },
  PoolSourceDevice: { about: "A device of a logical pool.", properties: { path: "On the host." } },
  PoolTarget: { about: "Where a pool is.", properties: { path: "Folder on the host." } },
  PoolXml: XSLT,
  Volume: {
    about: "A volume in a pool; its id is its path. One of the name that is there already is taken as it is.",
    properties: {
      name: "Unique in the pool. @default - the resource's name, a hyphen and seven random digits",
      pool: 'Name of the pool. @default "default"',
      source: "URL or path of an image, which the machine that runs Pulumi reads and uploads. Not with size.",
      size: "Bytes. @default - of the source or the base volume",
      format: 'Such as "qcow2" or "raw". @default - of the source, else "qcow2"',
      baseVolumeId: "Id of the volume that it is a copy-on-write clone of.",
      baseVolumeName: "Name of that volume, instead of its id.",
      baseVolumePool: "Pool of that volume. @default - the same pool",
      xml: "Changes the volume's XML.",
    },
  },
  VolumeXml: XSLT,
};
