// Generated from tools/libvirt-provider/cmd/pulumi-resource-libvirt/schema.json by "pnpm generate": change scripts/ instead.
import * as pulumi from "@pulumi/pulumi";

/** DHCP of a network. */
export interface NetworkDhcpArgs {
  /** @default true */
  readonly enabled?: pulumi.Input<boolean> | undefined;
}

/** `NetworkDhcpArgs` as the provider reads it back. */
export interface NetworkDhcp {
  /** @default true */
  readonly enabled?: boolean | undefined;
}

/** DNS of a network. */
export interface NetworkDnsArgs {
  /** @default false */
  readonly enabled?: pulumi.Input<boolean> | undefined;
  /** Servers that are asked further. A change replaces it. */
  readonly forwarders?: pulumi.Input<readonly pulumi.Input<NetworkDnsForwarderArgs>[]> | undefined;
  /** Names with their addresses. */
  readonly hosts?: pulumi.Input<readonly pulumi.Input<NetworkDnsHostArgs>[]> | undefined;
  /** Keeps questions for the network's own domain on the host. */
  readonly localOnly?: pulumi.Input<boolean> | undefined;
  /** SRV records. A change replaces it. */
  readonly srvs?: pulumi.Input<readonly pulumi.Input<NetworkDnsSrvArgs>[]> | undefined;
}

/** `NetworkDnsArgs` as the provider reads it back. */
export interface NetworkDns {
  /** @default false */
  readonly enabled?: boolean | undefined;
  /** Servers that are asked further. */
  readonly forwarders?: readonly NetworkDnsForwarder[] | undefined;
  /** Names with their addresses. */
  readonly hosts?: readonly NetworkDnsHost[] | undefined;
  /** Keeps questions for the network's own domain on the host. */
  readonly localOnly?: boolean | undefined;
  /** SRV records. */
  readonly srvs?: readonly NetworkDnsSrv[] | undefined;
}

/** A server that is asked further. */
export interface NetworkDnsForwarderArgs {
  /** Of the server. A change replaces it. */
  readonly address?: pulumi.Input<string> | undefined;
  /** Only for this domain. A change replaces it. */
  readonly domain?: pulumi.Input<string> | undefined;
}

/** `NetworkDnsForwarderArgs` as the provider reads it back. */
export interface NetworkDnsForwarder {
  /** Of the server. */
  readonly address?: string | undefined;
  /** Only for this domain. */
  readonly domain?: string | undefined;
}

/** A name. */
export interface NetworkDnsHostArgs {
  /** The name. */
  readonly hostname?: pulumi.Input<string> | undefined;
  /** Its address. */
  readonly ip?: pulumi.Input<string> | undefined;
}

/** `NetworkDnsHostArgs` as the provider reads it back. */
export interface NetworkDnsHost {
  /** The name. */
  readonly hostname?: string | undefined;
  /** Its address. */
  readonly ip?: string | undefined;
}

/** An SRV record. */
export interface NetworkDnsSrvArgs {
  /** Of the record. A change replaces it. */
  readonly domain?: pulumi.Input<string> | undefined;
  /** 1 to 65535. A change replaces it. */
  readonly port?: pulumi.Input<string> | undefined;
  /** Lowest first. A change replaces it. */
  readonly priority?: pulumi.Input<string> | undefined;
  /** Such as `tcp`. A change replaces it. */
  readonly protocol?: pulumi.Input<string> | undefined;
  /** Such as `ldap`. A change replaces it. */
  readonly service?: pulumi.Input<string> | undefined;
  /** The host. A change replaces it. */
  readonly target?: pulumi.Input<string> | undefined;
  /** Among those of one priority. A change replaces it. */
  readonly weight?: pulumi.Input<string> | undefined;
}

/** `NetworkDnsSrvArgs` as the provider reads it back. */
export interface NetworkDnsSrv {
  /** Of the record. */
  readonly domain?: string | undefined;
  /** 1 to 65535. */
  readonly port?: string | undefined;
  /** Lowest first. */
  readonly priority?: string | undefined;
  /** Such as `tcp`. */
  readonly protocol?: string | undefined;
  /** Such as `ldap`. */
  readonly service?: string | undefined;
  /** The host. */
  readonly target?: string | undefined;
  /** Among those of one priority. */
  readonly weight?: string | undefined;
}

/** Options of dnsmasq. */
export interface NetworkDnsmasqOptionsArgs {
  /** In their order. */
  readonly options?: pulumi.Input<readonly pulumi.Input<NetworkDnsmasqOptionsOptionArgs>[]> | undefined;
}

/** `NetworkDnsmasqOptionsArgs` as the provider reads it back. */
export interface NetworkDnsmasqOptions {
  /** In their order. */
  readonly options?: readonly NetworkDnsmasqOptionsOption[] | undefined;
}

/** An option of dnsmasq. */
export interface NetworkDnsmasqOptionsOptionArgs {
  /** Its name. */
  readonly optionName?: pulumi.Input<string> | undefined;
  /** Its value. */
  readonly optionValue?: pulumi.Input<string> | undefined;
}

