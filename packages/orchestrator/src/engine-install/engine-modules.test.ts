import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, it } from "vitest";
import { ENGINE_VERSION } from "./engine.ts";

const module = (path: string) => readFileSync(new URL(`../../engine/${path}`, import.meta.url), "utf8");

it("builds the engine of the version that the SDK has", () => {
  const sdk: { version: string } = createRequire(import.meta.url)("@pulumi/pulumi/package.json");
  expect(sdk.version).toBe(ENGINE_VERSION);
  expect(module("pulumi/go.mod")).toContain(`github.com/pulumi/pulumi/pkg/v3 v${ENGINE_VERSION}`);
  expect(module("pulumi/go.mod")).toContain(`github.com/pulumi/pulumi/sdk/v3 v${ENGINE_VERSION}`);
});

it.each(["pulumi", "language-nodejs"])("fixes the checksum of every module that %s needs", (name) => {
  const sums = module(`${name}/go.sum`);
  const required = [...module(`${name}/go.mod`).matchAll(/^\t(?:require )?(\S+) (v\S+)/gm)];
  expect(required.length).toBeGreaterThan(20);
  const replaced = ["github.com/atotto/clipboard"];
  const missing = required
    .filter(([, path]) => path !== undefined && !replaced.includes(path))
    .filter(([, path, version]) => !sums.includes(`${path} ${version}`));
  expect(missing.map(([line]) => line)).toEqual([]);
});
