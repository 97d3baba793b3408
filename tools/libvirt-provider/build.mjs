import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { chmod, cp, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { basename, delimiter, join } from "node:path";
import { withFolderLock } from "../setup/folder-lock.mjs";
import { runQuietly } from "../setup/run.mjs";
import { SetupError } from "../setup/setup-error.mjs";
import { patchFiles } from "./apply-patch.mjs";

/** The Go module. */
const SOURCE = import.meta.dirname;
const PARTS = ["go.mod", "go.sum", "cmd", "provider", "clientlib", "sshlib", "patches"];

/** What a build replaces by a patched copy: the patch of each is `patches/<last part of its name>.patch`. */
export const PATCHED = [
  "github.com/digitalocean/go-libvirt",
  "github.com/dmacvicar/terraform-provider-libvirt",
];

/** The plugin as the engine asks for it; provider/provider.go and npm/package.json say the same, and a test compares them. */
export const PLUGIN = { name: "libvirt", version: "0.5.4", program: "pulumi-resource-libvirt" };

/** Node's name of a platform, and Go's. @type {Readonly<Record<string, { GOOS: string, GOARCH: string }>>} */
export const PLATFORMS = {
  "linux-x64": { GOOS: "linux", GOARCH: "amd64" },
  "linux-arm64": { GOOS: "linux", GOARCH: "arm64" },
  "darwin-x64": { GOOS: "darwin", GOARCH: "amd64" },
  "darwin-arm64": { GOOS: "darwin", GOARCH: "arm64" },
};

export const THIS_PLATFORM = `${process.platform}-${process.arch}`;

/** Nothing is wrong with the plugin: this machine cannot build it. */
export class CannotBuild extends SetupError {}

/**
 * The plugin's program for a platform, built once into the cache: its folder bears the fingerprint of the sources.
 *
 * @param {object} options
 * @param {string} options.cache
 * @param {NodeJS.ProcessEnv} options.env
 * @param {string} [options.platform]
 * @param {(line: string) => void} options.say
 * @returns {Promise<string>} its path
 */
export async function buildPlugin({ cache, env, platform = THIS_PLATFORM, say }) {
  const target = PLATFORMS[platform];
  if (target === undefined) {
    const known = Object.keys(PLATFORMS).join(", ");
    throw new CannotBuild(`The libvirt plugin is not built for ${platform}.`, `It is for ${known}.`);
  }
  const name = `${PLUGIN.name}-${PLUGIN.version}-${platform}-${fingerprint().slice(0, 12)}`;
  const folder = join(cache, "plugins", name);
  const program = join(folder, PLUGIN.program);
  if (existsSync(program)) return program;
  const go = findGo(env);
  return await withFolderLock(
    `${folder}.lock`,
    async () => {
      if (existsSync(program)) return program;
      const draft = `${folder}.draft`;
      await rm(draft, { recursive: true, force: true });
      const module = await prepareModule(join(draft, "module"), { cache, env });
      say(`building the libvirt plugin for ${platform}, 1 to 3 minutes where nothing is cached`);
      const args = ["build", "-ldflags=-s -w", "-o", join(draft, PLUGIN.program)];
      await runQuietly(go, [...args, `./cmd/${PLUGIN.program}`], {
        cwd: module,
        env: { ...goEnvironment(cache, env), ...target },
        what: "The build of the libvirt plugin",
        remedy: "Mend the sources named above, and run this again.",
      });
      await rm(module, { recursive: true });
      await chmod(join(draft, PLUGIN.program), 0o755);
      await rm(folder, { recursive: true, force: true });
      await rename(draft, folder);
      return program;
    },
    (pid) => say(`process ${pid ?? "unknown"} builds the libvirt plugin: waiting for it`),
  );
}

/**
 * A copy of the Go module that stands on patched copies of what has to be patched.
 *
 * @param {string} folder
 * @param {{ cache: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<string>} the folder
 */
export async function prepareModule(folder, { cache, env }) {
  const go = findGo(env);
  await mkdir(folder, { recursive: true });
  for (const part of PARTS) await cp(join(SOURCE, part), join(folder, part), { recursive: true });
  const options = { cwd: folder, env: goEnvironment(cache, env) };
  const remedy = "Let Go reach its module proxy (GOPROXY), and run this again.";
  for (const module of PATCHED) {
    const name = basename(module);
    // Its checksum is compared with go.sum's.
    const said = await runQuietly(go, ["mod", "download", "-json", module], {
      ...options,
      what: `Downloading ${module}`,
      remedy,
    }).catch((error) => {
      throw new CannotBuild(error.message, remedy);
    });
    const copy = join(folder, name);
    await copyWritable(JSON.parse(said).Dir, copy);
    patchFiles(copy, await readFile(join(SOURCE, "patches", `${name}.patch`), "utf8"));
    await runQuietly(go, ["mod", "edit", `-replace=${module}=./${name}`], {
      ...options,
      what: `Replacing ${module} by the patched one`,
      remedy: "Look at tools/libvirt-provider/go.mod.",
    });
  }
  return folder;
}

/**
 * The module cache is read-only.
 *
 * @param {string} from
 * @param {string} to
 */
async function copyWritable(from, to) {
  await cp(from, to, { recursive: true });
  await chmod(to, 0o755);
  for (const entry of await readdir(to, { recursive: true, withFileTypes: true }))
    await chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644);
}

/**
 * The `go` to build with: on PATH, else where Go's own installer puts it.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {string}
 */
export function findGo(env) {
  const folders = [...(env.PATH ?? "").split(delimiter).filter(Boolean), "/usr/local/go/bin"];
  const found = folders.map((folder) => join(folder, "go")).find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new CannotBuild(
    "There is no Go to build the libvirt plugin with.",
    "Install Go 1.24 or later (https://go.dev/dl), or install @groundplane/libvirt-provider from npm.",
  );
}

/**
 * Go's caches are the user's where they are set, else in ours.
 *
 * @param {string} cache
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
export function goEnvironment(cache, env) {
  return {
    ...env,
    GOMODCACHE: env.GOMODCACHE || join(cache, "go-plugins", "mod"),
    GOCACHE: env.GOCACHE || join(cache, "go-plugins", "build"),
    // The cache can be deleted like any other folder; building and testing share what is compiled.
    GOFLAGS: `${env.GOFLAGS ?? ""} -modcacherw -buildvcs=false -trimpath`.trim(),
    GOWORK: "off",
    CGO_ENABLED: "0",
  };
}

/** Changes when what is built may. */
function fingerprint() {
  const hash = createHash("sha256");
  for (const file of filesBelow(SOURCE, [...PARTS, "build.mjs", "apply-patch.mjs"])) {
    hash.update(`${file}\0`).update(readFileSync(join(SOURCE, file)));
  }
  return hash.digest("hex");
}

/**
 * @param {string} root
 * @param {readonly string[]} names
 * @returns {string[]} files, relative to the root
 */
function filesBelow(root, names) {
  return [...names].sort().flatMap((name) => {
    if (/_test\.go$|Pulumi\.yaml$|bridge-metadata\.json$/.test(name)) return [];
    const path = join(root, name);
    if (!statSync(path).isDirectory()) return [name];
    return filesBelow(
      root,
      readdirSync(path).map((child) => join(name, child)),
    );
  });
}
