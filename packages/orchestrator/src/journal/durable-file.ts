import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { GroundplaneError } from "@groundplane/contracts";

function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function writeAndSync(file: string, bytes: Buffer): void {
  const handle = openSync(file, "w", 0o600);
  try {
    for (let written = 0; written < bytes.length; ) {
      written += writeSync(handle, bytes, written);
    }
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/**
 * Writes a file whole: after it returns, the file is on disk with exactly this content; when it throws, what stood
 * there before stands there still.
 *
 * @throws {WRITE_FAILED} when the disk is full or does not give back what was written.
 */
export function writeDurably(file: string, content: string | Uint8Array): void {
  const bytes = Buffer.from(content);
  const part = `${file}.part`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeAndSync(part, bytes);
    if (!readFileSync(part).equals(bytes)) throw new TypeError("it reads back differently");
    renameSync(part, file);
    // Else the name could be lost with the power, after the journal says that it is there.
    if (process.platform !== "win32") syncFolder(dirname(file));
  } catch (cause) {
    rmSync(part, { force: true });
    throw new GroundplaneError(
      "WRITE_FAILED",
      `${file} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}. Is the disk full?`,
      { cause, facts: { file } },
    );
  }
}
