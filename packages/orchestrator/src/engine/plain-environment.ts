import { delimiter } from "node:path";
import { type LoadedProject, requireEnvironment } from "../define/load-project.ts";
import { type ResolveEngineOptions, resolveEngine } from "../engine-install/resolve-engine.ts";
import { engineEnvironmentOf } from "./engine-environment.ts";

/** Of the engine's variables, those that a shell lacks for plain `pulumi` in a stack's folder. */
const FOR_A_SHELL = [
  "PULUMI_HOME",
  "PULUMI_BACKEND_URL",
  "PULUMI_CONFIG_PASSPHRASE_FILE",
  "PULUMI_SKIP_UPDATE_CHECK",
];

/**
 * The variables with which plain `pulumi` works on an environment: the same engine, backend, secrets and
 * (for a sandbox) plugins as the pipeline.
 */
export async function plainPulumiEnvironment(
  project: LoadedProject,
  environment: string,
  options: ResolveEngineOptions = {},
): Promise<Readonly<Record<string, string>>> {
  const engine = await resolveEngine(options);
  const { env } = await engineEnvironmentOf(requireEnvironment(project, environment), project, engine);
  const added = Object.entries(env).filter(
    ([name, value]) =>
      process.env[name] !== value && (FOR_A_SHELL.includes(name) || name.startsWith("GROUNDPLANE_SANDBOX")),
  );
  const path = (env["PATH"] ?? "").split(delimiter);
  return {
    ...Object.fromEntries(added),
    PATH: path.filter((folder, index) => path.indexOf(folder) === index).join(delimiter),
  };
}
