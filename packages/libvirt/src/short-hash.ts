import { createHash } from "node:crypto";

/** The first 12 hexadecimal digits of a text's SHA-256: 48 bits, to tell versions of one thing apart. */
export function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
