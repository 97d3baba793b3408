import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findNpmPlugins } from "./find-plugins.ts";
import { digestOfProgram, inspectPlugin, installPlugin, pluginProgram, pulumiHome } from "./plugin-place.ts";
import { installPlugins, requirePlugins } from "./project-plugins.ts";

let root: string;
let home: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "groundplane-plugins-"));
  home = join(root, "pulumi home");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, content: string): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

function install(folder: string, manifest: object): string {
  return write(`${folder}/package.json`, JSON.stringify({ version: "1.0.0", ...manifest }));
}

const MODULES = "project/node_modules";
const project = () => join(root, "project");
const ACME = { name: "acme", version: "0.3.0", executable: "dist/plugin.js" };

/** A stack that depends on components, which depend on the plugin's package. */
function projectWithModule(plugin: object = ACME): void {
  install("project", { name: "project" });
  install("project/stacks/shop", { name: "shop", dependencies: { components: "1" } });
  install(`${MODULES}/components`, { name: "components", dependencies: { "@acme/plugin": "1" } });
  install(`${MODULES}/@acme/plugin`, { name: "@acme/plugin", groundplane: { plugin } });
  write(`${MODULES}/@acme/plugin/dist/plugin.js`, 'console.log("started", process.argv.slice(2).join());');
}

const NATIVE = {
  name: "native",
  version: "1.1.0",
  executable: {
    "linux-x64": "@acme/native-linux-x64/bin/pulumi-resource-native",
    "darwin-arm64": "@acme/native-darwin-arm64/bin/pulumi-resource-native",
  },
};

function projectWithProgram(): void {
  install("project", { name: "project", dependencies: { "@acme/native": "1" } });
  install(`${MODULES}/@acme/native`, {
    name: "@acme/native",
    optionalDependencies: { "@acme/native-linux-x64": "1" },
    groundplane: { plugin: NATIVE },
  });
}

const stack = () => ({ name: "shop", folder: join(project(), "stacks", "shop") });

async function onlyPlugin(folder: string, platform = "linux-x64") {
  const [plugin, ...others] = await findNpmPlugins([folder], platform);
  expect(others).toEqual([]);
  if (plugin === undefined) throw new TypeError("no plugin was found");
  return plugin;
}

describe("findNpmPlugins", () => {
  test("follows what packages depend on, and goes around in circles once", async () => {
    projectWithModule();
    install(`${MODULES}/components`, {
      name: "components",
      dependencies: { "@acme/plugin": "1", ring: "1" },
    });
    install(`${MODULES}/ring`, { name: "ring", dependencies: { components: "1" } });
    expect(await onlyPlugin(stack().folder)).toMatchObject({
      ...{ name: "acme", version: "0.3.0", package: "@acme/plugin", packageVersion: "1.0.0" },
      executable: join(root, MODULES, "@acme/plugin/dist/plugin.js"),
    });
  });

  test("takes the nearest package.json of a folder that has none, and its devDependencies", async () => {
    projectWithModule();
    install("project", { name: "project", devDependencies: { components: "1" } });
    expect(await onlyPlugin(join(project(), "stacks", "elsewhere"))).toMatchObject({ name: "acme" });
  });

  test("finds nothing where nothing is delivered, and follows no devDependencies of packages", async () => {
    projectWithModule();
    install(`${MODULES}/components`, { name: "components", devDependencies: { "@acme/plugin": "1" } });
    expect(await findNpmPlugins([stack().folder])).toEqual([]);
  });

  test("takes the program for this platform out of the package that holds it", async () => {
    projectWithProgram();
    install(`${MODULES}/@acme/native-linux-x64`, { name: "@acme/native-linux-x64" });
    const file = write(`${MODULES}/@acme/native-linux-x64/bin/pulumi-resource-native`, "#!/bin/sh\n");
    expect((await onlyPlugin(project())).executable).toBe(file);
  });

  test("says what is missing of a platform's package, and for which platforms there is one", async () => {
    projectWithProgram();
    expect((await onlyPlugin(project())).missing).toContain("@acme/native-linux-x64 is not installed");
    expect((await onlyPlugin(project(), "win32-x64")).missing).toBe(
      "there is no build of it for win32-x64: there is one for linux-x64, darwin-arm64",
    );
  });

  test.each([
    ["name", { ...ACME, name: "Acme/../x" }],
    ["version", { ...ACME, version: "latest" }],
    ["executable", { ...ACME, executable: "../../../bin/sh" }],
    ["executable", { ...ACME, executable: "/bin/sh" }],
    ["executable", { ...ACME, executable: { "linux-x64": "@acme/x/../../sh" } }],
  ])("fails when %s is not in order", async (field, plugin) => {
    projectWithModule(plugin);
    await expect(findNpmPlugins([stack().folder])).rejects.toMatchObject({
      code: "PROJECT_INVALID",
      message: expect.stringContaining(`groundplane.plugin.${field}`),
    });
  });
});

