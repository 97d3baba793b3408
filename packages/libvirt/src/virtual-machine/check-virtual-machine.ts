import { BlockList, isIPv4 } from "node:net";
import { checkOneOf, checkWhole, invalidArgument } from "@groundplane/contracts";
import { SIZES, type SizeName } from "@groundplane/placement";
import { checkComponentName } from "../component-name.ts";
import { checkBackup } from "../disk-backup/check-backup.ts";
import { poolOf } from "../hypervisor/pool-of.ts";
import { PCI_ADDRESS } from "./passthrough.ts";
import type { MachineAddress, MachineUser, VirtualMachineArgs } from "./virtual-machine-args.ts";

/** A line as in authorized_keys. */
const PUBLIC_KEY = /^(ssh-|ecdsa-|sk-)\S+ [A-Za-z0-9+/=]+( .*)?$/;
const USER = /^[a-z_][a-z0-9_-]{0,31}$/;
/** The second digit of the first byte is even: not a group's address (IEEE 802). */
const MAC = /^[0-9a-f][02468ace](:[0-9a-f]{2}){5}$/i;
const DOMAIN = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i;
/** As apt takes them, with a version where one is pinned. */
const PACKAGE = /^[a-z0-9][a-z0-9+.-]*(=[A-Za-z0-9.+:~-]+)?$/;

function check(holds: boolean, argument: string, value: string, remedy: string): void {
  if (holds) return;
  throw invalidArgument(`${argument} is "${value}"; give ${remedy}`, { argument, value });
}

function checkUnique(what: string, values: readonly string[]): void {
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  if (twice !== undefined)
    throw invalidArgument(`${what} has "${twice}" twice; give each once`, { argument: what, value: twice });
}

function checkAddress({ cidr, gateway, nameservers, searchDomains = [] }: MachineAddress): void {
  const [ip = "", prefix = "", ...rest] = cidr.split("/");
  const fits = isIPv4(ip) && /^([1-9]|[12]\d|3[0-1])$/.test(prefix) && rest.length === 0;
  check(
    fits,
    "address.cidr",
    cidr,
    "the machine's IPv4 address with its network's prefix, such as 10.220.1.50/24",
  );
  check(isIPv4(gateway), "address.gateway", gateway, "an IPv4 address");
  const network = new BlockList();
  network.addSubnet(ip, Number(prefix));
  check(network.check(gateway) && gateway !== ip, "address.gateway", gateway, `another address of ${cidr}`);
  if (nameservers.length === 0) throw invalidArgument("address.nameservers is empty; give at least one");
  for (const server of nameservers) check(isIPv4(server), "address.nameservers", server, "IPv4 addresses");
  for (const domain of searchDomains)
    check(DOMAIN.test(domain), "address.searchDomains", domain, "domain names");
}

function checkUsers(users: readonly MachineUser[]): void {
  if (users.length === 0) throw invalidArgument("users is empty; without one nobody can log in");
  checkUnique(
    "users",
    users.map(({ name }) => name),
  );
  for (const { name, authorizedKeys, groups = [] } of users) {
    check(
      USER.test(name) && name !== "root",
      "users",
      name,
      "1 to 32 lower-case letters, digits, _ and -, not root",
    );
    if (authorizedKeys.length === 0)
      throw invalidArgument(
        `users: "${name}" has no authorizedKeys; give at least one: there are no passwords`,
      );
    for (const [index, key] of authorizedKeys.entries()) {
      if (typeof key !== "string" || PUBLIC_KEY.test(key)) continue;
      // Not what is there instead: that may be the private one.
      throw invalidArgument(
        `users: authorizedKeys[${index}] of "${name}" is no public key; give the line of its .pub file: \`ssh-ed25519 AAAA… name\``,
        { argument: "users.authorizedKeys", user: name },
      );
    }
    for (const group of groups) check(USER.test(group), "users.groups", group, "names of groups");
  }
}

function checkSize(size: VirtualMachineArgs["size"]): void {
  if (typeof size === "string") {
    const names: SizeName[] = ["light", "medium", "heavy"];
    checkOneOf("size", size, names);
    if (!(size in SIZES)) throw invalidArgument(`size is "${size}"; choose one of ${names.join(", ")}`);
    return;
  }
  checkWhole("size.memoryMiB", size.memoryMiB, 16, 2 ** 30);
  checkWhole("size.vcpus", size.vcpus, 1, 512);
}

function checkCloudInit({ hosts = [], packages = [], files = [] }: VirtualMachineArgs): void {
  for (const { address, names } of hosts) {
    check(isIPv4(address), "hosts.address", address, "an IPv4 address");
    if (names.length === 0) throw invalidArgument(`hosts: ${address} has no names; give at least one`);
    for (const name of names) check(DOMAIN.test(name), "hosts.names", name, "host names");
  }
  for (const name of packages) check(PACKAGE.test(name), "packages", name, "names of packages");
  const written = [...files.map(({ path }) => path), ...(hosts.length > 0 ? ["/etc/hosts"] : [])];
  checkUnique("files", written);
  for (const { path, mode = "0644", owner = "root:root" } of files) {
    check(/^\/[^\0\n]*[^/\0\n]$/.test(path), "files.path", path, "an absolute path of a file");
    check(/^0?[0-7]{3}$/.test(mode), "files.mode", mode, "octal digits, such as 0644");
    check(/^[a-z0-9_-]+:[a-z0-9_-]+$/.test(owner), "files.owner", owner, "user:group");
  }
}

/**
 * @throws {INVALID_NAME} the name cannot name a machine.
 * @throws {INVALID_ARGUMENT} an argument is not valid; the message names it.
 */
export function checkVirtualMachine(name: string, args: VirtualMachineArgs): void {
  checkComponentName(name);
  const { hypervisor, pool = "default", disks = [], passthrough = [] } = args;
  poolOf(hypervisor, pool);
  checkSize(args.size);
  checkWhole("diskGiB", args.diskGiB, 1, 65_536);
  if (disks.length > 24) throw invalidArgument(`disks lists ${disks.length}; give at most 24`);
  checkUnique(
    "disks",
    disks.map((disk) => disk.name),
  );
  for (const disk of disks) {
    checkComponentName(disk.name);
    checkWhole(`disks.${disk.name}.sizeGiB`, disk.sizeGiB, 1, 65_536);
    poolOf(hypervisor, disk.pool ?? pool);
  }
  checkAddress(args.address);
  if (args.macAddress !== undefined)
    check(
      MAC.test(args.macAddress),
      "macAddress",
      args.macAddress,
      "a unicast MAC address, such as 52:54:00:12:34:56",
    );
  checkUsers(args.users);
  checkCloudInit(args);
  checkUnique("passthrough", passthrough);
  for (const address of passthrough)
    check(
      PCI_ADDRESS.test(address),
      "passthrough",
      address,
      "PCI addresses as lspci -D shows them: 0000:65:00.0",
    );
  if (args.backup !== undefined) checkBackup(hypervisor, args.backup);
}
