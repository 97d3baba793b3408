import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { WorkerOrder } from "./worker.ts";

const WORKER = fileURLToPath(new URL("worker.ts", import.meta.url));

export interface WorkerEnd {
  /** Facts that stand in the journal, by label. */
  readonly facts: readonly string[];
  readonly killed: boolean;
}

/** Runs `worker.ts` to its end, whichever that is. */
export function workInProcess(order: WorkerOrder): Promise<WorkerEnd> {
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", WORKER, JSON.stringify(order)],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  let out = "";
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString("utf8");
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (_code, signal) =>
      resolve({ facts: out.split("\n").filter(Boolean), killed: signal === "SIGKILL" }),
    );
  });
}
