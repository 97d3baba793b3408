import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation/index.js";
import type { DebianMachine } from "./debian-machine.ts";

const PLUGIN = join(
  dirname(createRequire(import.meta.url).resolve("@groundplane/machine/package.json")),
  "dist/plugin.js",
);

/** A stack of the real engine, with the plugin of `@groundplane/machine`; its state and all else lie in the machine's folder. */
export async function machineStack(machine: DebianMachine, program: () => void): Promise<Stack> {
  const [state, pulumiHome] = [join(machine.folder, "state"), join(machine.folder, "pulumi")];
  mkdirSync(state, { recursive: true });
  installPlugin(machine, pulumiHome);
  return LocalWorkspace.createOrSelectStack(
    { stackName: "dev", projectName: "rack", program: async () => program() },
    {
      ...{ workDir: machine.folder, pulumiHome },
      projectSettings: { name: "rack", runtime: "nodejs", backend: { url: `file://${state}` } },
      envVars: { PULUMI_CONFIG_PASSPHRASE: "x", PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" },
    },
  );
}

/** As `groundplane doctor --fix` does it; and each process says which one it is. */
function installPlugin(machine: DebianMachine, pulumiHome: string): void {
  const folder = join(pulumiHome, "plugins", "resource-groundplane-machine-v0.1.0");
  mkdirSync(folder, { recursive: true });
  const script = `#!/bin/sh\necho $$ >>'${processList(machine)}'\nexec '${process.execPath}' '${PLUGIN}' "$@"\n`;
  writeFileSync(join(folder, "pulumi-resource-groundplane-machine"), script, { mode: 0o755 });
}

const processList = (machine: DebianMachine) => join(machine.folder, "plugins");

/** The processes of the plugin that the stack has started and that still run. */
export function pluginProcesses(machine: DebianMachine): readonly number[] {
  const started = readFileSync(processList(machine), "utf8").trim().split("\n");
  // A number may be somebody else's by now.
  return started.filter((pid) => commandOf(pid).includes(PLUGIN)).map(Number);
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}
