import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { awsSandbox, libvirtSandbox, sandbox } from "./sandbox.ts";

let pulumiHome = "";
beforeEach(() => {
  pulumiHome = mkdtempSync(join(tmpdir(), "groundplane-home's "));
});
afterEach(() => rmSync(pulumiHome, { recursive: true, force: true }));

const prepare = () => awsSandbox().prepare({ pulumiHome, database: "cloud.db" });
const folder = () => join(pulumiHome, "plugins", "resource-aws-v7.48.0");

test("puts one executable in place, however many do it at once, and the same each time", async () => {
  const results = await Promise.all(Array.from({ length: 8 }, prepare));
  expect(new Set(results.map((one) => JSON.stringify(one))).size).toBe(1);
  expect(readdirSync(folder())).toEqual(["pulumi-resource-aws"]);
  const executable = join(folder(), "pulumi-resource-aws");
  expect(statSync(executable).mode & 0o111).toBe(0o111);
  // The shell itself reads the script: quotes and spaces in paths are no matter.
  execFileSync("sh", ["-n", executable]);
  expect(readFileSync(executable, "utf8")).toContain(process.execPath);
  expect(results[0]?.plugins[0]).toMatchObject({ name: "aws", version: "7.48.0", path: folder() });
  expect(results[0]?.plugins[0]?.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
});

test("fails when the real plugin is there, and leaves it alone", async () => {
  mkdirSync(folder(), { recursive: true });
  writeFileSync(join(folder(), "pulumi-resource-aws"), "\u007fELF");
  await expect(prepare()).rejects.toThrow(/is the real plugin/);
  expect(readFileSync(join(folder(), "pulumi-resource-aws"), "utf8")).toBe("\u007fELF");
});

test("stands in for several clouds at once, with one file", async () => {
  const both = sandbox({ clouds: ["aws", "libvirt", "groundplane-machine", "aws"] });
  expect(both.clouds).toEqual(["aws", "libvirt", "groundplane-machine"]);
  const { env, plugins } = await both.prepare({ pulumiHome, database: "cloud.db" });
  expect(Object.keys(env)).toEqual(["GROUNDPLANE_SANDBOX_DB"]);
  expect(plugins.map(({ name, version }) => `${name} ${version}`)).toEqual([
    "aws 7.48.0",
    "libvirt 0.5.4",
    "groundplane-machine 0.1.0",
  ]);
  expect(readdirSync(join(pulumiHome, "plugins")).sort()).toEqual([
    "resource-aws-v7.48.0",
    "resource-groundplane-machine-v0.1.0",
    "resource-libvirt-v0.5.4",
  ]);
  expect(libvirtSandbox({ database: "x.db" })).toMatchObject({
    clouds: ["libvirt", "groundplane-machine"],
    database: "x.db",
  });
});

test("fails when a cloud is none of those that it knows", () => {
  const wrong: string = "azure";
  expect(() => Reflect.apply(sandbox, undefined, [{ clouds: [wrong] }])).toThrow(
    /choose one of aws, libvirt/,
  );
});
