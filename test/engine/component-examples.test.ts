import { readdirSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestProject } from "../project.ts";

const aws = fileURLToPath(new URL("../../packages/aws/", import.meta.url));
const components = readdirSync(`${aws}docs`).map((file) => file.replace(/\.md$/, ""));

let project: TestProject;
beforeAll(async () => {
  project = await TestProject.create([
    { name: "dev", more: 'policyPacks: ["@groundplane/policy-baseline"],' },
  ]);
  const from = relative(`${project.root}/stacks/base`, `${aws}src`);
  await project.write(
    "stacks/base/index.ts",
    `import { defineStack } from "@groundplane/orchestrator";
import { z } from "zod";
${components.map((name, at) => `import { start as start${at} } from "${from}/${name}/examples.fixture.ts";`).join("\n")}

export default defineStack({
  name: "base",
  config: z.object({}),
  outputs: z.object({}),
  program: () => {
    ${components.map((_, at) => `start${at}();`).join("\n    ")}
    return {};
  },
});
`,
  );
});
afterAll(() => project.remove());

test("the first example of every component's page is deployed whole, and then there is nothing to change", async () => {
  await project.use(async (orchestrator) => {
    const first = await orchestrator.deploy({ stack: "base", environment: "dev", requester: "ann" });
    expect([
      first.outcome,
      first.reason,
      first.findings.filter(({ status }) => status === "violation"),
    ]).toEqual(["applied", undefined, []]);
    const second = await orchestrator.deploy({ stack: "base", environment: "dev", requester: "ann" });
    expect(second.outcome).toBe("unchanged");
  });
});
