import { createHash, randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import {
  checkOneOf,
  GroundplaneError,
  type SandboxCloud,
  type SandboxPlugin,
  shellQuote,
} from "@groundplane/contracts";
import { Catalog } from "./catalog/catalog.ts";
import { CLOUDS, type CloudName } from "./cloud-list.ts";
import { findSandboxMarks } from "./marks.ts";
import type { Cloud } from "./provider/cloud.ts";

const HEADER =
  "# The sandbox of @groundplane/sandbox. It stands in for the cloud's plugin and never calls the cloud.";

const NAMES = Object.values(CLOUDS).map(({ name }) => name);

export interface SandboxOptions {
  /** Path of the SQLite file. @default - the environment's own */
  readonly database?: string;
}

/**
 * A sandbox in the place of these clouds, which share one file: an environment with this as its `cloud` runs on a
 * laptop, with no account and no server.
 *
 * @example
 * defineEnvironment({ name: "dev", cloud: sandbox({ clouds: ["aws", "libvirt", "groundplane-machine"] }), ... });
 *
 * @throws {INVALID_ARGUMENT} a cloud is none of those.
 */
export function sandbox(options: SandboxOptions & { readonly clouds: readonly CloudName[] }): SandboxCloud {
  for (const name of options.clouds) checkOneOf("clouds", name, NAMES);
  const clouds = [...new Set(options.clouds)].map((name) => CLOUDS[name]);
  return {
    kind: "sandbox",
    clouds: clouds.map(({ name }) => name),
    ...(options.database === undefined ? {} : { database: options.database }),
    prepare: async ({ pulumiHome, database }) => ({
      env: { GROUNDPLANE_SANDBOX_DB: resolve(database) },
      plugins: await Promise.all(clouds.map((cloud) => installPlugin(cloud, pulumiHome))),
    }),
    findMarks: findSandboxMarks,
  };
}

/**
 * A sandbox in the place of AWS.
 *
 * @example
 * defineEnvironment({ name: "dev", cloud: awsSandbox(), ... });
 */
export function awsSandbox(options: SandboxOptions = {}): SandboxCloud {
  return sandbox({ ...options, clouds: ["aws"] });
}

/**
 * A sandbox in the place of any number of hypervisors and of the machines on them: the plugins `libvirt` and
 * `groundplane-machine`. Each provider's URI is a hypervisor of its own.
 *
 * @example
 * defineEnvironment({ name: "rack", cloud: libvirtSandbox(), ... });
 */
export function libvirtSandbox(options: SandboxOptions = {}): SandboxCloud {
  return sandbox({ ...options, clouds: ["libvirt", "groundplane-machine"] });
}

/**
 * Puts the plugin into the engine's plugin folder, where it stands in for the cloud's own of the same version.
 *
 * @throws {SANDBOX_REFUSED} where the real plugin of that version is there
 */
async function installPlugin(cloud: Cloud, pulumiHome: string): Promise<SandboxPlugin> {
  const { version } = new Catalog(cloud.catalogFile);
  const path = join(resolve(pulumiHome), "plugins", `resource-${cloud.name}-v${version}`);
  await mkdir(path, { recursive: true });
  const script = [
    "#!/bin/sh",
    HEADER,
    // Apart from what packs compile, whose processes have the inspector on: neither could use the other's.
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's.
    'export NODE_COMPILE_CACHE="${NODE_COMPILE_CACHE:+$NODE_COMPILE_CACHE/sandbox}"',
    `exec ${shellQuote(process.execPath)} --disable-warning=ExperimentalWarning ${shellQuote(join(import.meta.dirname, "plugin.js"))} ${cloud.name} "$@"`,
    "",
  ].join("\n");
  const executable = join(path, `pulumi-resource-${cloud.name}`);
  if (existsSync(executable) && !(await readFile(executable)).subarray(0, 200).includes(HEADER))
    throw new GroundplaneError(
      "SANDBOX_REFUSED",
      `"${executable}" is the real plugin: give the sandbox a PULUMI_HOME of its own, so that the two are never mixed`,
      { facts: { path: executable } },
    );
  await writeAtomically(executable, script);
  return { name: cloud.name, version, path, digest: digestOf(cloud) };
}

/** Two processes may do it at once: each writes a file of its own and renames it, and both have the same content. */
async function writeAtomically(path: string, content: string): Promise<void> {
  if (existsSync(path) && (await readFile(path, "utf8")) === content) return;
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
  await writeFile(temporary, content, { mode: 0o755 });
  await rename(temporary, path);
}

/** Over the built code and the catalog: what an approval is bound to. */
function digestOf(cloud: Cloud): string {
  const hash = createHash("sha256");
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".js"))
    .sort();
  for (const name of files) hash.update(`${name}\0`).update(readFileSync(join(import.meta.dirname, name)));
  hash.update(readFileSync(cloud.catalogFile));
  return `sha256:${hash.digest("hex")}`;
}
