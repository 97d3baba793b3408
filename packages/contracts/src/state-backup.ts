import { z } from "zod";
import {
  environmentNameSchema,
  runIdSchema,
  sha256Schema,
  stackNameSchema,
  timestampSchema,
} from "./names.ts";

/** `before`: the state that the run's up began from. `after`: the one it left, once it was verified. */
export const BACKUP_MOMENTS = ["before", "after"] as const;

/** A stack's state as a run kept it: secrets are in it encrypted. */
export const stateBackupSchema = z
  .object({
    run: runIdSchema,
    stack: stackNameSchema,
    environment: environmentNameSchema,
    moment: z.enum(BACKUP_MOMENTS),
    keptAt: timestampSchema,
    /** Fencing number of the run's lease. */
    fence: z.int().min(1).optional(),
    sha256: sha256Schema,
    /** The file is there, is what was journaled, and can be read as a state. */
    intact: z.boolean(),
    /** What is wrong with one that is not intact. */
    problem: z.string().optional(),
    /** Resources in it, the stack itself and providers not counted. Absent when it is not intact. */
    resources: z.int().min(0).optional(),
    /** Operations in it that were begun and not ended. Absent when it is not intact. */
    pending: z.int().min(0).optional(),
  })
  .meta({ id: "StateBackup" });

export type BackupMoment = (typeof BACKUP_MOMENTS)[number];
export type StateBackup = Readonly<z.infer<typeof stateBackupSchema>>;
