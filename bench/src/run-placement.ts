import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type PlacementTask, placementAnswerSchema } from "./placement-task.ts";
import type { Measured } from "./run-side.ts";

/** Plans once in a new process. `ms` and `processorMs` are of the plan alone: no start, no parsing of the inventory. */
export async function runPlacement(task: PlacementTask): Promise<Measured> {
  const child = fork(fileURLToPath(new URL("./placement-side.ts", import.meta.url)), [], {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });
  let errors = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    errors = (errors + chunk.toString("utf8")).slice(-2048);
  });
  const raw = await new Promise<unknown>((resolve, reject) => {
    child.once("message", resolve);
    child.once("error", reject);
    child.once("close", (code) => reject(new RangeError(`${task.planner} ended with ${code}: ${errors}`)));
    child.send(task);
  });
  const { planMs, processorMs, ...counts } = placementAnswerSchema.parse(raw);
  return { ms: planMs, processorMs, parts: {}, stacks: {}, counts };
}
