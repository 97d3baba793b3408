import { GroundplaneError } from "@groundplane/contracts";
import type { LoadedProject, LoadedStack } from "../define/load-project.ts";
import { findNpmPlugins } from "./find-plugins.ts";
import { inspectPlugin, installPlugin, type PluginFinding, pulumiHome } from "./plugin-place.ts";

/** Every plugin that packages of the project and of its stacks deliver, and how each stands on this machine. */
export async function inspectPlugins(
  project: Pick<LoadedProject, "root" | "stacks">,
  env: NodeJS.ProcessEnv = process.env,
): Promise<readonly PluginFinding[]> {
  const folders = [project.root, ...[...project.stacks.values()].map(({ folder }) => folder)];
  const plugins = await findNpmPlugins(folders);
  return Promise.all(plugins.map((plugin) => inspectPlugin(plugin, pulumiHome(env))));
}

/**
 * Installs those that are not as their packages deliver them, for the engine of real environments. A sandbox has
 * stand-ins of its own.
 *
 * @returns how each stands now; what no package has a program for stays as it was.
 */
export async function installPlugins(
  project: Pick<LoadedProject, "root" | "stacks">,
  env: NodeJS.ProcessEnv = process.env,
): Promise<readonly PluginFinding[]> {
  const found = await inspectPlugins(project, env);
  return Promise.all(
    found.map((finding) =>
      finding.status === "ready" || finding.plugin.executable === undefined
        ? finding
        : installPlugin(finding.plugin, pulumiHome(env)),
    ),
  );
}

/**
 * Before the engine is asked: without the plugin it would try to download one, for minutes, or take another build.
 *
 * @param env The engine's own variables.
 * @throws {PLUGIN_NOT_INSTALLED} naming each plugin and the remedy.
 */
export async function requirePlugins(
  stack: Pick<LoadedStack, "name" | "folder">,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const plugins = await findNpmPlugins([stack.folder]);
  const findings = await Promise.all(plugins.map((plugin) => inspectPlugin(plugin, pulumiHome(env))));
  // One that cannot be compared was put there by someone: the approval is bound to it by its content.
  const unfit = findings.filter(
    ({ status, plugin }) => status === "missing" || (status === "other" && plugin.executable !== undefined),
  );
  if (unfit.length === 0) return;
  const list = unfit.map(({ plugin, why }) => `${plugin.name} ${plugin.version} (${why})`).join("; ");
  const remedy = unfit.some(({ plugin }) => plugin.executable !== undefined)
    ? ' Run "groundplane doctor --fix", which installs what the project\'s packages deliver.'
    : "";
  throw new GroundplaneError(
    "PLUGIN_NOT_INSTALLED",
    `stack "${stack.name}" needs ${unfit.length === 1 ? "a plugin that is" : "plugins that are"} not ready: ${list}. Nothing was changed.${remedy}`,
    {
      facts: {
        stack: stack.name,
        plugins: unfit.map(({ plugin, status }) => ({ name: plugin.name, version: plugin.version, status })),
      },
    },
  );
}
