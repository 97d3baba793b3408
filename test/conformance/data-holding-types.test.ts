import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { dataHoldingTypes } from "@groundplane/orchestrator";
import { describe, expect, test } from "vitest";

const sdk = dirname(createRequire(import.meta.url).resolve("@pulumi/aws/package.json"));

// A misspelt token would guard nothing, and no other test would see it.
describe("types that hold data exist in the pinned @pulumi/aws", () => {
  test.each(dataHoldingTypes().filter((type) => type.startsWith("aws:")))("%s", (type) => {
    const file = type.split(":")[1] ?? "";
    expect(readFileSync(join(sdk, `${file}.js`), "utf8")).toContain(`__pulumiType = '${type}'`);
  });
});
