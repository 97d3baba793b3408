// What npm would get: each publishable package is packed, and the tarball is looked at.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { packageFolders } from "../setup/fingerprint.mjs";
import { ROOT } from "../setup/folders.mjs";
import { conclude } from "./tracked.mjs";

const run = promisify(execFile);

/**
 * @param {string} folder relative to the root
 * @param {string} temporary
 * @returns {Promise<string[]>}
 */
async function problemsOf(folder, temporary) {
  const name = folder.replace(/[\\/]/g, "-");
  const tarball = join(temporary, `${name}.tgz`);
  await run("pnpm", ["pack", "--out", tarball], { cwd: join(ROOT, folder) });
  const { stdout: listing } = await run("tar", ["-tzf", tarball]);
  const { stdout: packed } = await run("tar", ["-xzOf", tarball, "package/package.json"]);
  const problems = [...contentProblems(listing.split("\n")), ...manifestProblems(packed)];
  if (readFileSync(join(ROOT, folder, "LICENSE"), "utf8") !== readFileSync(join(ROOT, "LICENSE"), "utf8")) {
    problems.push("its LICENSE differs from the root's");
  }
  const bytes = readFileSync(tarball);
  const shape = await publint({
    pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) },
    strict: true,
  });
  const manifest = JSON.parse(packed);
  problems.push(
    ...shape.messages.map((message) => `publint: ${formatMessage(message, manifest) ?? message.code}`),
  );
  problems.push(...(await typeProblems(tarball)));
  return problems.map((problem) => `${folder}: ${problem}`);
}

/** @param {readonly string[]} files */
export function contentProblems(files) {
  const wanted = ["package/LICENSE", "package/README.md", "package/package.json"];
  const missing = wanted.filter((file) => !files.includes(file)).map((file) => `the tarball lacks ${file}`);
  const stray = files.filter((file) =>
    /\.(test|fixture)\.|tsbuildinfo|\.map\.map|\/node_modules\//.test(file),
  );
  return [...missing, ...stray.map((file) => `the tarball holds ${file}`)];
}

/** @param {string} manifest */
export function manifestProblems(manifest) {
  return [...manifest.matchAll(/"([^"]+)": "((?:workspace|catalog|link|file):[^"]*)"/g)].map(
    ([, name, range]) => `${name} is packed as ${range}, which npm cannot resolve`,
  );
}

/** @param {string} tarball */
async function typeProblems(tarball) {
  const args = [tarball, "--profile", "esm-only", "--no-emoji", "--no-color", "--format", "ascii"];
  try {
    await run(join(ROOT, "node_modules", ".bin", "attw"), args);
    return [];
  } catch (error) {
    const said = /** @type {{ stdout?: string, stderr?: string }} */ (error);
    return [`attw: ${said.stdout?.trim()} ${said.stderr?.trim()}`];
  }
}

if (process.argv[1] === import.meta.filename) {
  const temporary = mkdtempSync(join(tmpdir(), "groundplane-pack-"));
  try {
    const folders = packageFolders().filter(
      (folder) => !JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8")).private,
    );
    const problems = await Promise.all(folders.map((folder) => problemsOf(folder, temporary)));
    conclude(problems.flat(), `${folders.length} packages`);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
