#!/usr/bin/env node
// Writes the npm packages as folders, ready for `npm publish`: one for each platform with the program in it, and the one that
// names them all.
//   node tools/setup.mjs run node tools/libvirt-provider/pack.mjs --out <folder> [--platform linux-x64]...
import { chmod, copyFile, cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { cacheFolder } from "../setup/folders.mjs";
import { SetupError } from "../setup/setup-error.mjs";
import { buildPlugin, CannotBuild, PLATFORMS, PLUGIN } from "./build.mjs";

const NPM = join(import.meta.dirname, "npm");

/**
 * @param {string} out
 * @param {string} platform
 * @param {{ name: string, version: string, license: string }} main
 */
async function packPlatform(out, platform, { name, version, license }) {
  const say = (/** @type {string} */ line) => process.stderr.write(`${line}\n`);
  const program = await buildPlugin({ cache: cacheFolder(), env: process.env, platform, say });
  const folder = join(out, `libvirt-provider-${platform}`);
  const [os = "", cpu = ""] = platform.split("-");
  await mkdir(join(folder, "bin"), { recursive: true });
  await copyFile(program, join(folder, "bin", PLUGIN.program));
  await chmod(join(folder, "bin", PLUGIN.program), 0o755);
  await copyFile(join(NPM, "LICENSE"), join(folder, "LICENSE"));
  await writeFile(
    join(folder, "README.md"),
    `# ${name}-${platform}\n\nThe program of [${name}](https://www.npmjs.com/package/${name}) for ${os} on ${cpu}.\n`,
  );
  await writeManifest(folder, {
    ...{ name: `${name}-${platform}`, version, license, os: [os], cpu: [cpu] },
    description: `The Pulumi plugin ${PLUGIN.name} ${PLUGIN.version} for ${os} on ${cpu}.`,
    files: ["bin"],
    publishConfig: { access: "public", provenance: true },
  });
  return folder;
}

/**
 * @param {string} folder
 * @param {object} manifest
 */
async function writeManifest(folder, manifest) {
  await writeFile(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

try {
  const { values } = parseArgs({
    options: { out: { type: "string" }, platform: { type: "string", multiple: true } },
  });
  if (values.out === undefined) throw new SetupError("No --out is given.", "Name the folder to write to.");
  const out = resolve(values.out);
  const { private: _, ...main } = JSON.parse(await readFile(join(NPM, "package.json"), "utf8"));
  const platforms = values.platform ?? Object.keys(PLATFORMS);
  for (const platform of platforms) process.stdout.write(`${await packPlatform(out, platform, main)}\n`);
  const folder = join(out, "libvirt-provider");
  await cp(NPM, folder, { recursive: true });
  // Those of all platforms, whichever were built now.
  const names = Object.keys(PLATFORMS).map((platform) => [`${main.name}-${platform}`, main.version]);
  await writeManifest(folder, {
    ...main,
    publishConfig: { access: "public", provenance: true },
    optionalDependencies: Object.fromEntries(names),
  });
  process.stdout.write(`${folder}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (error instanceof SetupError) process.stderr.write(`what to do: ${error.remedy}\n`);
  process.exitCode = error instanceof CannotBuild ? 3 : 1;
}
