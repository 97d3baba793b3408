import { existsSync } from "node:fs";
import { readFile, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { GroundplaneError } from "@groundplane/contracts";
import { z } from "zod";
import { packageFolder, packageNameOf } from "../digest/program-digest.ts";

const insidePackage = z
  .string()
  .regex(
    /^(?!.*(?:^|\/)\.\.(?:\/|$))[\w@][\w@./-]*$/,
    'a path below a package\'s folder, as in "dist/plugin.js"',
  );

/** `groundplane.plugin` of a package.json: this package delivers a Pulumi plugin. */
export const pluginFieldSchema = z.strictObject({
  /** The provider's name in the engine: `libvirt` for types `libvirt:…`. */
  name: z.string().regex(/^[a-z][a-z0-9-]*$/, "small letters, digits and hyphens"),
  /** The version under which the engine asks for it; the package may have another. */
  version: z.string().regex(/^\d+\.\d+\.\d+(?:-[\w.]+)?$/, 'a whole version, as in "0.5.4"'),
  /**
   * A file below the package's folder: a program, or a module that this Node runs (`.js`, `.mjs`). Where there is one
   * for each platform, by Node's name for it, each with the name of the package that holds it:
   * `{ "linux-x64": "@acme/plugin-linux-x64/bin/pulumi-resource-acme" }`.
   */
  executable: z.union([insidePackage, z.record(z.string(), insidePackage)]),
});

const manifestSchema = z.looseObject({
  name: z.string().optional(),
  version: z.string().optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
  devDependencies: z.record(z.string(), z.string()).optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
  groundplane: z.looseObject({ plugin: z.unknown() }).optional(),
});

type Manifest = z.infer<typeof manifestSchema>;

/** A Pulumi plugin that an npm package delivers. */
export interface NpmPlugin {
  readonly name: string;
  readonly version: string;
  /** The package that says so, and its version. */
  readonly package: string;
  readonly packageVersion: string;
  readonly packageFolder: string;
  /** Absolute path of what is run; undefined where it is not installed, and `missing` says why. */
  readonly executable: string | undefined;
  /** In words, with what to do. */
  readonly missing?: string;
}

async function readManifest(folder: string): Promise<Manifest> {
  const file = join(folder, "package.json");
  const parsed = manifestSchema.safeParse(JSON.parse(await readFile(file, "utf8")));
  // Whatever else a stranger's manifest may hold, it is not ours to judge.
  return parsed.success ? parsed.data : {};
}

/** Nearest folder with a package.json, from this one upwards. */
function packageAround(folder: string): string | undefined {
  if (existsSync(join(folder, "package.json"))) return folder;
  const above = dirname(folder);
  return above === folder ? undefined : packageAround(above);
}

async function pluginOf(folder: string, manifest: Manifest, platform: string): Promise<NpmPlugin[]> {
  const field = manifest.groundplane?.plugin;
  if (field === undefined) return [];
  const parsed = pluginFieldSchema.safeParse(field);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new GroundplaneError(
      "PROJECT_INVALID",
      `${join(folder, "package.json")}: groundplane.plugin.${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not in order"}.`,
      { facts: { file: join(folder, "package.json") } },
    );
  }
  const { name, version, executable } = parsed.data;
  const found = await executableOf(folder, executable, platform);
  return [
    {
      ...{ name, version, packageFolder: folder, executable: found.path },
      package: manifest.name ?? folder,
      packageVersion: manifest.version ?? "unknown",
      ...(found.missing === undefined ? {} : { missing: found.missing }),
    },
  ];
}

async function executableOf(
  folder: string,
  executable: z.infer<typeof pluginFieldSchema>["executable"],
  platform: string,
): Promise<{ readonly path: string | undefined; readonly missing?: string }> {
  const named = typeof executable === "string" ? executable : executable[platform];
  if (named === undefined) {
    const known = Object.keys(executable).join(", ");
    return { path: undefined, missing: `there is no build of it for ${platform}: there is one for ${known}` };
  }
  if (typeof executable === "string") {
    const path = join(folder, named);
    return existsSync(path)
      ? { path }
      : { path: undefined, missing: `${path} is not there: install the package again` };
  }
  const holder = packageNameOf(named);
  const holderFolder = await packageFolder(holder, folder);
  const path = holderFolder === undefined ? undefined : join(holderFolder, named.slice(holder.length + 1));
  return path !== undefined && existsSync(path)
    ? { path }
    : {
        path: undefined,
        missing: `${holder} is not installed: install the project's packages again, with optional ones (npm without "--omit=optional")`,
      };
}

/**
 * Plugins that npm packages deliver, among everything that the packages around these folders depend on.
 *
 * @param folders A project's and its stacks': of each, the nearest package.json counts.
 * @param platform Node's names of system and processor. @default this machine's
 * @returns one for each name and version, sorted by name.
 * @throws {PROJECT_INVALID} when a package's `groundplane.plugin` is not in order.
 */
export async function findNpmPlugins(
  folders: Iterable<string>,
  platform: string = `${process.platform}-${process.arch}`,
): Promise<readonly NpmPlugin[]> {
  const found = new Map<string, NpmPlugin>();
  const seen = new Set<string>();
  const visit = async (folder: string, isRoot: boolean): Promise<void> => {
    if (seen.has(folder)) return;
    seen.add(folder);
    const manifest = await readManifest(folder);
    for (const plugin of await pluginOf(folder, manifest, platform)) {
      const key = `${plugin.name}@${plugin.version}`;
      // One that can be run is preferred to one that cannot.
      if (found.get(key)?.executable === undefined) found.set(key, plugin);
    }
    const names = Object.keys({
      ...manifest.dependencies,
      ...manifest.optionalDependencies,
      ...(isRoot ? manifest.devDependencies : {}),
    });
    await Promise.all(
      names.map(async (name) => {
        const next = await packageFolder(name, folder);
        if (next !== undefined) await visit(next, false);
      }),
    );
  };
  for (const folder of folders) {
    const root = packageAround(folder);
    if (root !== undefined) await visit(await realpath(root), true);
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