describe("a module", () => {
  test("is started by a launcher with this Node, with its arguments, from any folder", async () => {
    projectWithModule();
    const plugin = await onlyPlugin(stack().folder);
    expect(await inspectPlugin(plugin, home)).toMatchObject({ status: "missing" });
    expect(await installPlugin(plugin, home)).toMatchObject({ status: "ready" });
    const { file } = pluginProgram(plugin, home);
    expect(file).toBe(join(home, "plugins/resource-acme-v0.3.0/pulumi-resource-acme"));
    expect(execFileSync(file, ["127.0.0.1:1", "two words"], { cwd: "/", encoding: "utf8" })).toBe(
      "started 127.0.0.1:1,two words\n",
    );
  });

  test("is ready for another project with the same code, and not for one with other code", async () => {
    projectWithModule();
    const plugin = await onlyPlugin(stack().folder);
    await installPlugin(plugin, home);
    const copy = join(root, "copy");
    execFileSync("cp", ["-r", plugin.packageFolder, copy]);
    const same = { ...plugin, packageFolder: copy, executable: join(copy, "dist/plugin.js") };
    expect((await inspectPlugin(same, home)).status).toBe("ready");
    writeFileSync(join(copy, "dist/other.js"), "// changed");
    expect(await inspectPlugin(same, home)).toMatchObject({
      status: "other",
      why: expect.stringContaining("is another build than @acme/plugin delivers"),
    });
  });

  test("counts as missing when the package is gone, or the engine did not finish its own installation", async () => {
    projectWithModule();
    const plugin = await onlyPlugin(stack().folder);
    await installPlugin(plugin, home);
    const { folder, file } = pluginProgram(plugin, home);
    writeFileSync(`${folder}.partial`, "");
    expect((await inspectPlugin(plugin, home)).status).toBe("missing");
    await installPlugin(plugin, home);
    expect((await inspectPlugin(plugin, home)).status).toBe("ready");
    rmSync(join(root, MODULES, "@acme"), { recursive: true });
    expect(await digestOfProgram(file)).toBe("absent");
  });

  test("moves the digest of its launcher when its code moves", async () => {
    projectWithModule();
    const plugin = await onlyPlugin(stack().folder);
    await installPlugin(plugin, home);
    const { file } = pluginProgram(plugin, home);
    const before = await digestOfProgram(file);
    expect(before).toMatch(/^sha256:/);
    write(`${MODULES}/@acme/plugin/dist/plugin.js`, "// other");
    expect(await digestOfProgram(file)).not.toBe(before);
  });
});

describe("a program", () => {
  const installed = async () => {
    projectWithProgram();
    install(`${MODULES}/@acme/native-linux-x64`, { name: "@acme/native-linux-x64" });
    const source = write(
      `${MODULES}/@acme/native-linux-x64/bin/pulumi-resource-native`,
      "#!/bin/sh\necho it\n",
    );
    // As npm leaves a file that is not in `bin`.
    chmodSync(source, 0o644);
    const plugin = await onlyPlugin(project());
    return { plugin, source, finding: await installPlugin(plugin, home), ...pluginProgram(plugin, home) };
  };

  test("is copied, can be run, and outlives the project", async () => {
    const { finding, file } = await installed();
    expect(finding.status).toBe("ready");
    rmSync(project(), { recursive: true });
    expect(execFileSync(file, { encoding: "utf8" })).toBe("it\n");
  });

  test("of the same version that is another build is told, and replaced", async () => {
    const { plugin, file } = await installed();
    writeFileSync(file, "the official one");
    expect((await inspectPlugin(plugin, home)).status).toBe("other");
    expect((await installPlugin(plugin, home)).status).toBe("ready");
    expect(readFileSync(file, "utf8")).toContain("echo it");
  });

  test("that is a link is compared by what it leads to", async () => {
    const { plugin, file, source } = await installed();
    rmSync(file);
    symlinkSync(source, file);
    expect((await inspectPlugin(plugin, home)).status).toBe("ready");
  });

  test("fails when the package has nothing to run here", async () => {
    projectWithProgram();
    await expect(installPlugin(await onlyPlugin(project()), home)).rejects.toMatchObject({
      code: "PLUGIN_NOT_INSTALLED",
    });
  });
});

describe("requirePlugins", () => {
  const env = () => ({ PULUMI_HOME: home });

  test("fails when one is missing or another build, with the remedy, and passes after doctor --fix", async () => {
    projectWithModule();
    await expect(requirePlugins(stack(), env())).rejects.toMatchObject({
      code: "PLUGIN_NOT_INSTALLED",
      message: expect.stringMatching(/stack "shop" needs.*acme 0\.3\.0.*"groundplane doctor --fix"/),
      facts: { plugins: [{ name: "acme", version: "0.3.0", status: "missing" }] },
    });
    const stacks = new Map([["shop", { ...stack(), entry: "", definition: Object(0), dependsOn: [] }]]);
    expect(await installPlugins({ root: project(), stacks }, env())).toMatchObject([{ status: "ready" }]);
    await requirePlugins(stack(), env());
    write(`${MODULES}/@acme/plugin/dist/plugin.js`, "// a new version of the package, in the same place");
    await requirePlugins(stack(), env());
  });

  test("takes one that was put there by hand where the package has none for this platform", async () => {
    projectWithModule({ ...ACME, executable: { "vax-vms": "@acme/vax/plugin" } });
    await expect(requirePlugins(stack(), env())).rejects.toMatchObject({
      code: "PLUGIN_NOT_INSTALLED",
      // What --fix could not do is not promised.
      message: expect.stringMatching(/there is no build of it for .* vax-vms\)\. Nothing was changed\.$/),
    });
    write("pulumi home/plugins/resource-acme-v0.3.0/pulumi-resource-acme", "by hand");
    await requirePlugins(stack(), env());
  });
});

test("the engine's folder is PULUMI_HOME, else .pulumi in the home folder", () => {
  expect(pulumiHome({ PULUMI_HOME: "/a/b", HOME: "/c" })).toBe("/a/b");
  expect(pulumiHome({ HOME: "/c" })).toBe("/c/.pulumi");
});
