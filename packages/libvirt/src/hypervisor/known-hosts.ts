import { createHmac, timingSafeEqual } from "node:crypto";

/** As OpenSSH writes it: the port only where it is not 22. */
export function knownHostsName(host: string, port = 22): string {
  return port === 22 ? host : `[${host}]:${port}`;
}

/** `|1|salt|hash`: the name is hidden by an HMAC (`ssh-keygen -H`). */
function isHashOf(pattern: string, name: string): boolean {
  const [, kind, salt = "", hash = ""] = pattern.split("|");
  if (kind !== "1") return false;
  const given = Buffer.from(hash, "base64");
  const own = createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest();
  return given.length === own.length && timingSafeEqual(given, own);
}

/**
 * The key of a host in the text of a `known_hosts` file, as `ssh-ed25519 AAAA…`: of several the Ed25519 one, else the
 * first. Undefined where it has none. Certificate authorities and revoked keys are passed over, patterns with `*` too.
 */
export function hostKeyOf(knownHosts: string, host: string, port?: number): string | undefined {
  const name = knownHostsName(host, port);
  const keys = knownHosts.split("\n").flatMap((line) => {
    const [names = "", type, key] = line.trim().split(/\s+/);
    if (names === "" || names.startsWith("#") || names.startsWith("@")) return [];
    if (type === undefined || key === undefined) return [];
    const known = names.startsWith("|") ? isHashOf(names, name) : names.split(",").includes(name);
    return known ? [`${type} ${key}`] : [];
  });
  return keys.find((key) => key.startsWith("ssh-ed25519 ")) ?? keys[0];
}
