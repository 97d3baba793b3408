import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isGroundplaneError } from "@groundplane/contracts";
import { loadProject } from "@groundplane/orchestrator";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

// Inside the repository, so that its packages are found.
const scratch = fileURLToPath(new URL("../.groundplane/", import.meta.url));
let root = "";

function write(name: string, text: string): void {
  const file = join(root, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function writeStack(
  folder: string,
  name: string,
  more: { imports?: string; fields?: string; yaml?: string } = {},
): void {
  const { imports = "", fields = "", yaml = "" } = more;
  write(`${folder}/Pulumi.yaml`, `name: ${name}\nruntime: nodejs\n${yaml}`);
  write(
    `${folder}/index.ts`,
    `import { defineStack } from "@groundplane/orchestrator";
import { z } from "zod";
${imports}
export default defineStack({ name: "${name}", config: z.object({}), outputs: z.object({}), ${fields} program: () => ({}) });
`,
  );
}

function writeProject(stacks: readonly string[], name = "shop", own?: readonly string[]): void {
  write(
    "groundplane.config.ts",
    `import { defineEnvironment, defineProject } from "@groundplane/orchestrator";
export default defineProject({
  name: "${name}",
  stacks: ${JSON.stringify(stacks)},
  environments: [defineEnvironment({
    name: "dev", cloud: "real",${own === undefined ? "" : ` stacks: ${JSON.stringify(own)},`} policyPacks: [], approval: { type: "any-person" },
    tags: { Environment: "dev", Project: "shop", Owner: "team", ManagedBy: "groundplane" },
  })],
});
`,
  );
}

const dependsOnNet = { imports: 'import net from "../net/index.ts";', fields: "dependsOn: { net }," };
const problemOf = (from: string = root): Promise<unknown> =>
  loadProject(from).then(
    () => "none",
    (error: unknown) => (isGroundplaneError(error) ? error.code : error),
  );

beforeEach(() => {
  mkdirSync(scratch, { recursive: true });
  root = mkdtempSync(join(scratch, "load-"));
  write("package.json", '{ "type": "module" }');
  writeStack("stacks/net", "net");
  writeStack("stacks/app", "app", dependsOnNet);
  writeProject(["stacks/net", "stacks/app"]);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe("loadProject", () => {
  test("finds the project from its folder, a folder within, and its file", async () => {
    for (const from of [root, join(root, "stacks/app"), join(root, "groundplane.config.ts")]) {
      const project = await loadProject(from);
      expect(project).toMatchObject({
        root,
        file: join(root, "groundplane.config.ts"),
        dataFolder: join(root, ".groundplane"),
        definition: { name: "shop" },
      });
      expect([...project.environments.keys()]).toEqual(["dev"]);
      expect(
        [...project.stacks.values()].map(({ name, folder, entry, dependsOn }) => ({
          name,
          folder,
          entry,
          dependsOn,
        })),
      ).toEqual([
        {
          name: "net",
          folder: join(root, "stacks/net"),
          entry: join(root, "stacks/net/index.ts"),
          dependsOn: [],
        },
        {
          name: "app",
          folder: join(root, "stacks/app"),
          entry: join(root, "stacks/app/index.ts"),
          dependsOn: ["net"],
        },
      ]);
    }
  });

  test("keeps the stacks of an environment that names them", async () => {
    writeProject(["stacks/net", "stacks/app"], "shop", ["net"]);
    expect((await loadProject(root)).environments.get("dev")?.stacks).toEqual(["net"]);
  });

  test("takes the nearest project", async () => {
    const outer = root;
    root = join(outer, "inner");
    writeStack("stacks/net", "net");
    writeProject(["stacks/net"], "inner");
    expect((await loadProject(join(root, "stacks"))).definition.name).toBe("inner");
    root = outer;
  });

  test.each([
    ["a file", "main: program.ts\n", "program.ts"],
    ["a folder", "main: src\n", "src/index.ts"],
  ])("takes the entry from Pulumi.yaml when it is %s", async (_what, yaml, entry) => {
    writeStack("stacks/net", "net", { yaml });
    write(
      `stacks/net/${entry}`,
      'export { default } from "../index.ts";\n'.replace("../", entry.includes("/") ? "../" : "./"),
    );
    writeProject(["stacks/net"]);
    expect((await loadProject(root)).stacks.get("net")?.entry).toBe(join(root, "stacks/net", entry));
  });

  test("sees a project file that changed", async () => {
    expect((await loadProject(root)).definition.name).toBe("shop");
    writeProject(["stacks/net", "stacks/app"], "store");
    utimesSync(join(root, "groundplane.config.ts"), new Date(), new Date(Date.now() + 5000));
    expect((await loadProject(root)).definition.name).toBe("store");
  });

  test("fails when there is no project", async () => {
    expect(await problemOf("/")).toBe("PROJECT_NOT_FOUND");
    expect(await problemOf(join(root, "stacks", "groundplane.config.ts"))).toBe("PROJECT_NOT_FOUND");
  });

  test.each<[string, () => void, string]>([
    [
      "an environment has a stack that is not there",
      () => writeProject(["stacks/net", "stacks/app"], "shop", ["net", "nett"]),
      "PROJECT_INVALID",
    ],
    [
      "an environment has a stack without what it depends on",
      () => writeProject(["stacks/net", "stacks/app"], "shop", ["app"]),
      "PROJECT_INVALID",
    ],
    [
      "the project file exports something else",
      () => write("groundplane.config.ts", "export default {};\n"),
      "PROJECT_INVALID",
    ],
    ["a stack's folder is not there", () => writeProject(["stacks/gone"]), "PROJECT_INVALID"],
    [
      "Pulumi.yaml has no name",
      () => write("stacks/net/Pulumi.yaml", "runtime: nodejs\n"),
      "PROJECT_INVALID",
    ],
    ["Pulumi.yaml is empty", () => write("stacks/net/Pulumi.yaml", ""), "PROJECT_INVALID"],
    ["Pulumi.yaml is no YAML", () => write("stacks/net/Pulumi.yaml", "name: [net\n"), "PROJECT_INVALID"],
    [
      "Pulumi.yaml has another name",
      () => write("stacks/net/Pulumi.yaml", "name: network\n"),
      "STACK_INVALID",
    ],
    [
      "a stack exports something else",
      () => write("stacks/net/index.ts", "export default () => ({});\n"),
      "STACK_INVALID",
    ],
    ["a stack exports nothing", () => write("stacks/net/index.ts", "export {};\n"), "STACK_INVALID"],
    ["a folder is listed twice", () => writeProject(["stacks/net", "stacks/net"]), "PROJECT_INVALID"],
    ["an upstream is not in the project", () => writeProject(["stacks/app"]), "PROJECT_INVALID"],
  ])("fails when %s", async (_why, damage, code) => {
    damage();
    expect(await problemOf()).toBe(code);
  });
});
