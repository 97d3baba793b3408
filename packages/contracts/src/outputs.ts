import { z } from "zod";
import { jsonValueSchema } from "./json.ts";
import {
  environmentNameSchema,
  runIdSchema,
  sha256Schema,
  stackNameSchema,
  timestampSchema,
} from "./names.ts";

/** Where a secret output can be read by who may: it stays encrypted in the stack's state. */
export const secretReferenceSchema = z.object({
  /** `pulumi://<project>/<environment>/<output>`; read it with `pulumi stack output <output> --show-secrets`. */
  reference: z.string().regex(/^pulumi:\/\/[^/]+\/[^/]+\/.+$/),
});

/** What a stack hands downstream. */
export const outputsArtifactSchema = z
  .object({
    schema: z.literal("groundplane.dev/outputs/v1"),
    project: z.string(),
    stack: stackNameSchema,
    environment: environmentNameSchema,
    sandbox: z.boolean(),
    /** Counts exports of this stack and environment whose content differed, from 1. */
    version: z.int().min(1),
    run: runIdSchema,
    exportedAt: timestampSchema,
    values: z.record(z.string(), jsonValueSchema),
    secrets: z.record(z.string(), secretReferenceSchema),
    /** Over values and secrets, as canonical JSON. */
    contentDigest: sha256Schema,
  })
  .meta({ id: "OutputsArtifact" });

export type SecretReference = Readonly<z.infer<typeof secretReferenceSchema>>;
export type OutputsArtifact = Readonly<z.infer<typeof outputsArtifactSchema>>;
