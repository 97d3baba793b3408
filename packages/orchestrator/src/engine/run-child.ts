import type { ChildProcess } from "node:child_process";
import { GroundplaneError } from "@groundplane/contracts";
import { type HeldLease, SELF_LOST } from "../lease/hold-lease.ts";
import { endSession, sessionGone, signalProcess } from "./end-session.ts";
import type { EngineLimits } from "./engine-limits.ts";
import {
  type EngineMessage,
  type EngineRequest,
  type EngineTask,
  engineMessageSchema,
  type LeaseBeat,
} from "./engine-request.ts";
import { forkEngineChild, type WaitingChild } from "./waiting-child.ts";

/** From the interrupt to the end of the process group; providers get time to finish what they began. */
function escalation({ interruptMs, terminateMs }: EngineLimits) {
  return [
    { afterMs: 0, signal: "SIGINT" },
    { afterMs: interruptMs, signal: "SIGTERM" },
    { afterMs: interruptMs + terminateMs, signal: "SIGKILL" },
  ] as const;
}

/** A single slow resource may keep an up silent; a preview has nothing that takes as long. */
function silenceLimit(command: EngineRequest["command"], limits: EngineLimits): number {
  return command === "up" || command === "destroy" ? limits.upSilenceMs : limits.previewSilenceMs;
}

export interface EngineRunOptions {
  readonly env: Readonly<Record<string, string>>;
  /** Where a child with this `env` may wait already. @default - a new child */
  readonly children?: WaitingChild;
  readonly onMessage: (message: EngineMessage) => void;
  readonly signal?: AbortSignal | undefined;
  /** The lease under which the engine changes something: it is stopped when nothing renews it. */
  readonly lease?: HeldLease | undefined;
  readonly limits: EngineLimits;
}

export interface EngineRunResult {
  /** The engine's exit code; 0 is success. */
  readonly code: number;
  /** The end of what it printed, scrubbed. */
  readonly text: string;
  readonly messages: readonly EngineMessage[];
  /** It was ended from here: by the caller's signal, or by the watchdog. */
  readonly ended?: "cancelled" | "silent";
}

function signalAll({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  if (signal === "SIGKILL") {
    endSession(pid);
    return;
  }
  // SIGINT goes to the child alone, which passes one on; the engine takes a second one as "now".
  signalProcess(signal === "SIGINT" ? pid : -pid, signal);
}

/** Right before it begins: whoever was stopped since the last check begins nothing. */
function leaseOf(held: HeldLease): NonNullable<EngineRequest["lease"]> {
  return { silenceMs: held.lease.ttlMs * SELF_LOST, ageMs: held.checkNow() };
}

/**
 * Runs one engine command in a child process of its own group, and relays what it says.
 *
 * @throws {ENGINE_FAILED} when the child broke down without an answer.
 * @throws {LEASE_LOST} when the lease was lost before it began.
 */
export async function runEngineChild(
  request: EngineRequest,
  options: EngineRunOptions,
): Promise<EngineRunResult> {
  const messages: EngineMessage[] = [];
  const child = options.children?.take() ?? forkEngineChild(options.env);
  let errors = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    errors = (errors + chunk.toString("utf8")).slice(-4096);
  });

  let ended: EngineRunResult["ended"];
  const timers: NodeJS.Timeout[] = [];
  const end = (why: NonNullable<EngineRunResult["ended"]>): void => {
    if (ended !== undefined) return;
    ended = why;
    for (const { afterMs, signal } of escalation(options.limits))
      timers.push(setTimeout(() => signalAll(child, signal), afterMs));
  };
  const silence = setTimeout(() => end("silent"), silenceLimit(request.command, options.limits));
  const onAbort = (): void => end("cancelled");
  options.signal?.addEventListener("abort", onAbort, { once: true });
  if (options.signal?.aborted === true) onAbort();

  child.on("message", (raw) => {
    silence.refresh();
    const message = engineMessageSchema.parse(raw);
    messages.push(message);
    options.onMessage(message);
  });
  const { lease } = options;
  const stopTelling = lease?.onBeat((ageMs) => {
    const beat: LeaseBeat = { kind: "lease.beat", ageMs };
    // One that has ended is told nothing, and its end is told by "close".
    if (child.connected) child.send(beat, () => undefined);
  });

  try {
    const { interruptMs, terminateMs } = options.limits;
    const task: EngineTask = { ...request, escalation: { interruptMs, terminateMs } };
    child.send(lease === undefined ? task : { ...task, lease: leaseOf(lease) });
    const exit = await new Promise<string>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, signal) => resolve(signal ?? String(code)));
    });
    return { ...resultOf(messages, exit, errors), messages, ...(ended === undefined ? {} : { ended }) };
  } finally {
    clearTimeout(silence);
    stopTelling?.();
    for (const timer of timers) clearTimeout(timer);
    options.signal?.removeEventListener("abort", onAbort);
    // Providers and packs that outlived the engine must not hold anything.
    signalAll(child, "SIGKILL");
    if (child.pid !== undefined) await sessionGone(child.pid);
  }
}

function resultOf(
  messages: readonly EngineMessage[],
  exit: string,
  errors: string,
): { code: number; text: string } {
  const broken = messages.find((message) => message.kind === "broken");
  if (broken !== undefined) {
    throw new GroundplaneError("ENGINE_FAILED", `the stack's program could not be run: ${broken.message}`, {
      facts: { reason: broken.message, ...(broken.code === undefined ? {} : { code: broken.code }) },
    });
  }
  const said = messages.findLast((message) => message.kind === "exit");
  if (said !== undefined) return { code: said.code, text: said.text };
  // Killed before it could answer: its own words on stderr are not scrubbed, so they are counted, not quoted.
  return {
    code: 255,
    text: `the engine's process ended with ${exit} and without an answer (${errors.length} bytes of errors)`,
  };
}
