import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { codeOfLater } from "../../../../test/code-of.ts";
import type { LoadedStack } from "../define/load-project.ts";
import { secret } from "../define/secret.ts";
import { defineStack } from "../define/stack.ts";
import { checkSettings, makeWorkFolder, parseSettings, readStackFiles } from "./work-folder.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "work-"));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: net\nruntime: nodejs\n");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const definition = defineStack({
  name: "net",
  config: z.object({ cidr: z.string(), size: z.int().default(1), token: secret(z.string().optional()) }),
  outputs: z.object({}),
  program: () => ({}),
});
const stack = (): LoadedStack => ({ name: "net", folder, entry: "", definition, dependsOn: [] });
const files = () => readStackFiles(stack(), "dev");
const readSettings = async () => parseSettings(stack(), "dev", await files());
const settings = (text: string) => {
  writeFileSync(join(folder, "Pulumi.dev.yaml"), text);
  return readSettings();
};
describe("parseSettings", () => {
  test("are empty without a file, and with an empty one", async () => {
    expect(await readSettings()).toEqual({});
    expect(await settings("")).toEqual({});
  });

  test.each([
    ["is no YAML", "config: [a\n"],
    ["is a list", "- a\n"],
    ["has a config that is none", "config: 1\n"],
    ["has a salt that is no text", "encryptionsalt: [1]\n"],
  ])("fails when the file %s", async (_why, text) => {
    expect(await codeOfLater(() => settings(text))).toBe("CONFIG_INVALID");
  });

  test("fails when the file cannot be read, which is not as if there were none", async () => {
    mkdirSync(join(folder, "Pulumi.dev.yaml"));
    await expect(readSettings()).rejects.toThrow("EISDIR");
  });
});

describe("checkSettings", () => {
  const check = async (text: string) =>
    codeOfLater(async () => checkSettings(stack(), "dev", await settings(text), await files()));

  test.each([
    ["what is wanted", "config:\n  net:cidr: 10.0.0.0/16\n"],
    ["a number as YAML has it", "config:\n  net:cidr: a\n  net:size: 3\n"],
    ["an encrypted secret", "config:\n  net:cidr: a\n  net:token:\n    secure: v1:abc\n"],
    ["keys of others", "config:\n  net:cidr: a\n  aws:region: eu-central-1\n"],
  ])("takes %s", async (_what, text) => {
    expect(await check(text)).toBeUndefined();
  });

  test.each([
    ["a key is missing", "config: {}\n"],
    ["a key is unknown", "config:\n  net:cidr: a\n  net:cidrs: b\n"],
    ["a secret stands in the clear", "config:\n  net:cidr: a\n  net:token: hunter2\n"],
    ["an encrypted value is no declared secret", "config:\n  net:cidr:\n    secure: v1:abc\n"],
    ["a value does not fit", "config:\n  net:cidr: a\n  net:size: big\n"],
  ])("fails when %s", async (_why, text) => {
    expect(await check(text)).toBe("CONFIG_INVALID");
  });
});

describe("checkSettings on values for all environments, in Pulumi.yaml", () => {
  const check = async (projectConfig: string, text = "config: {}\n") => {
    writeFileSync(join(folder, "Pulumi.yaml"), `name: net\nruntime: nodejs\nconfig:\n${projectConfig}`);
    return codeOfLater(async () => checkSettings(stack(), "dev", await settings(text), await files()));
  };

  test.each([
    ["a plain value", "  cidr: 10.0.0.0/16\n"],
    ["a plain value with the project's prefix", "  net:cidr: 10.0.0.0/16\n"],
    ["a value", "  cidr:\n    value: 10.0.0.0/16\n"],
    ["a default", "  cidr:\n    type: string\n    default: 10.0.0.0/16\n"],
    ["keys of others", "  cidr: a\n  aws:region: eu-central-1\n"],
  ])("takes %s", async (_what, projectConfig) => {
    expect(await check(projectConfig)).toBeUndefined();
  });

  test("goes by the environment's value where both have one", async () => {
    expect(await check("  cidr: a\n  size: big\n", "config:\n  net:size: 3\n")).toBeUndefined();
    expect(await check("  cidr: a\n  size: 3\n", "config:\n  net:size: big\n")).toBe("CONFIG_INVALID");
  });

  test("fails when a key is only declared, or unknown", async () => {
    expect(await check("  cidr:\n    type: string\n")).toBe("CONFIG_INVALID");
    expect(await check("  cidr: a\n  cidrs: b\n")).toBe("CONFIG_INVALID");
  });
});

describe("makeWorkFolder", () => {
  test("holds the project without its entry, and the stack's settings as they are", async () => {
    writeFileSync(
      join(folder, "Pulumi.yaml"),
      "name: net\nmain: src/index.ts\nruntime:\n  name: nodejs\ndescription: a network\n",
    );
    const read = await settings("encryptionsalt: v1:x\nconfig:\n  net:token:\n    secure: v1:abc\n");
    const work = join(folder, "runs", "work");
    await makeWorkFolder(work, await files(), "dev", read);
    expect(parse(readFileSync(join(work, "Pulumi.yaml"), "utf8"))).toEqual({
      name: "net",
      runtime: "nodejs",
      description: "a network",
    });
    expect(parse(readFileSync(join(work, "Pulumi.dev.yaml"), "utf8"))).toEqual({
      encryptionsalt: "v1:x",
      config: { "net:token": { secure: "v1:abc" } },
    });
  });
});
