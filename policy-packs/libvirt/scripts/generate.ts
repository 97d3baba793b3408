// Writes the README's rules; with --check, fails when they are not current.
import { readFileSync, writeFileSync } from "node:fs";
import { withRuleTable } from "@groundplane/policy";
import { pack } from "../src/pack.ts";

const file = new URL("../README.md", import.meta.url);
const present = readFileSync(file, "utf8");
const wanted = withRuleTable(present, pack.rules);
if (wanted !== present && process.argv.includes("--check")) {
  process.stderr.write("policy-packs/libvirt: README.md is not current; run pnpm generate\n");
  process.exitCode = 1;
} else if (wanted !== present) writeFileSync(file, wanted);
