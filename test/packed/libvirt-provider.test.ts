// The libvirt plugin as npm delivers it: packed for this platform, installed in a project that has nothing else of this
// workspace, put into the engine's plugin folder, and started by the engine.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { findNpmPlugins, installPlugin, resolveEngine } from "@groundplane/orchestrator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";

const run = promisify(execFile);
const repository = fileURLToPath(new URL("../../", import.meta.url));
const platform = `${process.platform}-${process.arch}`;

let scratch = "";
let missing: string | undefined;
let packed: readonly string[] = [];

beforeAll(async () => {
  scratch = await realpath(await mkdtemp(join(tmpdir(), "groundplane-libvirt-")));
  const args = [
    "tools/libvirt-provider/pack.mjs",
    "--out",
    join(scratch, "packages"),
    "--platform",
    platform,
  ];
  const made = await run(process.execPath, args, { cwd: repository }).catch(
    (error: { readonly code?: unknown; readonly stderr?: string }) => error,
  );
  if ("code" in made && made.code === 3) missing = made.stderr;
  else if (!("stdout" in made)) throw made;
  else packed = made.stdout.trim().split("\n");
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

async function tarball(folder: string): Promise<string> {
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", scratch], { cwd: folder });
  const [{ filename }] = z.tuple([z.looseObject({ filename: z.string() })]).parse(JSON.parse(stdout));
  return join(scratch, filename);
}

test("comes out of a tarball into the engine's plugin folder, and serves its schema", async ({ skip }) => {
  if (missing !== undefined) skip(missing);
  expect(packed.map((folder) => basename(folder))).toEqual([
    `libvirt-provider-${platform}`,
    "libvirt-provider",
  ]);
  const project = join(scratch, "project");
  await mkdir(project);
  const tarballs = await Promise.all(packed.map(tarball));
  await writeFile(join(project, "package.json"), JSON.stringify({ name: "project", private: true }));
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", `--cache=${join(scratch, "npm")}`];
  await run("npm", ["install", ...flags, ...tarballs], { cwd: project });

  const [plugin] = await findNpmPlugins([project]);
  if (plugin === undefined) throw new TypeError("the project's packages deliver no plugin");
  expect(plugin).toMatchObject({
    name: "libvirt",
    version: "0.5.4",
    package: "@groundplane/libvirt-provider",
  });
  const home = join(scratch, "pulumi-home");
  expect(await installPlugin(plugin, home)).toMatchObject({ status: "ready" });
  // The project may go: the plugin stays.
  await rm(project, { recursive: true });

  const engine = await resolveEngine();
  const env = {
    ...process.env,
    PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
    ...{ PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" },
  };
  const listed = await run(engine.path, ["plugin", "ls", "--json"], { cwd: scratch, env });
  expect(JSON.parse(listed.stdout)).toMatchObject([{ name: "libvirt", kind: "resource", version: "0.5.4" }]);
  const options = { cwd: scratch, env, maxBuffer: 16 * 1024 * 1024 };
  const { stdout } = await run(engine.path, ["package", "get-schema", "libvirt@0.5.4"], options);
  const { resources } = z
    .looseObject({ resources: z.record(z.string(), z.unknown()) })
    .parse(JSON.parse(stdout));
  const committed = JSON.parse(
    await readFile(
      join(repository, "tools/libvirt-provider/cmd/pulumi-resource-libvirt/schema.json"),
      "utf8",
    ),
  );
  expect(Object.keys(resources)).toEqual(Object.keys(committed.resources));
});
