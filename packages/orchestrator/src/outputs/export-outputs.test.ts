import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { codeOf } from "../../../../test/code-of.ts";
import type { LoadedStack } from "../define/load-project.ts";
import { secret } from "../define/secret.ts";
import { defineStack } from "../define/stack.ts";
import { parseState } from "../engine/stack-state.ts";
import { type ExportOptions, exportOutputs, outputFiles, readOutputs } from "./export-outputs.ts";

const SECRET = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "v1:abc:def",
};

const definition = defineStack({
  name: "base",
  config: z.object({}),
  outputs: z.object({
    vpcId: z.string().startsWith("vpc-"),
    zones: z.array(z.string()),
    token: secret(z.string().optional()),
    login: z.object({ user: z.string(), password: z.string() }),
  }),
  program: () => ({ vpcId: "vpc-1", zones: [], token: undefined, login: { user: "", password: "" } }),
});
const stack: LoadedStack = { name: "base", folder: "", entry: "", definition, dependsOn: [] };

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "outputs-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const plain = { vpcId: "vpc-1", zones: ["a", "b"] };

function exported(outputs: Readonly<Record<string, unknown>>, more: Partial<ExportOptions> = {}) {
  const resources = [{ urn: "urn:stack", type: "pulumi:pulumi:Stack", outputs }];
  return exportOutputs({
    project: "shop",
    stack,
    environment: "dev",
    sandbox: true,
    run: "run-20261121-050000-a1b2c3",
    now: new Date("2026-11-21T05:00:00.000Z"),
    state: parseState(
      { project: "base", stack: "dev" },
      JSON.stringify({ version: 3, deployment: { manifest: {}, resources } }),
    ),
    files: outputFiles(folder, "dev", "base"),
    ...more,
  });
}

const everythingWritten = (): string =>
  Object.values(outputFiles(folder, "dev", "base"))
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");

describe("exportOutputs", () => {
  test("writes JSON, dotenv and declarations, and hands back what it wrote", () => {
    const { outputs, changed } = exported(plain);
    expect(changed).toBe(true);
    expect(outputs).toMatchObject({ version: 1, values: plain, secrets: {}, stack: "base", sandbox: true });
    const files = outputFiles(folder, "dev", "base");
    expect(readOutputs(files)).toEqual(outputs);
    expect(readFileSync(files.dotenv, "utf8")).toContain("BASE_VPC_ID=vpc-1");
    expect(readFileSync(files.types, "utf8")).toContain('readonly "vpcId": string;');
    expect(existsSync(`${files.json}.part`)).toBe(false);
  });

  test("counts a version for each content that differs from the last", () => {
    const versions = [
      plain,
      plain,
      { ...plain, zones: ["b", "a"] },
      plain,
      { zones: plain.zones, vpcId: plain.vpcId },
    ].map((values, index) => {
      const { outputs, changed } = exported(values, { run: `run-20261121-050000-00000${index}` });
      return [outputs.version, changed, outputs.run.at(-1)];
    });
    expect(versions).toEqual([
      [1, true, "0"],
      [1, false, "0"],
      [2, true, "2"],
      [3, true, "3"],
      [3, false, "3"],
    ]);
  });

  test("keeps environments apart", () => {
    exported(plain);
    const prod = exported(plain, { environment: "prod", files: outputFiles(folder, "prod", "base") });
    expect(prod.outputs.version).toBe(1);
  });

  test.each([
    ["an encrypted value", { token: SECRET }, "token"],
    ["a value that only its schema calls secret", { token: "in the clear" }, "token"],
    ["a structure with a secret in it, whole", { login: { user: "root-user", password: SECRET } }, "login"],
  ])("gives %s as a reference", (_what, more, name) => {
    const { outputs } = exported({ ...plain, ...more });
    expect(outputs.values).toEqual(plain);
    expect(outputs.secrets).toEqual({ [name]: { reference: `pulumi://base/dev/${name}` } });
    expect(everythingWritten()).not.toMatch(/in the clear|root-user|v1:abc/);
  });

  test("fails when a value does not fit its schema, and leaves the last export", () => {
    exported(plain);
    expect(codeOf(() => exported({ ...plain, vpcId: "subnet-1" }))).toBe("OUTPUTS_INVALID");
    expect(readOutputs(outputFiles(folder, "dev", "base"))?.values).toEqual(plain);
  });
});

describe("readOutputs", () => {
  test("is undefined before the first export", () => {
    expect(readOutputs(outputFiles(folder, "dev", "base"))).toBeUndefined();
  });

  test.each([
    ["is cut short", (text: string) => text.slice(0, -10)],
    ["is empty", () => ""],
    ["is of another version", (text: string) => text.replace("outputs/v1", "outputs/v2")],
  ])("fails when the file %s, and the way out that it names works", (_why, damage) => {
    exported(plain);
    const files = outputFiles(folder, "dev", "base");
    writeFileSync(files.json, damage(readFileSync(files.json, "utf8")));
    expect(codeOf(() => readOutputs(files))).toBe("OUTPUTS_INVALID");
    expect(codeOf(() => exported(plain))).toBe("OUTPUTS_INVALID");
    expect(() => readOutputs(files)).toThrow("Move it away, then deploy");
    rmSync(files.json);
    expect(exported(plain).outputs.version).toBe(1);
  });
});
