// Writes the taggable types and the README's rules; with --check, fails when a committed one is not current.
import { readFileSync, writeFileSync } from "node:fs";
import { withRuleTable } from "@groundplane/policy";
import { taggableTypesModule } from "./taggable-types.ts";

const check = process.argv.includes("--check");

function write(path: string, wanted: (present: string) => string): void {
  const file = new URL(path, import.meta.url);
  const present = readFileSync(file, "utf8");
  const text = wanted(present);
  if (text === present) return;
  if (check) {
    process.stderr.write(`policy-packs/baseline: ${path} is not current; run pnpm generate\n`);
    process.exitCode = 1;
  } else writeFileSync(file, text);
}

write("../src/generated/taggable-types.ts", taggableTypesModule);
// After the types, which the rules import.
const { pack } = await import("../src/pack.ts");
write("../README.md", (readme) => withRuleTable(readme, pack.rules));
