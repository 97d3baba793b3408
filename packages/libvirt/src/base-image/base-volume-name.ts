/** Begins the name of each base volume; its SHA-256 and the format follow. */
const PREFIX = "base-";

/** The name of the volume that holds an image: the same content has the same name on every host. */
export function baseVolumeName(sha256: string, format: "qcow2" | "raw"): string {
  return `${PREFIX}${sha256}.${format}`;
}

/** Whether a volume is a base volume by its name: it can be fetched again, so nothing is lost with it. */
export function isBaseVolumeName(name: string): boolean {
  return /^base-[0-9a-f]{64}\.(?:qcow2|raw)$/.test(name);
}
