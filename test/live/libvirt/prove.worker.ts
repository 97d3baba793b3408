// Runs inside a network namespace, as the workstation of whoever deploys: proves a matrix, runs the fleet stack's own check,
// or connects once, and says what came of it.
import { text } from "node:stream/consumers";
import { type ProveConnectivityOptions, parseConnectivity, proveConnectivity } from "@groundplane/libvirt";
import { type PlainConnection, runOverSsh } from "@groundplane/machine";
import { z } from "zod";

const taskSchema = z.union([
  z.object({ prove: z.unknown(), options: z.custom<ProveConnectivityOptions>() }),
  z.object({ connect: z.custom<PlainConnection>(), connectTimeoutSeconds: z.int() }),
  z.object({ check: z.unknown(), user: z.string() }),
]);

const messageOf = (error: unknown) => ({ message: error instanceof Error ? error.message : String(error) });

const stackSchema = z.object({
  connectivityCheck: z.custom<(user: string) => { check(context: unknown): Promise<string> }>(),
});

/** As the pipeline runs it after a deployment. */
async function checkStack(outputs: unknown, user: string): Promise<{ readonly message: string }> {
  const module = new URL("../../../stacks/fleet/connectivity-check.ts", import.meta.url).href;
  const { connectivityCheck } = stackSchema.parse(await import(module));
  const config = { secrets: "sops" };
  const signal = AbortSignal.timeout(120_000);
  const context = { outputs, config, signal, sandbox: false, environment: "rack" };
  return connectivityCheck(user)
    .check(context)
    .then((message) => ({ message }), messageOf);
}

const task = taskSchema.parse(JSON.parse(await text(process.stdin)));
const startedAt = performance.now();

async function resultOf(): Promise<object> {
  if ("check" in task) return checkStack(task.check, task.user);
  if ("prove" in task) return proveConnectivity(parseConnectivity(task.prove), task.options);
  return runOverSsh(task.connect, "true", task).then(() => ({ message: "" }), messageOf);
}

const result = await resultOf();
process.stdout.write(JSON.stringify({ ...result, seconds: (performance.now() - startedAt) / 1000 }));
