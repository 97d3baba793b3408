import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { invalidArgument } from "@groundplane/contracts";

/** Hashing an image takes a second or two, and a fleet puts one on many hosts. */
const verified = new WeakSet<object>();
const CHUNK_BYTES = 8 * 1024 ** 2;

function hashOf(file: string): string {
  const hash = createHash("sha256");
  const chunk = Buffer.alloc(CHUNK_BYTES);
  const handle = openSync(file, "r");
  try {
    for (let read = readSync(handle, chunk); read > 0; read = readSync(handle, chunk))
      hash.update(chunk.subarray(0, read));
  } finally {
    closeSync(handle);
  }
  return hash.digest("hex");
}

function readableHash(file: string): string {
  try {
    return hashOf(file);
  } catch (error) {
    throw invalidArgument(
      `image.file "${file}" cannot be read: ${error instanceof Error ? error.message : "unknown"}`,
      { argument: "image.file", file },
    );
  }
}

/**
 * Makes sure that a file holds what it should: the same object is read once.
 *
 * @throws {INVALID_ARGUMENT} it cannot be read, or has another hash.
 */
export function verifyFile(image: { readonly file: string; readonly sha256: string }): void {
  if (verified.has(image)) return;
  const { file, sha256 } = image;
  const got = readableHash(file);
  if (got !== sha256)
    throw invalidArgument(
      `image.file "${file}" has the SHA-256 ${got}, and not ${sha256}: give the hash of the image that is meant`,
      { argument: "image.sha256", file, got, sha256 },
    );
  verified.add(image);
}
