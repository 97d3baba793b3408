import { jsonValueSchema, preflightProblemSchema, sha256Schema } from "@groundplane/contracts";
import { z } from "zod";
import { plannedUpstreamsSchema } from "../define/planned-upstream-schema.ts";

/** What an engine child is asked to do: one engine command over one stack. */
export const engineRequestSchema = z
  .object({
    command: z.enum(["preview", "up", "destroy", "destroy-preview", "drift", "settle"]),
    /** The engine's binary. */
    pulumi: z.string(),
    /** Folder of the run's own, with Pulumi.yaml and the stack's settings. */
    workFolder: z.string(),
    /** The stack's own folder: the program's working directory. */
    stackFolder: z.string(),
    entry: z.string(),
    /** What the entry's file must hold, checked when it is loaded. @default - what stands there */
    entryDigest: sha256Schema.optional(),
    /** The Pulumi stack's name. */
    stack: z.string(),
    /** Written by preview, obeyed by up. */
    plan: z.string().optional(),
    /** Preview and up first read the cloud into the state. @default false */
    refresh: z.boolean().optional(),
    /** URNs that alone are read, by a settle. @default - every resource */
    targets: z.array(z.string()).optional(),
    /** Run the stack's preflight first, within this time, and begin nothing when it finds a problem. @default - none */
    preflightMs: z.int().positive().optional(),
    policyPacks: z.array(z.object({ folder: z.string(), configFile: z.string() })),
    message: z.string().optional(),
    /** The lease under which the engine works: it is interrupted when the last beat is older. @default - none */
    lease: z.object({ silenceMs: z.number().positive(), ageMs: z.number() }).optional(),
    /** Outputs of upstreams that are planned and not there. */
    planned: plannedUpstreamsSchema.optional(),
  })
  .refine(({ command, planned }) => planned === undefined || command === "preview", {
    path: ["planned"],
    error: "only a preview may be made on outputs that are not there",
  });

/** What the parent tells at each beat of that lease: how long ago it was. */
export const leaseBeatSchema = z.object({ kind: z.literal("lease.beat"), ageMs: z.number() });
export type LeaseBeat = z.infer<typeof leaseBeatSchema>;

export type EngineRequest = z.infer<typeof engineRequestSchema>;

/** A request as the child gets it: with what it does by itself when its parent is gone. */
export const engineTaskSchema = engineRequestSchema.extend({
  escalation: z.object({ interruptMs: z.int(), terminateMs: z.int() }),
});

export type EngineTask = z.infer<typeof engineTaskSchema>;

const state = z.object({
  type: z.string(),
  urn: z.string(),
  id: z.string(),
  custom: z.boolean(),
  parent: z.string(),
  provider: z.string(),
  protect: z.boolean(),
  inputs: z.record(z.string(), jsonValueSchema),
  outputs: z.record(z.string(), jsonValueSchema),
});

const step = z.object({
  operation: z.string(),
  urn: z.string(),
  type: z.string(),
  planning: z.boolean(),
  old: state.optional(),
  new: state.optional(),
  /** Property paths that force a replacement. */
  keys: z.array(z.string()),
  detailedDiff: z.record(z.string(), z.object({ kind: z.string(), inputDiff: z.boolean() })).optional(),
});

/** What a child tells its parent. Secrets were masked and text scrubbed before it was sent. */
export const engineMessageSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("step.started"), step }),
  z.object({ kind: z.literal("step.finished"), step }),
  z.object({ kind: z.literal("step.failed"), step }),
  z.object({
    kind: z.literal("diagnostic"),
    severity: z.enum(["info", "warning", "error"]),
    message: z.string(),
    urn: z.string().optional(),
  }),
  z.object({
    kind: z.literal("policy"),
    pack: z.string(),
    packVersion: z.string(),
    policy: z.string(),
    enforcement: z.string(),
    message: z.string(),
    urn: z.string().optional(),
    severity: z.string().optional(),
  }),
  /** Packs that the engine ran, as it names them at the end. */
  z.object({
    kind: z.literal("summary"),
    counts: z.record(z.string(), z.number()),
    packs: z.array(z.string()),
  }),
  /** The stack's preflight has ended; with a problem the engine is not started. */
  z.object({
    kind: z.literal("preflight"),
    problems: z.array(preflightProblemSchema),
    durationMs: z.number().min(0),
  }),
  z.object({ kind: z.literal("exit"), code: z.int(), text: z.string() }),
  /** The program could not even be loaded, or the child broke down. */
  z.object({ kind: z.literal("broken"), message: z.string(), code: z.string().optional() }),
]);

export type EngineStep = z.infer<typeof step>;
export type EngineState = z.infer<typeof state>;
export type EngineMessage = z.infer<typeof engineMessageSchema>;
export type EngineDiagnostic = Extract<EngineMessage, { kind: "diagnostic" }>;
