// Runs inside a network namespace, as a person's workstation: proves a matrix, or connects once, and says what came of it.
import { text } from "node:stream/consumers";
import { type ProveConnectivityOptions, parseConnectivity, proveConnectivity } from "@groundplane/libvirt";
import { type PlainConnection, runOverSsh } from "@groundplane/machine";
import { z } from "zod";

const taskSchema = z.union([
  z.object({ prove: z.unknown(), options: z.custom<ProveConnectivityOptions>() }),
  z.object({ connect: z.custom<PlainConnection>(), connectTimeoutSeconds: z.int() }),
]);

const task = taskSchema.parse(JSON.parse(await text(process.stdin)));
const startedAt = performance.now();
const result =
  "connect" in task
    ? await runOverSsh(task.connect, "true", task).then(
        () => ({ message: "" }),
        (error: unknown) => ({ message: error instanceof Error ? error.message : String(error) }),
      )
    : await proveConnectivity(parseConnectivity(task.prove), task.options);
process.stdout.write(JSON.stringify({ ...result, seconds: (performance.now() - startedAt) / 1000 }));
