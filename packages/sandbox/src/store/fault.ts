import { GroundplaneError } from "@groundplane/contracts";
import { z } from "zod";

export const FAULT_OPERATIONS = ["check", "diff", "create", "read", "update", "delete", "invoke"] as const;
export type FaultOperation = (typeof FAULT_OPERATIONS)[number];

const faultSchema = z
  .strictObject({
    type: z.string().min(1),
    operation: z.enum([...FAULT_OPERATIONS, "*"]),
    moment: z.enum(["before", "after"]).default("before"),
    delayMs: z.int().min(0).max(86_400_000).default(0),
    error: z.string().min(1).optional(),
    hang: z.union([z.boolean(), z.literal("forever")]).default(false),
    times: z.int().min(1).optional(),
  })
  .refine((fault) => fault.delayMs > 0 || fault.error !== undefined || fault.hang !== false, {
    error: "a fault needs delayMs, error or hang",
  });

/** Makes operations slow, failing or never answering. */
export interface FaultArgs {
  /** Type token with `*` for any run of characters: `aws:ec2/*`, `aws:ec2/subnet:Subnet`, or a function's token. */
  readonly type: string;
  /** `*` for every operation. */
  readonly operation: FaultOperation | "*";
  /**
   * `after`: the cloud has done it, and the answer is late, lost or an error. That is how a killed update leaves
   * something behind that the state does not know.
   * @default "before"
   */
  readonly moment?: "before" | "after";
  /** Milliseconds, up to a day. @default 0 */
  readonly delayMs?: number;
  /** The cloud's error: `ServiceUnavailable: try again`. @default - none */
  readonly error?: string;
  /** Never answers, until the engine cancels; `"forever"`: not even then. @default false */
  readonly hang?: boolean | "forever";
  /** How many operations it strikes, then it is spent. @default - every one, until it is cleared */
  readonly times?: number;
}

export interface Fault extends Required<Omit<FaultArgs, "error" | "times">> {
  readonly id: number;
  readonly error?: string;
  /** How many strikes are left. Absent: without end. */
  readonly remaining?: number;
}

/**
 * @throws {SANDBOX_INVALID} names each field that does not fit
 */
export function parseFault(args: FaultArgs): z.output<typeof faultSchema> {
  const result = faultSchema.safeParse(args);
  if (result.success) return result.data;
  throw new GroundplaneError("SANDBOX_INVALID", `this is no fault: ${z.prettifyError(result.error)}`);
}

/** True where the glob (`*` only) matches the whole text. */
export function matchesGlob(glob: string, text: string): boolean {
  const pattern = glob
    .split("*")
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
  return new RegExp(`^${pattern}$`).test(text);
}