/** `NetworkDnsmasqOptionsOptionArgs` as the provider reads it back. */
export interface NetworkDnsmasqOptionsOption {
  /** Its name. */
  readonly optionName?: string | undefined;
  /** Its value. */
  readonly optionValue?: string | undefined;
}

/** A static route. */
export interface NetworkRouteArgs {
  /** Where to. */
  readonly cidr: pulumi.Input<string>;
  /** Through which address. */
  readonly gateway: pulumi.Input<string>;
}

/** `NetworkRouteArgs` as the provider reads it back. */
export interface NetworkRoute {
  /** Where to. */
  readonly cidr: string;
  /** Through which address. */
  readonly gateway: string;
}

/** Changes the XML before libvirt gets it. It needs `xsltproc` on the machine that runs Pulumi. */
export interface NetworkXmlArgs {
  /** The stylesheet. A change replaces it. */
  readonly xslt?: pulumi.Input<string> | undefined;
}

/** `NetworkXmlArgs` as the provider reads it back. */
export interface NetworkXml {
  /** The stylesheet. */
  readonly xslt?: string | undefined;
}

/** What a `Network` is made of. */
export interface NetworkArgs {
  /** CIDR blocks of the network, at most one of each of IPv4 and IPv6. A change replaces it. */
  readonly addresses?: pulumi.Input<readonly pulumi.Input<string>[]> | undefined;
  /** Whether it starts with the host. */
  readonly autostart?: pulumi.Input<boolean> | undefined;
  /** Name of the bridge. A change replaces it. @default - libvirt makes one */
  readonly bridge?: pulumi.Input<string> | undefined;
  /** Whether libvirt gives out addresses. A change replaces it. */
  readonly dhcp?: pulumi.Input<NetworkDhcpArgs> | undefined;
  /** What libvirt's DNS server answers. */
  readonly dns?: pulumi.Input<NetworkDnsArgs> | undefined;
  /** Further options of dnsmasq. */
  readonly dnsmasqOptions?: pulumi.Input<NetworkDnsmasqOptionsArgs> | undefined;
  /** DNS domain. A change replaces it. */
  readonly domain?: pulumi.Input<string> | undefined;
  /** "nat", "none", "route", "open" or "bridge". A change replaces it. @default "nat" */
  readonly mode?: pulumi.Input<string> | undefined;
  /** Bytes. */
  readonly mtu?: pulumi.Input<number> | undefined;
  /**
   * Unique on the host.
   * A change replaces it.
   * @default - the resource's name, a hyphen and seven random digits
   */
  readonly name?: pulumi.Input<string> | undefined;
  /** Static routes on the host. A change replaces it. */
  readonly routes?: pulumi.Input<readonly pulumi.Input<NetworkRouteArgs>[]> | undefined;
  /** Changes the network's XML. A change replaces it. */
  readonly xml?: pulumi.Input<NetworkXmlArgs> | undefined;
}

/** A network that libvirt keeps on the host. Its id is a UUID. */
export class Network extends pulumi.CustomResource {
  /** CIDR blocks of the network, at most one of each of IPv4 and IPv6. */
  declare readonly addresses: pulumi.Output<readonly string[] | undefined>;
  /** Whether it starts with the host. */
  declare readonly autostart: pulumi.Output<boolean>;
  /** Name of the bridge. @default - libvirt makes one */
  declare readonly bridge: pulumi.Output<string>;
  /** Whether libvirt gives out addresses. */
  declare readonly dhcp: pulumi.Output<NetworkDhcp>;
  /** What libvirt's DNS server answers. */
  declare readonly dns: pulumi.Output<NetworkDns>;
  /** Further options of dnsmasq. */
  declare readonly dnsmasqOptions: pulumi.Output<NetworkDnsmasqOptions | undefined>;
  /** DNS domain. */
  declare readonly domain: pulumi.Output<string | undefined>;
  /** "nat", "none", "route", "open" or "bridge". @default "nat" */
  declare readonly mode: pulumi.Output<string | undefined>;
  /** Bytes. */
  declare readonly mtu: pulumi.Output<number | undefined>;
  /** Unique on the host. @default - the resource's name, a hyphen and seven random digits */
  declare readonly name: pulumi.Output<string>;
  /** Static routes on the host. */
  declare readonly routes: pulumi.Output<readonly NetworkRoute[] | undefined>;
  /** Changes the network's XML. */
  declare readonly xml: pulumi.Output<NetworkXml | undefined>;

  constructor(name: string, args: NetworkArgs, options: pulumi.CustomResourceOptions = {}) {
    super(
      "libvirt:index/network:Network",
      name,
      {
        addresses: args.addresses,
        autostart: args.autostart,
        bridge: args.bridge,
        dhcp: args.dhcp,
        dns: args.dns,
        dnsmasqOptions: args.dnsmasqOptions,
        domain: args.domain,
        mode: args.mode,
        mtu: args.mtu,
        name: args.name,
        routes: args.routes,
        xml: args.xml,
      },
      { version: "0.5.4", ...options },
    );
  }
}
