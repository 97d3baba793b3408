import { hash } from "node:crypto";
import { readFile as readFileCallback } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { promisify } from "node:util";
import type { Sha256 } from "@groundplane/contracts";

/** Of packages there are thousands of small files: this takes half of what `readFile` of node:fs/promises does. */
const readFile = promisify(readFileCallback);

/** Names that hold no content of their own. */
const LEFT_OUT = new Set(["node_modules", ".git", ".groundplane"]);

export function sha256OfBytes(bytes: string | Uint8Array): Sha256 {
  return `sha256:${hash("sha256", bytes)}`;
}

/** Links are followed, as what they lead to is run too; one that leads back to a folder above it is not. */
async function filesBelow(folder: string, above: readonly string[] = []): Promise<readonly string[]> {
  const real = await realpath(folder);
  if (above.includes(real)) return [];
  const entries = await readdir(folder, { withFileTypes: true });
  const files = await Promise.all(
    entries
      .filter(({ name }) => !LEFT_OUT.has(name))
      .map(async (entry) => {
        const path = join(folder, entry.name);
        const found = entry.isSymbolicLink() ? await stat(path) : entry;
        if (found.isDirectory()) return filesBelow(path, [...above, real]);
        return found.isFile() ? [path] : [];
      }),
  );
  return files.flat();
}

/** One hash over the names and contents of these files, whatever order they are given in. */
export async function hashFiles(root: string, files: Iterable<string>): Promise<Sha256> {
  const lines = await Promise.all(
    [...new Set(files)].map(async (file) => {
      const name = relative(root, file).split(sep).join("/");
      return `${JSON.stringify(name)} ${sha256OfBytes(await readFile(file))}`;
    }),
  );
  return sha256OfBytes(lines.sort().join("\n"));
}

/** One hash over everything in a folder but installed packages. */
export async function hashFolder(folder: string): Promise<Sha256> {
  return hashFiles(folder, await filesBelow(folder));
}
