import { invalidArgument } from "@groundplane/contracts";
import type { MachineConnection } from "@groundplane/machine";
import * as pulumi from "@pulumi/pulumi";
import { Pool } from "../resources/pool.ts";
import { Provider } from "../resources/provider.ts";
import { checkHypervisor } from "./check-hypervisor.ts";
import { connectionUri } from "./connection-uri.ts";
import { type DeclaredCapacity, declaredCapacity } from "./declared-capacity.ts";
import type { HypervisorArgs, NetworkAttachment } from "./hypervisor-args.ts";
import { sshOfHost } from "./ssh-of-host.ts";

/** A storage pool of a hypervisor. */
export interface PoolRef {
  /** Name in libvirt. */
  readonly name: pulumi.Input<string>;
  /** What machines may take of it. @default - unknown */
  readonly sizeGiB?: number;
}

/** What machines need of a hypervisor. */
export interface HypervisorRef {
  readonly name: string;
  /** IP address or name. */
  readonly address: string;
  readonly provider: pulumi.ProviderResource;
  readonly pools: Readonly<Record<string, PoolRef>>;
  readonly network: NetworkAttachment;
  readonly domainType: "kvm" | "qemu";
  /** How something is set up on the host itself. @default - nothing can be */
  readonly ssh?: MachineConnection | undefined;
}

/** The resources of a `Hypervisor`. */
export interface HypervisorNodes {
  /** Absent where a provider was given. */
  readonly provider?: Provider;
  /** Those that were made, by their key. */
  readonly pools: Readonly<Record<string, Pool>>;
}

/**
 * A host that runs virtual machines, reached through a provider of its own: nothing ever lands on another host by
 * default.
 *
 * Creates, named `${name}-…`: `provider` (unless one was given), `pool-${key}` for each pool with a path.
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_ARGUMENT} any other argument is not valid; the message names it.
 */
export class Hypervisor extends pulumi.ComponentResource implements HypervisorRef {
  readonly name: string;
  readonly address: string;
  readonly provider: pulumi.ProviderResource;
  /** libvirt's URI; empty where a provider was given. */
  readonly uri: string;
  readonly pools: Readonly<Record<string, PoolRef>>;
  readonly network: NetworkAttachment;
  readonly domainType: "kvm" | "qemu";
  /** With its defaults. */
  readonly capacity: DeclaredCapacity;
  /** Safe defaults that were loosened, with the reason of each. */
  readonly openings: Readonly<Record<string, string>>;
  readonly nodes: HypervisorNodes;
  readonly #connection: HypervisorArgs["connection"];

  constructor(name: string, args: HypervisorArgs, options: pulumi.ComponentResourceOptions = {}) {
    checkHypervisor(name, args);
    const { address: host, connection, provider: theirs } = args;
    const uri = connection === undefined ? "" : connectionUri(host, connection, args.parallel ?? 4);
    const capacity = declaredCapacity(args.capacity);
    // Its inputs are what the policies of a review see of a host.
    super("groundplane:libvirt:Hypervisor", name, { uri, capacity, provider: theirs?.urn }, options);

    this.name = name;
    this.address = host;
    this.uri = uri;
    const own =
      args.provider === undefined
        ? new Provider(`${name}-provider`, { uri: this.uri }, { parent: this })
        : undefined;
    this.provider = own ?? args.provider ?? refuseNone();
    const made = Object.entries(args.pools).flatMap(([key, pool]): readonly [string, Pool][] =>
      "path" in pool ? [[key, this.#pool(key, pool.name ?? key, pool.path)]] : [],
    );
    this.nodes = { pools: Object.fromEntries(made), ...(own && { provider: own }) };
    this.pools = Object.fromEntries(
      Object.entries(args.pools).map(([key, pool]) => [
        key,
        {
          name: "path" in pool ? (this.nodes.pools[key]?.name ?? key) : pool.existing,
          ...(pool.sizeGiB === undefined ? {} : { sizeGiB: pool.sizeGiB }),
        },
      ]),
    );
    this.network = args.network;
    this.domainType = args.domainType ?? "kvm";
    this.capacity = capacity;
    this.openings =
      connection?.type === "ssh" && "unverifiedHostKey" in connection
        ? { unverifiedHostKey: connection.unverifiedHostKey.reason }
        : {};
    this.#connection = connection;

    const { address, pools, network, domainType, openings } = this;
    this.registerOutputs({
      ...{ name, address, uri, pools, network, domainType, capacity, openings },
      provider: this.provider.urn,
    });
  }

  /**
   * How something is set up on the host itself; undefined where the host is not reached over SSH.
   *
   * @throws {INVALID_ARGUMENT} a file of the connection cannot be read, or `known_hosts` does not have the host.
   */
  get ssh(): MachineConnection | undefined {
    return this.#connection?.type === "ssh" ? sshOfHost(this.address, this.#connection) : undefined;
  }

  #pool(key: string, name: string, path: string): Pool {
    return new Pool(
      `${this.name}-pool-${key}`,
      { name, type: "dir", target: { path } },
      // Names are unique on the host.
      { parent: this, provider: this.provider, deleteBeforeReplace: true },
    );
  }
}

function refuseNone(): never {
  throw invalidArgument("a hypervisor has neither connection nor provider; give one of them");
}
