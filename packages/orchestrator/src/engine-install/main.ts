// Gets the engine ready, for set-up and images: progress on standard error, the result as JSON on standard output.
import { isGroundplaneError } from "@groundplane/contracts";
import { resolveEngine } from "./resolve-engine.ts";

try {
  const engine = await resolveEngine({
    onProgress: (progress) => process.stderr.write(`${progress.message}\n`),
  });
  process.stdout.write(`${JSON.stringify(engine)}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = isGroundplaneError(error) && error.source === "user" ? 64 : 1;
}
