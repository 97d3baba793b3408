import { existsSync } from "node:fs";
import { readFile, realpath } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { dirname, extname, join, relative, sep } from "node:path";
import { GroundplaneError } from "@groundplane/contracts";
import {
  build,
  type ImportKind,
  type Loader,
  type Plugin,
  type PluginBuild,
  type ResolveResult,
  transform,
} from "esbuild";
import { z } from "zod";
import { packageNameOf } from "../digest/program-digest.ts";

/** Folder below a stack's own in which a bundle is placed to be run: its imports are resolved from there. */
export const BUNDLE_FOLDER = ".groundplane";

export interface ProgramBundle {
  /** One ES module. The same sources give the same bytes. */
  readonly text: string;
  /** What stays outside, as the bundle imports it, and the version that was installed. */
  readonly packages: Readonly<Record<string, string>>;
}

/** Types are stripped as Node strips them, whatever a tsconfig says. */
const AS_NODE = { compilerOptions: { verbatimModuleSyntax: true, useDefineForClassFields: true } };

const RESOLVING = { resolving: true };

/** Of these there must be one copy: the program registers its resources with the SDK of the process that runs it. */
const isSdk = (name: string): boolean => name.startsWith("@pulumi/") || name === "@groundplane/orchestrator";

const isBare = (specifier: string): boolean => !/^(\.{0,2}\/|\.{1,2}$|#)/.test(specifier);

const posix = (path: string): string => path.split(sep).join("/");

const manifestSchema = z.looseObject({ name: z.string().optional(), version: z.string().optional() });

/** Version of the package that a file belongs to. */
export async function versionOf(file: string): Promise<string> {
  const manifest = join(file, "package.json");
  if (existsSync(manifest)) {
    const { name, version } = manifestSchema.parse(JSON.parse(await readFile(manifest, "utf8")));
    if (name !== undefined) return version ?? "none";
  }
  const above = dirname(file);
  return above === file ? "none" : versionOf(above);
}

/** The file as its importer's package links it, so that the path outlives an upgrade; else the file itself. */
async function asLinked(file: string, name: string, from: string): Promise<string> {
  const link = join(from, "node_modules", name);
  if (existsSync(link)) {
    const within = relative(await realpath(link), file);
    return within.startsWith("..") ? file : join(link, within);
  }
  const above = dirname(from);
  return above === from ? file : asLinked(file, name, above);
}

/** The nearest folder from which a package is found as from this one: what lies between has no say in it. */
function packageHome(folder: string): string {
  const above = dirname(folder);
  const decides = ["package.json", "node_modules"].some((name) => existsSync(join(folder, name)));
  return decides || above === folder ? folder : packageHome(above);
}

/** Whether a relative import names its file outright, without a link or an installed package on the way. */
async function isOwnFile(path: string, resolveDir: string): Promise<boolean> {
  if (!/^\.{1,2}\/.*\.m?[jt]s$/.test(path)) return false;
  const file = join(resolveDir, path);
  const isItself = (await realpath(file).catch(() => undefined)) === file;
  return isItself && !file.split(sep).includes("node_modules");
}

/** Leaves installed packages outside, by a name or path that leads to the same file from the stack's folder. */
function leaveInstalled(folder: string, packages: Map<string, string>): Plugin {
  const place = join(folder, BUNDLE_FOLDER);
  // The kind decides which of a package's files is meant.
  const resolveFrom = (builder: PluginBuild, path: string, resolveDir: string, kind: ImportKind) =>
    builder.resolve(path, { kind, resolveDir, pluginData: RESOLVING });
  const known = new Map<string, Promise<ResolveResult>>();
  // Each resolution reads the folders anew: a package that a hundred files import is looked for once.
  const resolvePackage = (builder: PluginBuild, path: string, home: string, kind: ImportKind) => {
    const key = [kind, home, path].join("\0");
    const found = known.get(key) ?? resolveFrom(builder, path, home, kind);
    known.set(key, found);
    return found;
  };
  return {
    name: "leave-installed",
    setup: (builder) => {
      builder.onResolve({ filter: /.*/ }, async ({ path, kind, resolveDir, pluginData }) => {
        if (kind === "entry-point" || pluginData === RESOLVING || isBuiltin(path)) return undefined;
        if (await isOwnFile(path, resolveDir)) return undefined;
        const found = isBare(path)
          ? await resolvePackage(builder, path, packageHome(resolveDir), kind)
          : await resolveFrom(builder, path, resolveDir, kind);
        if (found.errors.length > 0 || found.external) return undefined;
        const name = isBare(path) ? packageNameOf(path) : "";
        const installed = found.path.split(sep).includes("node_modules");
        if (!installed && !isSdk(name)) return undefined;
        const fromPlace = isBare(path) ? await resolvePackage(builder, path, folder, kind) : undefined;
        const outside =
          fromPlace?.path === found.path
            ? path
            : posix(relative(place, await asLinked(found.path, name, resolveDir)));
        packages.set(fromPlace?.path === found.path ? name : outside, await versionOf(dirname(found.path)));
        return { path: outside, external: true };
      });
    },
  };
}

const LOADERS: Readonly<Record<string, Loader>> = { ts: "ts", mts: "ts", js: "js", mjs: "js" };
const LOCATIONS = ["url", "dirname", "filename"] as const;

/** A module that asks where it lies is told where its source lay, from wherever the bundle is. */
function keepLocations(folder: string): Plugin {
  const place = join(folder, BUNDLE_FOLDER);
  return {
    name: "keep-locations",
    setup: (builder) => {
      builder.onLoad({ filter: /\.m?[jt]s$/ }, async ({ path }) => {
        const source = await readFile(path, "utf8");
        const asked = LOCATIONS.filter((location) => source.includes(`import.meta.${location}`));
        if (asked.length === 0) return undefined;
        const file = JSON.stringify(posix(relative(place, path)));
        const { code } = await transform(source, {
          loader: LOADERS[extname(path).slice(1)] ?? "js",
          define: Object.fromEntries(asked.map((what) => [`import.meta.${what}`, `groundplane_${what}`])),
          tsconfigRaw: AS_NODE,
        });
        const prologue = [
          'import { dirname as groundplane_folder } from "node:path";',
          'import { fileURLToPath as groundplane_path } from "node:url";',
          `const groundplane_url = new URL(${file}, import.meta.url).href;`,
          "const groundplane_filename = groundplane_path(groundplane_url);",
          "const groundplane_dirname = groundplane_folder(groundplane_filename);",
        ];
        return { contents: [...prologue, code].join("\n"), loader: "js", resolveDir: dirname(path) };
      });
    },
  };
}

/**
 * A stack's program as one module: its own sources and linked packages inside, installed packages, the Pulumi SDK
 * and Groundplane's outside. It holds no path of the machine, and is meant for `BUNDLE_FOLDER` in the stack's folder.
 *
 * @throws {STACK_INVALID} when a source file cannot be parsed or an import found.
 */
export async function bundleProgram(root: string, folder: string, entry: string): Promise<ProgramBundle> {
  const packages = new Map<string, string>();
  const { outputFiles } = await build({
    entryPoints: [entry],
    absWorkingDir: root,
    bundle: true,
    write: false,
    outfile: join(folder, BUNDLE_FOLDER, "program.mjs"),
    platform: "node",
    format: "esm",
    target: "node22",
    // Node knows no "module" condition.
    conditions: [],
    // As Node does it: a module is run though nothing of it is used.
    ignoreAnnotations: true,
    legalComments: "none",
    charset: "utf8",
    tsconfigRaw: AS_NODE,
    plugins: [leaveInstalled(folder, packages), keepLocations(folder)],
    // For linked CommonJS packages.
    banner: {
      js: 'import { createRequire as groundplane_require } from "node:module";\nconst require = groundplane_require(import.meta.url);',
    },
    logLevel: "silent",
  }).catch((cause: unknown) => {
    const first = cause instanceof Error ? cause.message.split("\n").slice(0, 3).join(" ") : String(cause);
    throw new GroundplaneError("STACK_INVALID", `the program cannot be kept for a way back: ${first}`, {
      cause,
      facts: { entry },
    });
  });
  const text = outputFiles.map((file) => file.text).join("");
  return {
    text,
    packages: Object.fromEntries([...packages].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}
