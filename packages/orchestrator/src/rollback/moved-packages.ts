import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Finding, Sha256 } from "@groundplane/contracts";
import { hashLockFile, packageFolder } from "../digest/program-digest.ts";
import { OWN_PACK } from "../policy/own-pack.ts";
import { BUNDLE_FOLDER, versionOf } from "./bundle-program.ts";
import type { ReturnPoint } from "./return-point.ts";

/** What a kept program meets today. */
export interface InstalledPackages {
  /** By the name under which the bundle imports it; undefined when it is gone. */
  readonly versions: Readonly<Record<string, string | undefined>>;
  readonly lockFile: Sha256 | undefined;
}

async function installedVersion(folder: string, name: string): Promise<string | undefined> {
  // A path leads from where the bundle is placed.
  const path = name.startsWith(".") ? join(folder, BUNDLE_FOLDER, name) : await packageFolder(name, folder);
  return path !== undefined && existsSync(path) ? versionOf(path) : undefined;
}

/** The packages that a bundle imports, as they are installed around a stack's folder now. */
export async function installedPackages(
  folder: string,
  names: readonly string[],
): Promise<InstalledPackages> {
  const versions = await Promise.all(
    names.map(
      async (name): Promise<[string, string | undefined]> => [name, await installedVersion(folder, name)],
    ),
  );
  return { versions: Object.fromEntries(versions), lockFile: await hashLockFile(folder) };
}

/** What is said of packages that are not as they were when the program was kept: they cannot be brought back. */
export function movedPackagesFinding(
  { run, packages, lockFile }: Pick<ReturnPoint, "run" | "packages" | "lockFile">,
  now: InstalledPackages,
): Finding | undefined {
  const moved = Object.entries(packages)
    .filter(([name, version]) => now.versions[name] !== version)
    .map(([name, version]) => `${name} ${version}, now ${now.versions[name] ?? "gone"}`);
  if (moved.length === 0 && lockFile === (now.lockFile ?? null)) return undefined;
  return {
    rule: "packages-moved",
    title: "The program goes back, its packages do not",
    severity: "medium",
    enforcement: "advisory",
    status: "violation",
    message:
      moved.length > 0
        ? `since run ${run} other versions were installed: ${moved.join("; ")}`
        : `since run ${run} the lock file has changed: packages that the program's packages need may differ`,
    remedy:
      "The changes shown are those of the packages installed now. If they are not what stood then, install the packages of then and roll back again.",
    pack: OWN_PACK,
    foundBy: "pipeline",
  };
}
