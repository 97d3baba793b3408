import { lstat, mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";

/**
 * Folder in which Node keeps the compiled code of what engine processes load: the SDK, packs, the sandbox. It takes
 * a third off each process's start. Who can write there can have code run, so it is used only where nobody else can;
 * Node itself checks that an entry fits the source that it was made of.
 *
 * @param given Folder that the caller has Node use (`NODE_COMPILE_CACHE`), so that several projects share one; taken
 * where it is as safe as our own. @default - one in the data folder
 * @returns undefined where there is no such folder: then there is no cache, and nothing else differs.
 */
export async function compileCacheFolder(dataFolder: string, given?: string): Promise<string | undefined> {
  const shared = given === undefined || given === "" ? undefined : await ownedFolder(resolve(given));
  return shared ?? ownedFolder(join(dataFolder, "cache", "compile"));
}

async function ownedFolder(folder: string): Promise<string | undefined> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // Not followed: a link could lead to where others write.
    const found = await lstat(folder);
    const isOurs = process.getuid === undefined || found.uid === process.getuid();
    return found.isDirectory() && isOurs && (found.mode & 0o077) === 0 ? folder : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Variables for the engine and what it starts. A pack's process has the inspector on, and what V8 compiles then does
 * not fit without: with one folder for both, each would throw away what the other kept.
 */
export function pluginEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { NODE_COMPILE_CACHE: folder } = env;
  return folder === undefined ? env : { ...env, NODE_COMPILE_CACHE: join(folder, "plugins") };
}
