import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { projectTemplate, TEMPLATE_VERSIONS } from "./project-template.ts";

const root = join(import.meta.dirname, "../../../..");
const files = projectTemplate({ name: "shop", owner: "ada", version: "0.1.0" });

test("starts a project with the versions that this workspace is tested with", () => {
  const pinned = readFileSync(join(root, "pnpm-workspace.yaml"), "utf8");
  const { typescript, ...catalog } = TEMPLATE_VERSIONS;
  for (const [name, version] of Object.entries(catalog)) {
    expect(pinned.replaceAll('"', "")).toContain(`  ${name}: ${version}\n`);
  }
  // The SDK's own peer range, which npm enforces.
  expect(typescript).toMatch(/^[45]\./);
});

test("keeps the project's data out of its repository, and names project and owner", () => {
  expect(files.get(".gitignore")).toContain(".groundplane/\n");
  expect(files.get("groundplane.config.ts")).toContain('Project: "shop", Owner: "ada"');
  expect(JSON.parse(files.get("package.json") ?? "")).toMatchObject({
    name: "shop",
    dependencies: { "@groundplane/cli": "^0.1.0", "@pulumi/pulumi": TEMPLATE_VERSIONS["@pulumi/pulumi"] },
  });
});
