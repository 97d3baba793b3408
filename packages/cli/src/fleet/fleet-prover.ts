import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { GroundplaneError } from "@groundplane/contracts";
import { z } from "zod";

const endpointSchema = z.object({ name: z.string(), address: z.string() });

const flowSchema = z.object({
  from: endpointSchema,
  to: endpointSchema,
  port: z.int(),
  expected: z.enum(["allowed", "refused"]),
  purposes: z.array(z.string()),
  seen: z.enum(["open", "closed", "filtered", "unknown"]),
  holds: z.boolean(),
  message: z.string(),
});

/** What of a report is shown. */
export const connectivityReportSchema = z.object({
  summary: z.string(),
  flows: z.array(flowSchema),
  held: z.int(),
  broken: z.int(),
  notTried: z.int(),
  untriedSources: z.array(
    z.object({ from: endpointSchema, flows: z.int(), why: z.string(), failed: z.boolean() }),
  ),
  untriedRows: z.array(
    z.object({ row: z.object({ from: z.string(), to: z.string(), port: z.int() }), why: z.string() }),
  ),
});

export type ConnectivityReport = z.output<typeof connectivityReportSchema>;

/** How the hypervisors are logged in to, as a stack's config says it. */
export const hostLoginSchema = z.object({
  user: z.string(),
  port: z.int().optional(),
  privateKeyFile: z.string(),
  knownHostsFile: z.string(),
});

/** What the library's `proveFleet` is asked. */
export interface ProofRequest {
  readonly login: {
    readonly privateKey: string;
    readonly user?: string;
    readonly hosts?: z.output<typeof hostLoginSchema>;
  };
  readonly probes: Readonly<Record<string, { readonly name: string; readonly address: string }>>;
  readonly waitSeconds: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: {
    readonly from: { readonly name: string };
    readonly done: number;
    readonly of: number;
  }) => void;
}

/** `proveFleet` of the project's own @groundplane/libvirt. */
export type FleetProver = (outputs: unknown, request: ProofRequest) => Promise<ConnectivityReport>;

const LIBRARY = "@groundplane/libvirt";

const moduleSchema = z.object({
  proveFleet: z.custom<(outputs: unknown, request: ProofRequest) => Promise<unknown>>(
    (value) => typeof value === "function",
  ),
});

function unusable(folder: string, why: string, cause: unknown): GroundplaneError {
  return new GroundplaneError(
    "CONFIG_INVALID",
    `${LIBRARY} ${why} in ${folder}, and it knows how a fleet's connections are tried: install it there.`,
    { cause, facts: { folder, package: LIBRARY } },
  );
}

/**
 * The library that made the fleet, from where its stack has it: the command itself goes without SSH and libvirt.
 *
 * @throws {CONFIG_INVALID} the stack has no such library, or one that cannot do it.
 */
export async function loadFleetProver(folder: string): Promise<FleetProver> {
  let path: string;
  try {
    path = createRequire(join(folder, "package.json")).resolve(LIBRARY);
  } catch (cause) {
    throw unusable(folder, "is not installed", cause);
  }
  const loaded = moduleSchema.safeParse(await import(pathToFileURL(path).href));
  if (!loaded.success) throw unusable(folder, "is too old", loaded.error);
  const { proveFleet } = loaded.data;
  return async (outputs, request) => connectivityReportSchema.parse(await proveFleet(outputs, request));
}
