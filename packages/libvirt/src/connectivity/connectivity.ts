import { BlockList } from "node:net";
import { GroundplaneError } from "@groundplane/contracts";
import { z } from "zod";

const addressSchema = z.ipv4("an IPv4 address: 10.220.1.50");
const cidrSchema = z.cidrv4("an IPv4 network in CIDR form: 10.220.1.0/24");

const endpointSchema = z.strictObject({ name: z.string().min(1), address: addressSchema });

const partySchema = z.union([
  z.strictObject({ machines: z.array(endpointSchema) }),
  z.strictObject({
    networks: z.array(cidrSchema).min(1),
    /** Networks within these that are not meant: the internet is everything but the fleet's own. @default - none */
    except: z.array(cidrSchema).optional(),
    /** A machine in it from or to which flows can be proven. To it, what rows to this party allow is tried. */
    probe: endpointSchema.optional(),
  }),
]);

const flowSchema = z.strictObject({
  from: z.string(),
  to: z.string(),
  protocol: z.enum(["ssh", "http", "https", "tcp"]),
  port: z.int().min(1).max(65_535),
  /** Firewalls show it as a comment. */
  purpose: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9 .,:/()_+-]{0,99}$/, "1 to 100 letters, digits, spaces and .,:/()_+-"),
});

/** Who may connect to whom. What it does not name is refused. All protocols are TCP. */
export const connectivitySchema = z
  .strictObject({
    parties: z.record(z.string(), partySchema),
    flows: z.array(flowSchema),
    /**
     * Addresses of machines on which nobody sets up the matrix's firewall: whatever it refuses there may get through, and
     * is not tried. @default - every machine has it
     */
    unguarded: z.array(addressSchema).optional(),
  })
  .superRefine(({ parties, flows }, context) => {
    for (const [index, flow] of flows.entries()) {
      for (const side of ["from", "to"] as const) {
        const party = Object.hasOwn(parties, flow[side]) ? parties[flow[side]] : undefined;
        if (side === "from" && party !== undefined && "networks" in party && party.except !== undefined) {
          const message = `"${flow.from}" has exceptions, which no firewall rule can say of a source; name its networks`;
          context.addIssue({ code: "custom", path: ["flows", index, side], message });
        }
        if (party !== undefined) continue;
        context.addIssue({
          code: "custom",
          path: ["flows", index, side],
          message: `no party is named "${flow[side]}"; there are: ${Object.keys(parties).join(", ")}`,
        });
      }
    }
  });

/** A machine by its address. */
export type Endpoint = Readonly<z.infer<typeof endpointSchema>>;
/** Machines by name, or everything in some networks. */
export type Party = Readonly<z.infer<typeof partySchema>>;
/** A row of the matrix: connections that are allowed. */
export type ConnectivityFlow = Readonly<z.infer<typeof flowSchema>>;
/** Parties by name, and the flows between them. */
export type Connectivity = Readonly<z.infer<typeof connectivitySchema>>;

/**
 * Parses a connectivity matrix.
 *
 * @throws {INVALID_ARGUMENT} naming each place that is not in order.
 */
export function parseConnectivity(value: unknown): Connectivity {
  const parsed = connectivitySchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new GroundplaneError(
    "INVALID_ARGUMENT",
    `the connectivity matrix is not in order: ${problems.join("; ")}.`,
    { facts: { problems } },
  );
}

function isInNetwork(address: string, cidr: string): boolean {
  const [network = "", prefix = ""] = cidr.split("/");
  const block = new BlockList();
  block.addSubnet(network, Number(prefix), "ipv4");
  return block.check(address, "ipv4");
}

/** Whether a party has this address. A machine may be in several parties. */
export function isOfParty(party: Party, address: string): boolean {
  if ("machines" in party) return party.machines.some((machine) => machine.address === address);
  const isIn = (cidr: string): boolean => isInNetwork(address, cidr);
  return party.networks.some(isIn) && party.except?.some(isIn) !== true;
}

/** The addresses and networks of a party from which a flow begins, as firewalls take them. */
export function sourcesOf(party: Party): readonly string[] {
  return "machines" in party ? party.machines.map(({ address }) => address) : party.networks;
}
