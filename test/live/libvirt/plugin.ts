import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { FILL_LIMIT_MS } from "../fill-once.ts";

const run = promisify(execFile);
const REPOSITORY = fileURLToPath(new URL("../../../", import.meta.url));

/**
 * Builds the plugin, once into the cache, and puts it into an engine's folder.
 *
 * @returns why this machine cannot build it; undefined when it is there.
 */
export async function installLibvirtPlugin(pulumiHome: string): Promise<string | undefined> {
  const args = ["tools/libvirt-provider/install.mjs", "--home", pulumiHome];
  return run(process.execPath, args, { cwd: REPOSITORY, timeout: FILL_LIMIT_MS }).then(
    () => undefined,
    (error: { readonly code?: unknown; readonly stderr?: string }) => {
      // Anything else than a machine without Go or its modules is a fault.
      if (error.code === 3) return error.stderr?.trim().replaceAll("\n", " ") ?? "the plugin cannot be built";
      throw error;
    },
  );
}
