// Writes docs/reference/cli.md from the command tree; with --check, fails when the committed page is not current.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { referencePage } from "../src/reference-page.ts";

const file = join(import.meta.dirname, "../../../docs/reference/cli.md");
const wanted = referencePage();

function present(): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

if (process.argv.includes("--check")) {
  if (present() !== wanted) {
    process.stderr.write(
      'docs/reference/cli.md is not current. Run "pnpm generate" and commit the result.\n',
    );
    process.exitCode = 1;
  }
} else {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, wanted);
}
