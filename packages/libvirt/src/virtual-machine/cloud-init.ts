import { stringify } from "yaml";
import { shortHash } from "../short-hash.ts";
import type { HostEntry, MachineAddress } from "./virtual-machine-args.ts";

/** What cloud-init is told, with every value known. */
export interface CloudInitSpec {
  readonly hostname: string;
  /** In lower case. */
  readonly macAddress: string;
  readonly address: MachineAddress;
  readonly users: readonly {
    readonly name: string;
    readonly authorizedKeys: readonly string[];
    readonly sudo: boolean;
    readonly groups: readonly string[];
    readonly shell: string;
  }[];
  readonly hosts: readonly HostEntry[];
  readonly packages: readonly string[];
  readonly runCommands: readonly string[];
  readonly files: readonly {
    readonly path: string;
    readonly content: string;
    readonly mode: string;
    readonly owner: string;
  }[];
}

/** The three files of cloud-init's NoCloud source. */
export interface CloudInitDocuments {
  readonly userData: string;
  readonly networkConfig: string;
  readonly metaData: string;
  /** Of the machine with this content: another one, and cloud-init does everything again at the next start. */
  readonly instanceId: string;
}

/** Long lines stay whole: a key or a command is one. */
const yaml = (value: unknown): string => stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });

/** `/etc/hosts` as Debian and Ubuntu begin it. */
function hostsFile(hostname: string, entries: readonly HostEntry[]): string {
  const lines = [
    ["127.0.0.1", "localhost"],
    ["127.0.1.1", hostname],
    ["::1", "localhost", "ip6-localhost", "ip6-loopback"],
    ["ff02::1", "ip6-allnodes"],
    ["ff02::2", "ip6-allrouters"],
    ...entries.map(({ address, names }) => [address, ...names]),
  ];
  return `${lines.map((words) => words.join(" ")).join("\n")}\n`;
}

function userData({ hostname, users, hosts, packages, runCommands, files }: CloudInitSpec): string {
  const written = [
    ...(hosts.length === 0
      ? []
      : [
          {
            path: "/etc/hosts",
            content: hostsFile(hostname, hosts),
            permissions: "0644",
            owner: "root:root",
          },
        ]),
    ...files.map(({ path, content, mode, owner }) => ({ path, content, permissions: mode, owner })),
  ];
  return `#cloud-config\n${yaml({
    hostname,
    preserve_hostname: false,
    manage_etc_hosts: false,
    locale: false,
    ssh_pwauth: false,
    disable_root: true,
    // The machine keeps its host keys when cloud-init runs again; those that an image may hold go at its very first start.
    ssh_deletekeys: false,
    bootcmd: [
      ["cloud-init-per", "once", "groundplane-host-keys", "sh", "-c", "rm -f /etc/ssh/ssh_host_*_key*"],
    ],
    users: users.map(({ name, authorizedKeys, sudo, groups, shell }) => ({
      name,
      shell,
      lock_passwd: true,
      ...(groups.length === 0 ? {} : { groups }),
      ...(sudo ? { sudo: ["ALL=(ALL) NOPASSWD:ALL"] } : {}),
      ssh_authorized_keys: authorizedKeys,
    })),
    ...(written.length === 0 ? {} : { write_files: written }),
    ...(packages.length === 0 ? {} : { package_update: true, packages }),
    ...(runCommands.length === 0 ? {} : { runcmd: runCommands }),
  })}`;
}

function networkConfig({ macAddress, address }: CloudInitSpec): string {
  const { cidr, gateway, nameservers, searchDomains = [] } = address;
  return yaml({
    version: 2,
    ethernets: {
      lan0: {
        match: { macaddress: macAddress },
        "set-name": "lan0",
        dhcp4: false,
        dhcp6: false,
        addresses: [cidr],
        routes: [{ to: "0.0.0.0/0", via: gateway }],
        nameservers: {
          addresses: nameservers,
          ...(searchDomains.length === 0 ? {} : { search: searchDomains }),
        },
      },
    },
  });
}

/** The documents of a machine: the same spec gives the same bytes. */
export function cloudInitDocuments(spec: CloudInitSpec): CloudInitDocuments {
  const documents = { userData: userData(spec), networkConfig: networkConfig(spec) };
  const instanceId = `${spec.hostname}-${shortHash(documents.userData + documents.networkConfig)}`;
  const metaData = yaml({ "instance-id": instanceId, "local-hostname": spec.hostname });
  return { ...documents, metaData, instanceId };
}
