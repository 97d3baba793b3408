import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { dataHoldingTypes } from "@groundplane/orchestrator";
import { resourceHasInput } from "@groundplane/sandbox";
import { describe, expect, test } from "vitest";

const sdk = dirname(createRequire(import.meta.url).resolve("@pulumi/aws/package.json"));

// A misspelt token would guard nothing, and no other test would see it.
describe("types that hold data exist in the pinned @pulumi/aws", () => {
  test.each(dataHoldingTypes().filter((type) => type.startsWith("aws:")))("%s", (type) => {
    const file = type.split(":")[1] ?? "";
    expect(readFileSync(join(sdk, `${file}.js`), "utf8")).toContain(`__pulumiType = '${type}'`);
  });
});

test("types of libvirt that hold data, and what tells which of them do not, are in the provider's schema", () => {
  const types = dataHoldingTypes().filter((type) => type.startsWith("libvirt:"));
  expect(types).toEqual(["libvirt:index/volume:Volume", "libvirt:index/pool:Pool"]);
  for (const type of types) expect(resourceHasInput(type, "name"), type).toBe(true);
  for (const input of ["baseVolumeId", "baseVolumeName", "size"])
    expect(resourceHasInput("libvirt:index/volume:Volume", input), input).toBe(true);
});
