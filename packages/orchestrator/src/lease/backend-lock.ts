import { readdir, readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { GroundplaneError } from "@groundplane/contracts";
import { z } from "zod";

/** What the engine writes into the lock of a file backend (pkg/backend/diy/lock.go). */
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

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, and belongs to someone else.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function holderOf(lock: z.infer<typeof lockSchema>): BackendLock["holder"] {
  if (lock.hostname !== hostname()) return "elsewhere";
  return isAlive(lock.pid) ? "alive" : "gone";
}

async function filesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  });
}

/**
 * The engine's own locks on a stack of a file backend.
 *
 * @param backendUrl `file://…`, as the engine has it.
 * @throws {STATE_UNREADABLE} when a lock cannot be read: what cannot be verified is not broken.
 * @throws {INVALID_ARGUMENT} for another kind of backend, whose locks cannot be looked at from here.
 */
export async function backendLocks(
  backendUrl: string,
  project: string,
  stack: string,
): Promise<readonly BackendLock[]> {
  if (!backendUrl.startsWith("file://")) {
    throw new GroundplaneError(
      "INVALID_ARGUMENT",
      "only the locks of a file backend can be verified from here. Make sure that nobody works on the stack, then use `pulumi cancel`.",
      { facts: { backend: backendUrl.split("?")[0] ?? "" } },
    );
  }
  const folder = join(fileURLToPath(backendUrl), ".pulumi", "locks", "organization", project, stack);
  const files = (await filesIn(folder)).filter((file) => file.endsWith(".json"));
  return Promise.all(
    files.map(async (file) => {
      const parsed = lockSchema.safeParse(
        JSON.parse(await readFile(join(folder, file), "utf8").catch(() => "null")),
      );
      if (parsed.success) return { ...parsed.data, holder: holderOf(parsed.data) };
      throw new GroundplaneError(
        "STATE_UNREADABLE",
        `the lock ${join(folder, file)} cannot be read, so its holder cannot be verified.`,
        {
          facts: { lock: join(folder, file) },
        },
      );
    }),
  );
}
