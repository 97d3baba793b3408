import { createHash, timingSafeEqual } from "node:crypto";
import type { ServerHostKeyAlgorithm } from "ssh2";

/** How a server is asked to prove each kind of key. SHA-1 signatures of RSA keys are not taken. */
const ALGORITHMS: Readonly<Record<string, readonly ServerHostKeyAlgorithm[]>> = {
  "ssh-ed25519": ["ssh-ed25519"],
  "ecdsa-sha2-nistp256": ["ecdsa-sha2-nistp256"],
  "ecdsa-sha2-nistp384": ["ecdsa-sha2-nistp384"],
  "ecdsa-sha2-nistp521": ["ecdsa-sha2-nistp521"],
  "ssh-rsa": ["rsa-sha2-512", "rsa-sha2-256"],
};

export interface HostKey {
  readonly type: string;
  readonly blob: Buffer;
}

/** Reads `ssh-ed25519 AAAA… comment`; undefined where the text is no host key of a kind that is known. */
export function parseHostKey(text: string): HostKey | undefined {
  const [type = "", encoded = ""] = text.trim().split(/\s+/);
  if (!Object.hasOwn(ALGORITHMS, type) || !/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return undefined;
  const blob = Buffer.from(encoded, "base64");
  return typeOfBlob(blob) === type ? { type, blob } : undefined;
}

/** RFC 4253, section 6.6: a key begins with the length and the name of its kind. */
function typeOfBlob(blob: Buffer): string {
  if (blob.length < 4) return "";
  return blob.subarray(4, 4 + blob.readUInt32BE(0)).toString("latin1");
}

/** As in `known_hosts`. */
export function formatHostKey(blob: Buffer): string {
  return `${typeOfBlob(blob)} ${blob.toString("base64")}`;
}

/** As `ssh-keygen -l` shows it. */
export function fingerprint(blob: Buffer): string {
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}

export function sameHostKey(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

/** Which proofs of its key a server is asked for: those of the pinned key, or of any. */
export function hostKeyAlgorithms(pinned: HostKey | undefined): ServerHostKeyAlgorithm[] {
  return [...(pinned === undefined ? Object.values(ALGORITHMS).flat() : (ALGORITHMS[pinned.type] ?? []))];
}
