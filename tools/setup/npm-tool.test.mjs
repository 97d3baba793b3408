import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { installNpmTool } from "./npm-tool.mjs";

/** @type {string} */
let root;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "groundplane-tool-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const TOOL = {
  name: "gadget",
  version: "1.2.3",
  integrity: { gadget: "sha512-known" },
  binary: "gadget/bin/gadget",
};

/**
 * An `npm` on PATH that "installs" a gadget, and counts how often it was asked.
 *
 * @param {{ version?: string, integrity?: string, exitCode?: number }} answer
 */
function environment({ version = "1.2.3", integrity = "sha512-known", exitCode = 0 } = {}) {
  const bin = join(root, "bin");
  mkdirSync(bin, { recursive: true });
  const lock = JSON.stringify({ packages: { "node_modules/gadget": { integrity } } });
  const script = `#!/bin/sh
echo called >> ${root}/calls
[ ${exitCode} = 0 ] || { echo "npm error network" >&2; exit ${exitCode}; }
mkdir -p node_modules/gadget/bin
printf '#!/bin/sh\\necho v${version}\\n' > node_modules/gadget/bin/gadget
chmod +x node_modules/gadget/bin/gadget
echo '${lock}' > node_modules/.package-lock.json
`;
  writeFileSync(join(bin, "npm"), script);
  chmodSync(join(bin, "npm"), 0o755);
  return { PATH: `${bin}:/usr/bin:/bin` };
}

const tools = () => (existsSync(join(root, "tools")) ? readdirSync(join(root, "tools")) : []);

it("installs once and verifies it, also when two processes ask at once", async () => {
  const env = environment();
  const folders = await Promise.all([installNpmTool(TOOL, root, env), installNpmTool(TOOL, root, env)]);
  expect(new Set(folders)).toEqual(new Set([join(root, "tools", "gadget-1.2.3", "node_modules")]));
  rmSync(join(root, "calls"));
  await installNpmTool(TOOL, root, env);
  expect(existsSync(join(root, "calls"))).toBe(false);
  expect(tools()).toEqual(["gadget-1.2.3"]);
});

it.each([
  ["npm fails", { exitCode: 7 }, /npm error network/],
  ["the package is not the known one", { integrity: "sha512-other" }, /sha512-other, expected sha512-known/],
  ["the program is another version", { version: "9.9.9" }, /reports version 9\.9\.9/],
])("fails when %s, and leaves nothing that passes for the tool", async (_why, answer, message) => {
  await expect(installNpmTool(TOOL, root, environment(answer))).rejects.toThrow(message);
  expect(tools()).toEqual([]);
});
