import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { invalidArgument } from "@groundplane/contracts";

/** Hashing an image takes seconds, and a fleet puts one on many hosts. */
const verified = new WeakMap<object, Promise<string>>();

async function verify(file: string, sha256: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(file), hash);
  } catch (error) {
    throw invalidArgument(
      `image.file "${file}" cannot be read: ${error instanceof Error ? error.message : "unknown"}`,
      { argument: "image.file", file },
    );
  }
  const got = hash.digest("hex");
  if (got === sha256) return file;
  throw invalidArgument(
    `image.file "${file}" has the SHA-256 ${got}, and not ${sha256}: give the hash of the image that is meant`,
    { argument: "image.sha256", file, got, sha256 },
  );
}

/**
 * The path of a file once its content is known to be right: the same object is read once.
 *
 * @throws {INVALID_ARGUMENT} it cannot be read, or has another hash.
 */
export function verifiedFile(image: { readonly file: string; readonly sha256: string }): Promise<string> {
  const known = verified.get(image) ?? verify(image.file, image.sha256);
  verified.set(image, known);
  return known;
}
