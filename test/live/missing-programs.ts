import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * What a test wants and this machine lacks; undefined where nothing is.
 *
 * @param programs - Debian's packages, by the programs that are looked for
 */
export function missingPrograms(programs: Readonly<Record<string, string>>): string | undefined {
  // Not every user has the administrator's folders on PATH, and the tests run as one who may use them.
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  const missing = Object.entries(programs).flatMap(([program, pack]) =>
    folders.some((folder) => existsSync(join(folder, program))) ? [] : [`${program} (${pack})`],
  );
  return missing.length === 0 ? undefined : `not installed: ${missing.join(", ")}`;
}
