import { createHash } from "node:crypto";
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { Sha256 } from "@groundplane/contracts";

/** Names that hold no content of their own. */
const LEFT_OUT = new Set(["node_modules", ".git", ".groundplane"]);

export function sha256OfBytes(bytes: string | Uint8Array): Sha256 {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** Links are followed, as what they lead to is run too; one that leads back to a folder above it is not. */
async function filesBelow(folder: string, above: readonly string[] = []): Promise<readonly string[]> {
  const real = await realpath(folder);
  if (above.includes(real)) return [];
  const entries = await readdir(folder);
  const files = await Promise.all(
    entries
      .filter((name) => !LEFT_OUT.has(name))
      .map(async (name) => {
        const path = join(folder, name);
        const found = await stat(path);
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
