import { z } from "zod";
import { type ComposeFile, type ComposeOverlay, checkedCompose, composeFileSchema } from "./compose-file.ts";
import { mergeCompose } from "./compose-merge.ts";
import { productionOverlay, securityOverlay } from "./compose-overlays.ts";
import { composeServiceSchema, nameSchema } from "./compose-service.ts";

/** Of drivers that keep logs on the host: both limits, or the disk fills up. */
const boundedLoggingSchema = z.strictObject({
  driver: z.enum(["json-file", "local"]),
  options: z.record(z.string(), z.string()).and(
    z.object({
      "max-size": z.string().regex(/^[1-9]\d*[kmg]$/),
      "max-file": z.string().regex(/^[1-9]\d*$/),
    }),
  ),
});

const hardenedServiceSchema = composeServiceSchema.extend({
  restart: z.enum(["always", "unless-stopped", "on-failure"]),
  logging: z.union([boundedLoggingSchema, z.strictObject({ driver: z.literal("journald") })]),
  read_only: z.literal(
    true,
    "a root file system that cannot be written; mount what must be, a tmpfs for instance",
  ),
  cap_drop: z.tuple([z.literal("ALL")]).readonly(),
  security_opt: z.tuple([z.literal("no-new-privileges:true")]).readonly(),
});

export const hardenedComposeSchema = composeFileSchema.extend({
  services: z.record(nameSchema, hardenedServiceSchema),
});

/** A file that may run on a machine: each service with what the production and security overlays add. */
export type HardenedComposeFile = z.infer<typeof hardenedComposeSchema>;

/**
 * A file with overlays, then production's and security's.
 *
 * @param overlays between the file and the two
 * @throws {INVALID_ARGUMENT} what comes out is not valid, or not hardened.
 */
export function hardenedCompose(
  file: ComposeFile,
  ...overlays: readonly ComposeOverlay[]
): HardenedComposeFile {
  const own = mergeCompose(file, ...overlays);
  return checkedCompose(
    hardenedComposeSchema,
    mergeCompose(own, productionOverlay(own), securityOverlay(own)),
  );
}
