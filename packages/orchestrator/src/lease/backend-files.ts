import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { GroundplaneError, isGroundplaneError } from "@groundplane/contracts";
import type { StatePlace } from "../engine/state-place.ts";
import { S3Objects } from "./s3-objects.ts";

/** The files of a backend, wherever it is. Paths are relative to it, with slashes. */
export interface BackendFiles {
  /** Files right in a folder, which ends with a slash; none when it is not there. */
  list(folder: string): Promise<readonly string[]>;
  read(path: string): Promise<string | undefined>;
  /** What is gone already is no error. */
  remove(path: string): Promise<void>;
  close(): void;
}

async function unlessGone<Value>(work: Promise<Value>): Promise<Value | undefined> {
  return work.catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  });
}

/** The same client keeps leases, and speaks of them; these files are the state's. */
async function ofTheState<Value>(work: Promise<Value>): Promise<Value> {
  return work.catch((error: unknown) => {
    if (!isGroundplaneError(error) || error.code !== "LEASE_UNAVAILABLE") throw error;
    throw new GroundplaneError(
      "STATE_UNREADABLE",
      "the backend's own locks cannot be read: it does not answer as it should. Nothing was changed; mend the backend first.",
      { cause: error, facts: error.facts },
    );
  });
}

/** @throws {STATE_UNREADABLE} from each operation, when the backend does not answer. */
export function backendFilesOf(place: StatePlace): BackendFiles {
  if (place.type === "file") {
    const at = (path: string): string => join(place.folder, path);
    return {
      list: async (folder) =>
        ((await unlessGone(readdir(at(folder)))) ?? []).map((name) => `${folder}${name}`),
      read: (path) => unlessGone(readFile(at(path), "utf8")),
      remove: (path) => rm(at(path), { force: true }),
      close: () => undefined,
    };
  }
  const objects = new S3Objects(place.backend);
  return {
    list: (folder) => ofTheState(objects.list(folder)),
    read: async (path) => (await ofTheState(objects.get(path)))?.text,
    remove: (path) => ofTheState(objects.remove(path)),
    close: () => objects.close(),
  };
}
