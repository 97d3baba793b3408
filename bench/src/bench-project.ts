import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type FaultArgs, SandboxStore } from "@groundplane/sandbox";

export interface BenchStack {
  readonly name: string;
  /** @minimum 1 */
  readonly resources: number;
  /** Names of stacks whose outputs it needs. @default - none */
  readonly needs?: readonly string[];
}

/** Of a sandbox that lives for one benchmark. */
export const STOCK_PASSPHRASE = "of the benchmark";

const SCRATCH = fileURLToPath(new URL("../.groundplane/", import.meta.url));
const FILE_OF_PROGRAM = "../../../../src/declare-resources.ts";

function programOf({ name, resources, needs = [] }: BenchStack): string {
  return `import { defineStack } from "@groundplane/orchestrator";
import { z } from "zod";
import { declareResources } from "${FILE_OF_PROGRAM}";
${needs.map((need) => `import ${need} from "../${need}/index.ts";`).join("\n")}

export default defineStack({
  name: "${name}",
  config: z.object({}),
  outputs: z.object({ vpcId: z.string() }),
  dependsOn: { ${needs.join(", ")} },
  program: ({ tags }) => declareResources(${resources}, tags),
});
`;
}

/** For both sides to work on one state: where the stock side keeps it, and what its secrets are encrypted with. */
const SHARED = `backend: { type: "file", path: \`stock/state/\${name}\` },
      secrets: { type: "passphrase", file: "stock/passphrase" },
      `;

function configOf(
  stacks: readonly BenchStack[],
  environments: readonly string[],
  sharedWithStock: boolean,
): string {
  const cloud = sharedWithStock ? 'awsSandbox({ database: "stock/" + name + ".db" })' : "awsSandbox()";
  return `import { defineEnvironment, defineProject } from "@groundplane/orchestrator";
import { awsSandbox } from "@groundplane/sandbox";
import { benchTags } from "../../src/declare-resources.ts";

export default defineProject({
  name: "bench",
  stacks: ${JSON.stringify(stacks.map(({ name }) => `stacks/${name}`))},
  environments: ${JSON.stringify(environments)}.map((name) =>
    defineEnvironment({
      name,
      cloud: ${cloud},
      ${sharedWithStock ? SHARED : ""}      policyPacks: ["@groundplane/policy-baseline"],
      approval: { type: "automatic" },
      tags: benchTags(name),
    }),
  ),
});
`;
}

/** A project of its own for one figure, in a folder that `remove` deletes. Each side and pair has its environment. */
export class BenchProject {
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  static async create(
    stacks: readonly BenchStack[],
    environments: readonly string[],
    options: { readonly sharedWithStock?: boolean } = {},
  ): Promise<BenchProject> {
    await mkdir(SCRATCH, { recursive: true });
    const project = new BenchProject(await mkdtemp(join(SCRATCH, "project-")));
    for (const stack of stacks) {
      const folder = join(project.root, "stacks", stack.name);
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, "index.ts"), programOf(stack));
      await writeFile(
        join(folder, "Pulumi.yaml"),
        `name: ${stack.name}\nruntime:\n  name: nodejs\n  options:\n    typescript: false\nmain: index.ts\n`,
      );
    }
    await writeFile(
      join(project.root, "package.json"),
      '{ "name": "bench-project", "private": true, "type": "module" }\n',
    );
    await writeFile(join(project.root, "package-lock.json"), "{}\n");
    await writeFile(
      join(project.root, "groundplane.config.ts"),
      configOf(stacks, environments, options.sharedWithStock === true),
    );
    await mkdir(project.stockFolder);
    await writeFile(join(project.stockFolder, "passphrase"), STOCK_PASSPHRASE);
    return project;
  }

  /** Folder in which the stock side keeps what it makes. */
  get stockFolder(): string {
    return join(this.root, "stock");
  }

  /** Where Groundplane has an environment's sandbox. */
  groundplaneDatabase(environment: string): string {
    return join(this.root, ".groundplane", "sandbox", `${environment}.db`);
  }

  stockDatabase(environment: string): string {
    return join(this.stockFolder, `${environment}.db`);
  }

  remove(): Promise<void> {
    return rm(this.root, { recursive: true, force: true });
  }
}

/** Makes every operation that a real cloud would be asked for take this long. */
export async function slowDown(
  database: string,
  operations: readonly FaultArgs["operation"][],
  delayMs: number,
): Promise<void> {
  await mkdir(resolve(database, ".."), { recursive: true });
  const store = SandboxStore.open(database);
  try {
    for (const operation of operations) store.addFault({ type: "*", operation, delayMs });
  } finally {
    store.close();
  }
}
