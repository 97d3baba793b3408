import { isGroundplaneError, type SandboxCloud } from "@groundplane/contracts";
import { describe, expect, test } from "vitest";
import { codeOf } from "../../../../test/code-of.ts";
import { defineEnvironment, type EnvironmentOptions } from "./environment.ts";
import { defineProject, isProjectDefinition } from "./project.ts";

const sandbox: SandboxCloud = {
  kind: "sandbox",
  clouds: ["aws"],
  prepare: async () => ({ env: {}, plugins: [] }),
  findMarks: () => [],
};
const options: EnvironmentOptions = {
  name: "dev",
  cloud: "real",
  policyPacks: ["@acme/pack"],
  approval: { type: "any-person" },
  tags: { Environment: "dev", Project: "shop", Owner: "team", ManagedBy: "groundplane" },
};

/** From JSON-like data, as a caller in plain JavaScript would give it. */
function problemOf(more: object): string {
  try {
    defineEnvironment({ ...options, ...more });
    return "none";
  } catch (error) {
    if (!isGroundplaneError(error)) throw error;
    expect(error.code).toBe("PROJECT_INVALID");
    return String(error.facts["path"]);
  }
}

describe("defineEnvironment", () => {
  test("fills in what was left out", () => {
    expect(defineEnvironment(options)).toMatchObject({
      groundplane: "environment",
      backend: { type: "file" },
      secrets: { type: "passphrase" },
      strict: false,
      exemptions: [],
      protected: false,
      approval: { type: "any-person", expiresAfterMinutes: 1440 },
    });
  });

  test("is strict where it is protected, unless told otherwise", () => {
    expect(defineEnvironment({ ...options, protected: true }).strict).toBe(true);
    expect(defineEnvironment({ ...options, protected: true, strict: false }).strict).toBe(false);
    expect(defineEnvironment({ ...options, strict: true }).strict).toBe(true);
  });

  test("keeps the sandbox as it was given", () => {
    expect(defineEnvironment({ ...options, cloud: sandbox }).cloud).toBe(sandbox);
  });

  test.each<[string, object, string]>([
    ["has no proper name", { name: "Dev" }, "name"],
    ["leaves its folder", { name: "../dev" }, "name"],
    ["has no tags", { tags: undefined }, "tags"],
    ["lacks an owner", { tags: { ...options.tags, Owner: "" } }, "tags.Owner"],
    ["has no stack at all", { stacks: [] }, "stacks"],
    ["names a stack that cannot be", { stacks: ["Net"] }, "stacks.0"],
    ["has a cloud that is none", { cloud: "aws" }, "cloud"],
    ["has a sandbox that prepares nothing", { cloud: { kind: "sandbox", clouds: [] } }, "cloud"],
    ["has an unknown field", { protect: true }, ""],
    ["is protected and asks nobody", { protected: true, approval: { type: "automatic" } }, "approval"],
    ["does not say who approves", { approval: undefined }, "approval"],
    [
      "wants more approvals than its group has",
      { approval: { type: "group", members: ["ann"], count: 2 } },
      "approval",
    ],
    ["has an unknown backend", { backend: { type: "ftp" } }, "backend.type"],
    [
      "has a bucket that is none",
      { backend: { type: "s3", bucket: "No_Bucket", region: "eu-central-1" } },
      "backend.bucket",
    ],
    [
      "has a bucket with a query",
      { backend: { type: "s3", bucket: "a?endpoint=x", region: "r" } },
      "backend.bucket",
    ],
    ["has a key without a region", { secrets: { type: "awskms", key: "alias/x" } }, "secrets.region"],
    ["has a pack without a name", { policyPacks: [""] }, "policyPacks.0"],
    ["does not say what checks it", { policyPacks: undefined }, "policyPacks"],
    [
      "exempts without a reason",
      { exemptions: [{ rule: "r", resource: "*", reason: "x", who: "ann", until: "2027-01-01" }] },
      "exemptions.0.reason",
    ],
  ])("fails when it %s", (_why, more, path) => {
    expect(problemOf(more)).toBe(path);
  });
});

describe("defineProject", () => {
  const dev = defineEnvironment(options);
  test("is known again", () => {
    const project = defineProject({ name: "shop", stacks: ["stacks/net"], environments: [dev] });
    expect(isProjectDefinition(project)).toBe(true);
    for (const other of [undefined, null, {}, { groundplane: "stack" }, "project"])
      expect(isProjectDefinition(other)).toBe(false);
  });

  test("fails when its name is none, or two environments share one", () => {
    expect(codeOf(() => defineProject({ name: "Shop", stacks: [], environments: [] }))).toBe("INVALID_NAME");
    expect(codeOf(() => defineProject({ name: "shop", stacks: [], environments: [dev] }))).toBe(
      "PROJECT_INVALID",
    );
    expect(codeOf(() => defineProject({ name: "shop", stacks: ["network"], environments: [dev, dev] }))).toBe(
      "PROJECT_INVALID",
    );
  });
});
