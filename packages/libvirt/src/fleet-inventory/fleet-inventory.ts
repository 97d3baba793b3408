import { z } from "zod";

const nameSchema = z.string().min(1);
const addressSchema = z.ipv4();

/** What an exported inventory says it is. */
export const INVENTORY_SCHEMA = "groundplane.dev/fleet-inventory/v1";

/** A hypervisor, as the inventory shows it. */
export const inventoryHostSchema = z.strictObject({
  name: nameSchema,
  address: addressSchema,
  labels: z.array(z.string()),
});

/** A machine, as the inventory shows it: where it is, what it has, what it is for. */
export const inventoryMachineSchema = z.strictObject({
  name: nameSchema,
  /** The hypervisor it is on. */
  host: nameSchema,
  address: addressSchema,
  macAddress: z.string(),
  memoryMiB: z.int(),
  vcpus: z.int(),
  diskGiB: z.int(),
  role: z.string(),
  team: z.string().optional(),
  /** User that administers it over SSH. */
  user: nameSchema,
});

/** What a fleet hands on: every host, machine and service, without a secret. A stack exports it as an output. */
export const inventoryExportSchema = z.strictObject({
  schema: z.literal(INVENTORY_SCHEMA),
  name: nameSchema,
  network: z.strictObject({ cidr: z.string(), gateway: addressSchema, nameservers: z.array(addressSchema) }),
  hosts: z.array(inventoryHostSchema),
  machines: z.array(inventoryMachineSchema),
  services: z.array(
    z.strictObject({ name: nameSchema, host: nameSchema, address: addressSchema, port: z.int() }),
  ),
});

export type InventoryHost = Readonly<z.infer<typeof inventoryHostSchema>>;
export type InventoryMachine = Readonly<z.infer<typeof inventoryMachineSchema>>;
export type InventoryExport = Readonly<z.infer<typeof inventoryExportSchema>>;

/** Lines of /etc/hosts: every host and every machine, with its name in the fleet's domain and alone. */
export function hostEntries(
  { hosts, machines }: Pick<InventoryExport, "hosts" | "machines">,
  domain?: string,
): readonly { readonly address: string; readonly names: readonly string[] }[] {
  return [...hosts, ...machines].map(({ address, name }) => ({
    address,
    names: domain === undefined ? [name] : [`${name}.${domain}`, name],
  }));
}
