import { TestProject } from "./project.ts";

export interface OneStack {
  /** The name of the stack. */
  readonly stack: string;
  readonly program: string;
  /** The cloud of its environment, `rack`: none that is made up, or libvirt's sandbox. @default "real" */
  readonly cloud?: "real" | "libvirtSandbox";
  /** Names of the stack's packages, which may deliver plugins. @default - none */
  readonly packages?: readonly string[];
}

/** A project whose one stack is of one environment, `rack`, that deploys without asking. */
export async function oneStackProject({
  stack,
  program,
  cloud = "real",
  packages = [],
}: OneStack): Promise<TestProject> {
  const project = await TestProject.create([]);
  await project.write("groundplane.config.ts", configOf(stack, cloud));
  await project.write("passphrase", "only for this test\n");
  await project.write(`stacks/${stack}/index.ts`, program);
  await project.write(`stacks/${stack}/Pulumi.yaml`, `name: ${stack}\nruntime: nodejs\nmain: index.ts\n`);
  await project.write(`stacks/${stack}/Pulumi.rack.yaml`, "config: {}\n");
  const dependencies = Object.fromEntries(packages.map((name) => [name, "0.1.0"]));
  await project.write(
    `stacks/${stack}/package.json`,
    JSON.stringify({ name: stack, type: "module", dependencies }),
  );
  return project;
}

function configOf(stack: string, cloud: NonNullable<OneStack["cloud"]>): string {
  const of =
    cloud === "real"
      ? 'cloud: "real", secrets: { type: "passphrase", file: "passphrase" },'
      : `cloud: ${cloud}(),`;
  return `import { defineEnvironment, defineProject } from "@groundplane/orchestrator";
import { libvirtSandbox } from "@groundplane/sandbox";

export default defineProject({
  name: "test",
  stacks: ["stacks/${stack}"],
  environments: [
    defineEnvironment({
      name: "rack",
      ${of}
      policyPacks: [],
      approval: { type: "automatic" },
      tags: { Environment: "rack", Project: "test", Owner: "team", ManagedBy: "groundplane" },
    }),
  ],
});
`;
}
