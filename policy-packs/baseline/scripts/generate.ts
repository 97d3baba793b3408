import { readFileSync, writeFileSync } from "node:fs";
import { withRules } from "./rule-table.ts";
import { taggableTypesModule } from "./taggable-types.ts";

writeFileSync(new URL("../src/generated/taggable-types.ts", import.meta.url), taggableTypesModule());

// After the types, which the rules import.
const { pack } = await import("../src/pack.ts");
const readme = new URL("../README.md", import.meta.url);
writeFileSync(readme, withRules(readFileSync(readme, "utf8"), pack.rules));
