import { GroundplaneError } from "@groundplane/contracts";
import { z } from "zod";

/** Longest wait that a timer of Node takes. */
const LONGEST_MS = 2 ** 31 - 1;

const milliseconds = (byDefault: number) => z.int().min(1).max(LONGEST_MS).default(byDefault);

const limitsSchema = z.strictObject({
  upSilenceMs: milliseconds(30 * 60_000),
  previewSilenceMs: milliseconds(10 * 60_000),
  interruptMs: milliseconds(60_000),
  terminateMs: milliseconds(15_000),
  preflightMs: milliseconds(120_000),
  policyMs: milliseconds(60_000),
  commandMs: milliseconds(120_000),
});

/** How long is waited for what may never answer, in milliseconds. Each is 1 to 2,147,483,647. */
export interface EngineLimits {
  /**
   * An up or destroy is ended after this long without a word of the engine. It says nothing while a single slow
   * resource is made: a database may take half an hour. @default 1,800,000 (30 minutes)
   */
  readonly upSilenceMs: number;
  /** The same for a preview and for reading the cloud, which change nothing. @default 600,000 (10 minutes) */
  readonly previewSilenceMs: number;
  /** From the interrupt, after which the engine lets end what is under way, to SIGTERM. @default 60,000 */
  readonly interruptMs: number;
  /** From SIGTERM to SIGKILL, for the engine and all that it started. @default 15,000 */
  readonly terminateMs: number;
  /** A stack's preflight that has not ended by then has failed. @default 120,000 (2 minutes) */
  readonly preflightMs: number;
  /** The packs' review of a change set is ended after it. @default 60,000 */
  readonly policyMs: number;
  /** A short command of the engine, such as reading the state from its backend. @default 120,000 */
  readonly commandMs: number;
}

/** @throws {INVALID_ARGUMENT} naming the limit that is none. */
export function engineLimits(given: Partial<EngineLimits> = {}): EngineLimits {
  const parsed = limitsSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new GroundplaneError(
    "INVALID_ARGUMENT",
    `limits.${issue?.path.join(".") ?? ""}: ${issue?.message}. Give whole milliseconds from 1 to ${LONGEST_MS}.`,
    { facts: { limits: z.record(z.string(), z.number()).safeParse(given).data ?? {} } },
  );
}
