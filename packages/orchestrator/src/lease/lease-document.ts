import { randomUUID } from "node:crypto";
import { GroundplaneError } from "@groundplane/contracts";
import { z } from "zod";
import { ownProcessFacts, processFactsSchema } from "./process-facts.ts";

const partySchema = z.object({
  /** Of one attempt to get the lease: never used again. */
  id: z.string().min(1),
  /** For people: the run. */
  name: z.string(),
  /** Goes up while it lives. */
  beat: z.int().min(0),
  /** It counts as dead when its beat stands still for this long. */
  ttlMs: z.int().min(1),
  /** For people only: nothing is decided by a wall clock. */
  since: z.string(),
  process: processFactsSchema,
});

const documentSchema = z.object({
  schema: z.literal("groundplane.dev/lease/v1"),
  /** Rises with each holder. */
  fence: z.int().min(0),
  holder: partySchema.optional(),
  /** Who waits, first come first. */
  queue: z.array(partySchema),
});

/** Who holds a lease, or waits for it. */
export type LeaseParty = Readonly<z.infer<typeof partySchema>>;

/** All that is known of one key's lease. */
export interface LeaseDocument {
  readonly schema: "groundplane.dev/lease/v1";
  readonly fence: number;
  readonly holder?: LeaseParty | undefined;
  readonly queue: readonly LeaseParty[];
}

export const NEW_LEASE: LeaseDocument = { schema: "groundplane.dev/lease/v1", fence: 0, queue: [] };

export function newParty(name: string, ttlMs: number): LeaseParty {
  return {
    id: randomUUID(),
    name,
    beat: 0,
    ttlMs,
    since: new Date().toISOString(),
    process: ownProcessFacts(),
  };
}

export function writeLease(document: LeaseDocument): string {
  return `${JSON.stringify(document)}\n`;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @throws {LEASE_UNAVAILABLE} when it is no lease: what cannot be read is not taken for free. */
export function readLease(key: string, text: string | undefined): LeaseDocument {
  if (text === undefined) return NEW_LEASE;
  const parsed = documentSchema.safeParse(parsedJson(text));
  if (parsed.success) return parsed.data;
  throw new GroundplaneError(
    "LEASE_UNAVAILABLE",
    `the lease "${key}" is no lease that this version can read, so who holds it is not known. Nothing was changed. Use the newest version; if it was damaged, make sure that nobody works on the stack and delete the lease.`,
    { facts: { key } },
  );
}
