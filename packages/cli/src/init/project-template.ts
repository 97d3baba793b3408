export interface TemplateOptions {
  /** Name of the project. */
  readonly name: string;
  /** Who owns it: the tag `Owner`. */
  readonly owner: string;
  /** Version of the groundplane packages that it starts with. */
  readonly version: string;
}

/** Versions of what a new project needs beside Groundplane; a test compares them with this workspace's. */
export const TEMPLATE_VERSIONS = {
  "@pulumi/aws": "7.48.0",
  "@pulumi/policy": "1.21.0",
  "@pulumi/pulumi": "3.220.0",
  zod: "4.6.7",
  // @pulumi/pulumi 3.220 wants a TypeScript below 6 beside it, and npm refuses another.
  typescript: "5.9.3",
  "@types/node": "24.19.2",
} as const;

function packageJson({ name, version }: TemplateOptions): string {
  const { typescript, "@types/node": nodeTypes, ...pulumi } = TEMPLATE_VERSIONS;
  const groundplane = ["aws", "cli", "contracts", "orchestrator", "policy-baseline", "sandbox"];
  const manifest = {
    name,
    private: true,
    type: "module",
    engines: { node: ">=22.18" },
    scripts: { check: "tsc --noEmit", deploy: "groundplane deploy dev" },
    dependencies: {
      ...Object.fromEntries(groundplane.map((short) => [`@groundplane/${short}`, `^${version}`])),
      ...pulumi,
    },
    devDependencies: { "@types/node": nodeTypes, typescript },
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

const TSCONFIG = `{
  "compilerOptions": {
    "target": "es2023",
    "module": "nodenext",
    "types": ["node"],
    "strict": true,
    "noUncheckedIndexedAccess": true,
    "exactOptionalPropertyTypes": true,
    "verbatimModuleSyntax": true,
    "erasableSyntaxOnly": true,
    "allowImportingTsExtensions": true,
    "skipLibCheck": true,
    "noEmit": true
  },
  "include": ["groundplane.config.ts", "stacks/**/*.ts"]
}
`;

const GITIGNORE = `node_modules/
# Runs, journal, the sandbox's state and passphrases: none of it belongs into a repository.
.groundplane/
`;

const configFile = ({
  name,
  owner,
}: TemplateOptions): string => `import { defineEnvironment, defineProject } from "@groundplane/orchestrator";
import { awsSandbox } from "@groundplane/sandbox";

const dev = defineEnvironment({
  name: "dev",
  // Stands in for AWS, on this machine. With "real" the same stack goes to your account.
  cloud: awsSandbox(),
  policyPacks: ["@groundplane/policy-baseline"],
  approval: { type: "automatic" },
  tags: { Environment: "dev", Project: "${name}", Owner: "${owner}", ManagedBy: "groundplane" },
});

export default defineProject({
  name: "${name}",
  stacks: ["stacks/network"],
  environments: [dev],
});
`;

const STACK = `import { Vpc } from "@groundplane/aws";
import { defineStack } from "@groundplane/orchestrator";
import { z } from "zod";

export default defineStack({
  name: "network",
  config: z.object({ cidrBlock: z.string(), zones: z.array(z.string()).min(1) }),
  outputs: z.object({ vpcId: z.string(), privateSubnetIds: z.array(z.string()) }),
  program: ({ config, tags }) => {
    const vpc = new Vpc("main", { cidrBlock: config.cidrBlock, zones: config.zones, tags });
    return { vpcId: vpc.vpcId, privateSubnetIds: vpc.privateSubnetIds };
  },
});
`;

const PULUMI_YAML = `name: network
description: The network that everything else lives in.
runtime:
  name: nodejs
  options:
    # Node runs index.ts itself, by type stripping.
    typescript: false
main: index.ts
`;

const PULUMI_DEV_YAML = `config:
  aws:region: eu-central-1
  network:cidrBlock: 10.16.0.0/16
  network:zones: [eu-central-1a, eu-central-1b]
`;

const readme = ({ name }: TemplateOptions): string => `# ${name}

Infrastructure in TypeScript, deployed with [Groundplane](https://groundplane.dev).

    npm install
    npx groundplane doctor
    npx groundplane deploy dev
    npx groundplane outputs dev

| file | what it says |
|---|---|
| groundplane.config.ts | the environments: cloud, policy packs, who approves |
| stacks/network/index.ts | what the network stack makes and hands on |
| stacks/network/Pulumi.dev.yaml | its configuration in dev |

\`dev\` runs on a sandbox: no account, and nothing leaves this machine.
`;

/** The files of a new project, by path: one environment on the sandbox, one stack with a Vpc. */
export function projectTemplate(options: TemplateOptions): ReadonlyMap<string, string> {
  return new Map([
    ["groundplane.config.ts", configFile(options)],
    ["package.json", packageJson(options)],
    ["tsconfig.json", TSCONFIG],
    [".gitignore", GITIGNORE],
    ["README.md", readme(options)],
    ["stacks/network/index.ts", STACK],
    ["stacks/network/Pulumi.yaml", PULUMI_YAML],
    ["stacks/network/Pulumi.dev.yaml", PULUMI_DEV_YAML],
  ]);
}
