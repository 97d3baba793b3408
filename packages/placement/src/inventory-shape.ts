import { z } from "zod";
import { ipv4Block, ipv4Number, ipv4Range } from "./ipv4-address.ts";

/** Names of hosts, machines, pools and labels: a host name's label (RFC 1123), in lower case. */
const nameSchema = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    "1 to 63 lower-case letters, digits and dashes, no dash at an end",
  );
const addressSchema = z
  .string()
  .refine((text) => ipv4Number(text) !== undefined, "an IPv4 address, as 10.0.0.5");

const MiB = z.int().min(0).max(1_073_741_824);
const GiB = z.int().min(0).max(1_048_576);
const vcpus = z.int().min(0).max(4096);

const networkSchema = z.strictObject({
  cidr: z.string().refine((text) => ipv4Block(text) !== undefined, "an IPv4 block, as 10.0.0.0/24"),
  gateway: addressSchema,
  nameservers: z.array(addressSchema).min(1),
  /** From here machines get their address, both ends included. A machine's own `address` may lie elsewhere. */
  addresses: z.strictObject({ from: addressSchema, to: addressSchema }),
  /** Addresses, or ranges as `10.0.0.5-10.0.0.9`, that no machine gets. */
  reserved: z
    .array(z.string().refine((text) => ipv4Range(text) !== undefined, "an address, or 10.0.0.5-10.0.0.9"))
    .default([]),
});

/** What a service that runs on the host itself, not in a machine, takes from it. */
const serviceSchema = z.strictObject({
  name: nameSchema,
  memoryMiB: MiB,
  vcpus: vcpus.default(0),
  diskGiB: GiB.default(0),
  pool: nameSchema.default("default"),
});

const hostSchema = z.strictObject({
  name: nameSchema,
  address: addressSchema,
  memoryMiB: MiB.min(1),
  /** Hardware threads. */
  vcpus: vcpus.min(1),
  /** Machines' vCPUs for each thread that the reserve leaves. */
  vcpuOvercommit: z.number().min(1).max(64).default(1),
  /** What no machine gets; `diskGiB` in each pool. */
  reserve: z
    .strictObject({ memoryMiB: MiB.default(4096), vcpus: vcpus.default(0), diskGiB: GiB.default(0) })
    .prefault({}),
  pools: z
    .array(
      z.strictObject({
        name: nameSchema.default("default"),
        sizeGiB: GiB.min(1),
        /** Disk that is promised for each GiB there is. Above 1 only with thin volumes, and someone who watches the pool. */
        overcommit: z.number().min(1).max(16).default(1),
      }),
    )
    .min(1),
  labels: z.array(nameSchema).default([]),
  used: z.array(serviceSchema).default([]),
});

const machineSchema = z.strictObject({
  name: nameSchema,
  size: z.union(
    [z.enum(["light", "medium", "heavy"]), z.strictObject({ memoryMiB: MiB.min(1), vcpus: vcpus.min(1) })],
    'light, medium, heavy, or { "memoryMiB": …, "vcpus": … }',
  ),
  diskGiB: GiB.min(1),
  pool: nameSchema.default("default"),
  role: z.string().min(1).max(200),
  /** @default - the lowest free address of the network's pool */
  address: addressSchema.optional(),
  /** The host it must be on. */
  pin: nameSchema.optional(),
  /** Machines that must be on its host. */
  near: z.array(nameSchema).default([]),
  /** Machines that must not be on its host. */
  apart: z.array(nameSchema).default([]),
  /** Labels its host should have. */
  prefers: z.array(nameSchema).default([]),
  /** The phase it arrives in. */
  phase: z.literal([1, 2, 3]).default(1),
  team: z.string().min(1).max(200).optional(),
});

/** An inventory whose fields are in order, each by itself. */
export const inventoryShape = z.strictObject({
  network: networkSchema,
  hosts: z.array(hostSchema).min(1).max(1000),
  machines: z.array(machineSchema).max(10_000),
  strategy: z.enum(["spread", "pack"]).default("spread"),
});

export type FleetInventory = Readonly<z.output<typeof inventoryShape>>;
/** As it is written: what has a default may be left out. */
export type FleetInventoryInput = z.input<typeof inventoryShape>;
export type FleetHost = FleetInventory["hosts"][number];
export type FleetMachine = FleetInventory["machines"][number];
export type FleetNetwork = FleetInventory["network"];
