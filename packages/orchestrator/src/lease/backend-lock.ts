import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { GroundplaneError } from "@groundplane/contracts";
import { z } from "zod";
import { isZombie } from "../engine/end-session.ts";
import type { BackendFiles } from "./backend-files.ts";

/** What the engine writes into its lock of a file or S3 backend (pkg/backend/diy/lock.go). */
const lockSchema = z.object({
  pid: z.int(),
  username: z.string(),
  hostname: z.string(),
  timestamp: z.string(),
});

export interface BackendLock extends z.infer<typeof lockSchema> {
  /** On this machine it can be seen whether the holder still runs; elsewhere it cannot. */
  readonly holder: "alive" | "gone" | "elsewhere";
}

/** A lock, and the file it is in. */
export interface FoundLock {
  readonly path: string;
  readonly lock: BackendLock;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, and belongs to someone else.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** The id was given out again, to something that is no engine, or stands for one that ended and nobody waited for. */
function isSomethingElse(pid: number): boolean {
  try {
    if (isZombie(pid)) return true;
    // A wrapped one has "pulumi" in its name too.
    return !readFileSync(`/proc/${pid}/comm`, "utf8").includes("pulumi");
  } catch {
    return false;
  }
}

function holderOf(lock: z.infer<typeof lockSchema>): BackendLock["holder"] {
  if (lock.hostname !== hostname()) return "elsewhere";
  return isAlive(lock.pid) && !isSomethingElse(lock.pid) ? "alive" : "gone";
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The engine's own locks on a stack.
 *
 * @throws {STATE_UNREADABLE} when a lock cannot be read: what cannot be verified is not broken.
 */
export async function backendLocks(
  files: BackendFiles,
  project: string,
  stack: string,
): Promise<readonly FoundLock[]> {
  const paths = await files.list(`.pulumi/locks/organization/${project}/${stack}/`);
  const locks = await Promise.all(
    paths
      .filter((path) => path.endsWith(".json"))
      .map(async (path) => {
        const text = await files.read(path);
        // Given back since it was listed.
        if (text === undefined) return [];
        const parsed = lockSchema.safeParse(parsedJson(text));
        if (parsed.success) return [{ path, lock: { ...parsed.data, holder: holderOf(parsed.data) } }];
        throw new GroundplaneError(
          "STATE_UNREADABLE",
          `the lock ${path} of the backend cannot be read, so its holder cannot be verified. Make sure that nobody works on the stack, then use \`pulumi cancel\`.`,
          { facts: { lock: path } },
        );
      }),
  );
  return locks.flat();
}
