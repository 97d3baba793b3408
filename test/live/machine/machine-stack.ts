import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation/index.js";
import type { DebianMachine } from "./debian-machine.ts";

/** A stack of the real engine, with the plugin of `@groundplane/machine`; its state and all else lie in the machine's folder. */
export async function machineStack(machine: DebianMachine, program: () => void): Promise<Stack> {
  const [state, pulumiHome] = [join(machine.folder, "state"), join(machine.folder, "pulumi")];
  mkdirSync(state, { recursive: true });
  installPlugin(pulumiHome);
  return LocalWorkspace.createOrSelectStack(
    { stackName: "dev", projectName: "rack", program: async () => program() },
    {
      ...{ workDir: machine.folder, pulumiHome },
      projectSettings: { name: "rack", runtime: "nodejs", backend: { url: `file://${state}` } },
      envVars: { PULUMI_CONFIG_PASSPHRASE: "x", PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" },
    },
  );
}

/** As `groundplane doctor --fix` does it. */
function installPlugin(pulumiHome: string): void {
  const found = createRequire(import.meta.url).resolve("@groundplane/machine/package.json");
  const folder = join(pulumiHome, "plugins", "resource-groundplane-machine-v0.1.0");
  mkdirSync(folder, { recursive: true });
  const script = `#!/bin/sh\nexec '${process.execPath}' '${join(dirname(found), "dist/plugin.js")}' "$@"\n`;
  writeFileSync(join(folder, "pulumi-resource-groundplane-machine"), script, { mode: 0o755 });
}
