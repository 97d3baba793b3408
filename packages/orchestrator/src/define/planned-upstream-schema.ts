import { jsonValueSchema } from "@groundplane/contracts";
import { z } from "zod";

/** What a preview of an upstream says of its outputs: those that it would change. */
export const plannedUpstreamSchema = z.object({
  /** Whether it stands already: then outputs that are not named here are read as they are. */
  deployed: z.boolean(),
  /** Outputs that would have another value, with marks where something is secret or not known yet. */
  changed: z.record(z.string(), jsonValueSchema),
  /** Outputs that would be gone. */
  removed: z.array(z.string()),
});

/** By the name of the stack. */
export const plannedUpstreamsSchema = z.record(z.string(), plannedUpstreamSchema);

export type PlannedUpstream = Readonly<z.infer<typeof plannedUpstreamSchema>>;
export type PlannedUpstreams = Readonly<Record<string, PlannedUpstream>>;
