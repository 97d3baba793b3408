import { invalidArgument } from "@groundplane/contracts";
import { Document, visit } from "yaml";
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

/**
 * As cloud-init's reader takes it, which is of YAML 1.1: there 52:54:00:12:34:56 without quotes is a number. Long lines
 * stay whole: a key or a command is one.
 */
function yaml(value: unknown): string {
  const document = new Document(value, { compat: "yaml-1.1", aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_, scalar) {
      const { value: text } = scalar;
      if (typeof text !== "string") return;
      // The two readers differ on some signs without quotes, such as a tab, `=` and `<<`; of lines as they are the library
      // loses spaces when no letter follows them.
      const plain = text.includes("\n") ? /^[^\s]/ : /^[\w/][\w ./:@=()+-]*$/;
      if (!plain.test(text)) scalar.type = "QUOTE_DOUBLE";
    },
  });
  const text = document.toString({ lineWidth: 0 });
  const [unreadable] = UNREADABLE.exec(text) ?? [];
  if (unreadable === undefined) return text;
  const code = `U+${(unreadable.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
  throw invalidArgument(
    `what cloud-init is to be given holds the character ${code}, which its reader does not take; write it with a MachineSetup when the machine is there`,
    { character: code },
  );
}

/** What YAML 1.1 does not take as it is, or takes as the end of a line. */
const UNREADABLE = /[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;

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
      ...(sudo ? { sudo: "ALL=(ALL) NOPASSWD:ALL" } : {}),
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

/**
 * The documents of a machine: the same spec gives the same bytes.
 *
 * @throws {INVALID_ARGUMENT} a text holds a character that cloud-init does not read.
 */
export function cloudInitDocuments(spec: CloudInitSpec): CloudInitDocuments {
  const documents = { userData: userData(spec), networkConfig: networkConfig(spec) };
  const instanceId = `${spec.hostname}-${shortHash(documents.userData + documents.networkConfig)}`;
  const metaData = yaml({ "instance-id": instanceId, "local-hostname": spec.hostname });
  return { ...documents, metaData, instanceId };
}
