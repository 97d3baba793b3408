import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Type tokens of `@pulumi/aws` whose arguments have `tags`, in order, from the SDK's own typings. */
export function taggableTypes(): readonly string[] {
  const root = dirname(createRequire(import.meta.url).resolve("@pulumi/aws/package.json"));
  const tokens = new Set<string>();
  for (const module of readdirSync(root, { withFileTypes: true })) {
    if (!module.isDirectory() || module.name === "node_modules" || module.name === "types") continue;
    for (const file of readdirSync(join(root, module.name))) {
      if (!file.endsWith(".d.ts")) continue;
      const typings = readFileSync(join(root, module.name, file), "utf8");
      const args = typings.match(/^export interface \w+Args \{$[\s\S]*?^\}$/m)?.[0];
      if (args === undefined || !/^ {4}tags\?: /m.test(args)) continue;
      const code = readFileSync(join(root, module.name, file.replace(/\.d\.ts$/, ".js")), "utf8");
      const token = code.match(/__pulumiType = '([^']+)'/)?.[1];
      if (token !== undefined) tokens.add(token);
    }
  }
  return [...tokens].sort();
}

/** Source of `src/generated/taggable-types.ts`. */
export function taggableTypesModule(): string {
  return `// Generated from the typings of @pulumi/aws: pnpm generate
export const TAGGABLE_TYPES: readonly string[] = ${JSON.stringify(taggableTypes(), null, 2)};
`;
}
