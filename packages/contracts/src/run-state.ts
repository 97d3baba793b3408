import { z } from "zod";

/** The states of the Lean-Crew's Conductor, in its words. */
export const RUN_STATES = [
  "PENDING",
  "IN_PROGRESS",
  "VALIDATING",
  "BLOCKED",
  "READY_FOR_APPLY",
  "WAIT_FOR_APPROVE",
  "APPLYING",
  "ROLLBACK",
  "DONE",
] as const;

export const RUN_OUTCOMES = [
  "applied",
  "unchanged",
  "rolled-back",
  "rejected",
  "expired",
  "cancelled",
  "failed",
] as const;

export const runStateSchema = z.enum(RUN_STATES);
export const runOutcomeSchema = z.enum(RUN_OUTCOMES);

export type RunState = z.infer<typeof runStateSchema>;
export type RunOutcome = z.infer<typeof runOutcomeSchema>;

/** Where a run may go from each state. A run that stops before it is done ends with its outcome. */
export const RUN_TRANSITIONS: Readonly<Record<RunState, readonly RunState[]>> = {
  PENDING: ["IN_PROGRESS", "DONE"],
  IN_PROGRESS: ["VALIDATING", "DONE"],
  VALIDATING: ["READY_FOR_APPLY", "BLOCKED", "DONE"],
  BLOCKED: ["DONE"],
  READY_FOR_APPLY: ["WAIT_FOR_APPROVE", "DONE"],
  WAIT_FOR_APPROVE: ["APPLYING", "DONE"],
  APPLYING: ["DONE", "ROLLBACK"],
  ROLLBACK: ["DONE"],
  DONE: [],
};
