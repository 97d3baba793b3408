import { cp, mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

export const REPOSITORY = fileURLToPath(new URL("../", import.meta.url));
export const withoutPackages = {
  recursive: true,
  filter: (path: string) => basename(path) !== "node_modules",
};

/** The project with one stack, which every environment then has. */
function withOnly(config: string, stack: string): string {
  return config
    .replaceAll(/^ {6}stacks: .*\n/gm, "")
    .replace(/stacks: \[[^\]]*\]/, `stacks: ["stacks/${stack}"]`);
}

/**
 * A copy of the reference project, inside the repository so that its packages are found; its stacks find each other's
 * copies. The caller removes it.
 *
 * @param only The one stack that it is to have. @default all of them
 */
export async function copyReferenceProject(name: string, only?: string): Promise<string> {
  const scratch = join(REPOSITORY, "test", ".groundplane");
  await mkdir(scratch, { recursive: true });
  const root = await mkdtemp(join(scratch, `${name}-`));
  const config = await readFile(join(REPOSITORY, "groundplane.config.ts"), "utf8");
  const stacks = only === undefined ? await readdir(join(REPOSITORY, "stacks")) : [only];
  await writeFile(join(root, "groundplane.config.ts"), only === undefined ? config : withOnly(config, only));
  await writeFile(join(root, "package.json"), '{ "name": "copy", "private": true, "type": "module" }\n');
  await mkdir(join(root, "node_modules/@groundplane"), { recursive: true });
  for (const stack of stacks) {
    await cp(join(REPOSITORY, "stacks", stack), join(root, "stacks", stack), withoutPackages);
    await symlink(join(root, "stacks", stack), join(root, "node_modules/@groundplane", `stack-${stack}`));
  }
  return root;
}
