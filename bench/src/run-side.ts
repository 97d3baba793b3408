import { fork } from "node:child_process";
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";
import { GroundplaneError } from "@groundplane/contracts";
import { type Engine, resolveEngine } from "@groundplane/orchestrator";
import { processorMsOf, watchMemory } from "./process-tree.ts";
import { type SideTask, sideAnswerSchema } from "./side-task.ts";

export const SIDES = { groundplane: "./groundplane-side.ts", stock: "./stock-side.ts" } as const;

/** One measurement of one side. */
export interface Measured {
  /** Wall time, from the start of a new Node process until it has done the job. */
  readonly ms: number;
  /** Highest sum of resident memory of that process and all below it; absent where there is no /proc. */
  readonly peakMiB?: number;
  /** Processor time of that process and all below it that have ended; absent where there is no /proc. */
  readonly processorMs?: number;
  /** Milliseconds of steps, added up over the stacks. */
  readonly parts: Readonly<Record<string, number>>;
  /** Milliseconds of each stack. */
  readonly stacks: Readonly<Record<string, number>>;
  /** What was counted, where the figure is of that. */
  readonly counts?: Readonly<Record<string, number>>;
}

let engine: Promise<Engine> | undefined;

/** The one engine that both sides use. */
export function benchEngine(): Promise<Engine> {
  engine ??= resolveEngine();
  return engine;
}

/** Nothing of the caller's shell may speed one side up or slow it down. */
async function sideEnvironment(): Promise<Record<string, string>> {
  const { binDir } = await benchEngine();
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !/^(PULUMI_|NODE_|AWS_|GROUNDPLANE_(?!CACHE))/.test(entry[0]),
  );
  const env = Object.fromEntries(kept);
  return { ...env, PATH: [binDir, env["PATH"] ?? ""].join(delimiter), PULUMI_SKIP_UPDATE_CHECK: "true" };
}

/**
 * Does a task in a new process, and measures it.
 *
 * @throws {ENGINE_FAILED} when the side did not do its job: a failed run has no time.
 */
export async function runSide(side: keyof typeof SIDES, task: SideTask): Promise<Measured> {
  const env = await sideEnvironment();
  const startedAt = performance.now();
  const child = fork(fileURLToPath(new URL(SIDES[side], import.meta.url)), [], {
    env,
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });
  const memory = watchMemory(child.pid ?? 0);
  let errors = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    errors = (errors + chunk.toString("utf8")).slice(-4096);
  });
  try {
    child.send(task);
    const [raw, ms] = await new Promise<[unknown, number]>((resolve, reject) => {
      child.once("message", (said) => resolve([said, performance.now() - startedAt]));
      child.once("error", reject);
      // Not "exit", which may come before the answer that was sent before it.
      child.once("close", (code) => reject(failed(side, task, `it ended with ${code}: ${errors}`)));
    });
    const answer = sideAnswerSchema.parse(raw);
    if ("error" in answer) throw failed(side, task, answer.error);
    const processorMs = processorMsOf(child.pid ?? 0);
    const peakMiB = memory.end();
    return {
      ms,
      ...(processorMs === undefined ? {} : { processorMs }),
      ...(peakMiB === undefined ? {} : { peakMiB }),
      parts: answer.parts,
      stacks: answer.stacks,
    };
  } finally {
    memory.end();
    await ended(child);
  }
}

function ended(child: ReturnType<typeof fork>): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once("exit", () => resolve());
  });
}

function failed(side: string, task: SideTask, why: string): GroundplaneError {
  return new GroundplaneError("ENGINE_FAILED", `the ${side} side did not ${task.kind}: ${why}`, {
    facts: { side, kind: task.kind },
  });
}
