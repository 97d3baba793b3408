import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { COMMANDS, COMMON_OPTIONS } from "./command-table.ts";
import { completionScript, SHELLS } from "./completion-script.ts";

/** What bash offers after these words, the last one unfinished. */
function offered(...words: readonly string[]): string[] {
  const script = completionScript("bash", COMMANDS, COMMON_OPTIONS);
  const typed = ["groundplane", ...words];
  const program = `${script}
COMP_WORDS=(${typed.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${typed.length - 1}
_groundplane; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["-c", program], { encoding: "utf8" }).split("\n").filter(Boolean);
}

test("bash completes commands, subcommands, options and fixed values", () => {
  expect(offered("de")).toEqual(["deploy", "destroy"]);
  expect(offered("sandbox", "")).toEqual(["list", "get", "set", "remove", "faults"]);
  expect(offered("deploy", "dev", "--y")).toEqual(["--yes"]);
  expect(offered("outputs", "dev", "--format", "")).toEqual(["table", "json", "dotenv", "types"]);
  expect(offered("completion", "z")).toEqual(["zsh"]);
  expect(offered("status", "--no-")).toEqual(["--no-color"]);
});

test("every shell's script knows every command", () => {
  for (const shell of SHELLS) {
    const script = completionScript(shell, COMMANDS, COMMON_OPTIONS);
    for (const { usage } of COMMANDS) expect(script).toContain(usage.split(" ")[0]);
  }
});

test("a summary with a quote stays inside its quotes", () => {
  const command = { usage: "odd", summary: "it's odd: very", group: "Look" as const };
  expect(completionScript("zsh", [command], [])).toContain(`'odd:it'\\''s odd\\: very'`);
  expect(completionScript("fish", [command], [])).toContain(`-d 'it'\\''s odd: very'`);
});
