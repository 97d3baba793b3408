import { readFileSync } from "node:fs";
import { withRuleTable } from "@groundplane/policy";
import { describe, expect, it } from "vitest";
import { taggableTypes } from "../scripts/taggable-types.ts";
import { TAGGABLE_TYPES } from "./generated/taggable-types.ts";
import { pack } from "./pack.ts";

// Mended by: pnpm generate
describe("generated files are current", () => {
  it("the taggable types, against the installed @pulumi/aws", () => {
    expect(TAGGABLE_TYPES).toEqual(taggableTypes());
    expect(TAGGABLE_TYPES).toContain("aws:ec2/vpc:Vpc");
    expect(TAGGABLE_TYPES).not.toContain("aws:ec2/route:Route");
  });

  it("the README's rules", () => {
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    expect(withRuleTable(readme, pack.rules)).toBe(readme);
  });

  it("the pack's version is the package's, and its rules are the six of the baseline", () => {
    expect(pack.version).toMatch(/^\d+\.\d+\.\d+/);
    expect(pack.rules.map(({ id }) => id)).toEqual([
      "required-tags",
      "no-plain-secrets",
      "pinned-images",
      "no-open-ingress",
      "encryption-at-rest",
      "single-environment",
    ]);
  });
});
