import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { chmod, copyFile, mkdir, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { GroundplaneError, type Sha256, shellQuote } from "@groundplane/contracts";
import { hashLinkedPackage } from "../digest/program-digest.ts";
import { programName } from "../engine-install/engine.ts";
import type { NpmPlugin } from "./find-plugins.ts";

const HEADER = "# Starts a Pulumi plugin out of an npm package. Written by groundplane doctor --fix.";
const MODULE_LINE = "# module: ";
const MODULE = /\.[cm]?js$/;

/** How a plugin of an npm package stands in the engine's plugin folder. */
export interface PluginFinding {
  readonly plugin: NpmPlugin;
  /** `other`: one of that name and version is there, and is not the package's. */
  readonly status: "ready" | "missing" | "other";
  /** In words. */
  readonly why: string;
}

/** The engine's own folder, by its own rule. */
export function pulumiHome(env: Readonly<Record<string, string | undefined>> = process.env): string {
  return resolve(env["PULUMI_HOME"] || join(env["HOME"] ?? homedir(), ".pulumi"));
}

/** Where the engine looks for a provider's program. */
export function pluginProgram(
  { name, version }: Pick<NpmPlugin, "name" | "version">,
  home: string,
): { readonly folder: string; readonly file: string } {
  const folder = join(home, "plugins", `resource-${name}-v${version}`);
  return { folder, file: join(folder, programName(`pulumi-resource-${name}`)) };
}

async function hashFile(file: string): Promise<Sha256> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return `sha256:${hash.digest("hex")}`;
}

/** The module that a launcher of ours starts; undefined for any other program. */
async function launchedModule(file: string): Promise<string | undefined> {
  const { size } = await stat(file);
  if (size > 10_000) return undefined;
  const lines = (await readFile(file, "utf8")).split("\n");
  const named = lines.find((line) => line.startsWith(MODULE_LINE));
  if (!lines.includes(HEADER) || named === undefined) return undefined;
  const module: unknown = JSON.parse(named.slice(MODULE_LINE.length));
  return typeof module === "string" ? module : undefined;
}

/** The folder of the package around a file in it. */
function packageOf(file: string): string {
  const above = join(file, "..");
  return above === file || existsSync(join(above, "package.json")) ? above : packageOf(above);
}

/** Content of what the engine would run: a program's own, or the package of the module that a launcher starts. */
export async function digestOfProgram(file: string): Promise<Sha256 | "absent"> {
  if (!existsSync(file)) return "absent";
  const module = await launchedModule(file);
  if (module === undefined) return hashFile(file);
  return existsSync(module) ? hashLinkedPackage(packageOf(await realpath(module))) : "absent";
}

async function digestOfPackage(executable: string): Promise<Sha256> {
  return MODULE.test(executable)
    ? hashLinkedPackage(packageOf(await realpath(executable)))
    : hashFile(executable);
}

/** Compares what stands in the engine's plugin folder with the package, by content. */
export async function inspectPlugin(plugin: NpmPlugin, home: string): Promise<PluginFinding> {
  const { folder, file } = pluginProgram(plugin, home);
  const there = existsSync(`${folder}.partial`) ? "absent" : await digestOfProgram(file);
  if (there === "absent") {
    return { plugin, status: "missing", why: plugin.missing ?? `it is not in ${folder}` };
  }
  if (plugin.executable === undefined) {
    return { plugin, status: "other", why: `${file} is there and cannot be compared: ${plugin.missing}` };
  }
  return there === (await digestOfPackage(plugin.executable))
    ? { plugin, status: "ready", why: `${file}, as in ${plugin.package} ${plugin.packageVersion}` }
    : { plugin, status: "other", why: `${file} is another build than ${plugin.package} delivers` };
}

function launcher(module: string): string {
  return [
    "#!/bin/sh",
    HEADER,
    `${MODULE_LINE}${JSON.stringify(module)}`,
    `node=${shellQuote(process.execPath)}`,
    '[ -x "$node" ] || node=node',
    `exec "$node" ${shellQuote(module)} "$@"`,
    "",
  ].join("\n");
}

/**
 * Puts a plugin into the engine's plugin folder: a program as a copy, so that it stays when the project goes; a module
 * as a launcher, as it needs its packages. Several processes may do it at once.
 *
 * @throws {PLUGIN_NOT_INSTALLED} when the package has nothing to run here.
 */
export async function installPlugin(plugin: NpmPlugin, home: string): Promise<PluginFinding> {
  const { executable } = plugin;
  if (executable === undefined) {
    throw new GroundplaneError(
      "PLUGIN_NOT_INSTALLED",
      `the plugin ${plugin.name} ${plugin.version} of ${plugin.package} cannot be installed: ${plugin.missing}.`,
      { facts: { plugin: plugin.name, version: plugin.version, package: plugin.package } },
    );
  }
  const { folder, file } = pluginProgram(plugin, home);
  const draft = `${file}.${process.pid}.draft`;
  await mkdir(folder, { recursive: true });
  try {
    if (MODULE.test(executable)) await writeFile(draft, launcher(await realpath(executable)));
    else await copyFile(executable, draft);
    await chmod(draft, 0o755);
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
  // The engine's mark of an installation that it did not finish.
  await rm(`${folder}.partial`, { force: true });
  return inspectPlugin(plugin, home);
}
