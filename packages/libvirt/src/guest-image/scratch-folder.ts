import { lstat, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const NAME = /^groundplane-image-(\d+)-/;

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Nobody else made it: others may write into the folder for temporary files, and could have us delete by a path of theirs. */
async function isOwn(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => undefined);
  return found?.isDirectory() === true && found.uid === process.getuid?.();
}

/** Deletes what builds left that could not tidy up: they were killed, or the machine lost its power. */
async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = NAME.exec(name)?.[1];
    const folder = join(tmpdir(), name);
    if (pid !== undefined && !isRunning(Number(pid)) && (await isOwn(folder)))
      await rm(folder, { recursive: true, force: true });
  }
}

/** Calls with the path of a folder that is there until it is done, and of which nothing is left then. */
export async function withScratchFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  await sweep();
  const folder = await mkdtemp(join(tmpdir(), `groundplane-image-${process.pid}-`));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
