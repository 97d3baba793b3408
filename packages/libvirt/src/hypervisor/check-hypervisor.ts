import { isIP } from "node:net";
import { checkOneOf, checkWhole, invalidArgument } from "@groundplane/contracts";
import { checkComponentName } from "../component-name.ts";
import { checkOpening } from "../opening.ts";
import { declaredCapacity } from "./declared-capacity.ts";
import type { HostCapacity, HostPool, HypervisorArgs } from "./hypervisor-args.ts";

const HOST_NAME = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i;
/** What libvirt takes as a name without quoting trouble. */
const POOL_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
/** Linux's limit for a device's name (IFNAMSIZ). */
const BRIDGE_NAME = /^[^\s/:]{1,15}$/;

function checkCapacity(given: HostCapacity): void {
  const { memoryMiB, vcpus, vcpuOvercommit, reserve } = declaredCapacity(given);
  checkWhole("capacity.memoryMiB", memoryMiB, 1, 2 ** 30);
  checkWhole("capacity.vcpus", vcpus, 1, 4096);
  checkWhole("capacity.reserve.memoryMiB", reserve.memoryMiB, 0, memoryMiB);
  checkWhole("capacity.reserve.vcpus", reserve.vcpus, 0, vcpus);
  checkWhole("capacity.reserve.diskGiB", reserve.diskGiB, 0, 2 ** 20);
  if (vcpuOvercommit >= 1 && vcpuOvercommit <= 64) return;
  throw invalidArgument(`capacity.vcpuOvercommit is ${vcpuOvercommit}; give a number from 1 to 64`, {
    argument: "capacity.vcpuOvercommit",
    value: vcpuOvercommit,
  });
}

function checkPool(key: string, pool: HostPool): void {
  const named = "path" in pool ? (pool.name ?? key) : pool.existing;
  const bad = [key, named].find((name) => typeof name === "string" && !POOL_NAME.test(name));
  if (bad !== undefined)
    throw invalidArgument(
      `"${bad}" cannot name a pool: use 1 to 63 letters, digits and . _ -, a letter or digit first`,
    );
  if ("path" in pool && !/^\/[^<>&"'\s]*$/.test(pool.path))
    throw invalidArgument(
      `pools.${key}.path is "${pool.path}"; give an absolute path without spaces and quotes`,
      { argument: `pools.${key}.path`, path: pool.path },
    );
  checkWhole(`pools.${key}.sizeGiB`, pool.sizeGiB, 1, 2 ** 20);
}

function checkConnection({ connection, provider }: HypervisorArgs): void {
  if ((connection === undefined) === (provider === undefined))
    throw invalidArgument(
      connection === undefined
        ? "a hypervisor has neither connection nor provider; give one of them"
        : "a hypervisor has both connection and provider; give one of them",
    );
  if (connection?.type !== "ssh") return;
  checkWhole("connection.port", connection.port, 1, 65_535);
  if (!/^[a-z_][a-z0-9_.-]*\$?$/i.test(connection.user))
    throw invalidArgument(`connection.user is "${connection.user}"; give the name of a user of the host`, {
      argument: "connection.user",
      user: connection.user,
    });
  if (connection.privateKeyFile === "")
    throw invalidArgument("connection.privateKeyFile is empty; give the path of a private key");
  if ("knownHostsFile" in connection) {
    if (connection.knownHostsFile === "")
      throw invalidArgument(
        "connection.knownHostsFile is empty; give the path of a file that holds the host's key",
      );
  } else checkOpening("connection.unverifiedHostKey", connection.unverifiedHostKey);
}

/**
 * @throws {INVALID_NAME} the name cannot name a component.
 * @throws {INVALID_ARGUMENT} an argument is not valid; the message names it.
 */
export function checkHypervisor(name: string, args: HypervisorArgs): void {
  checkComponentName(name);
  if (isIP(args.address) === 0 && (!HOST_NAME.test(args.address) || /^[\d.]+$/.test(args.address)))
    throw invalidArgument(`address is "${args.address}"; give an IP address or a host name`, {
      argument: "address",
      address: args.address,
    });
  checkConnection(args);
  checkCapacity(args.capacity);
  if (Object.keys(args.pools).length === 0)
    throw invalidArgument('pools is empty; give at least one, such as { default: { existing: "default" } }');
  for (const [key, pool] of Object.entries(args.pools)) checkPool(key, pool);
  if ("bridge" in args.network && !BRIDGE_NAME.test(args.network.bridge))
    throw invalidArgument(
      `network.bridge is "${args.network.bridge}"; give the name of a bridge of the host`,
      {
        argument: "network.bridge",
        bridge: args.network.bridge,
      },
    );
  checkOneOf("domainType", args.domainType, ["kvm", "qemu"]);
  checkWhole("parallel", args.parallel, 1, 20);
}
