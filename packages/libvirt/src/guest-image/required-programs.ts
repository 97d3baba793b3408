import { delimiter, join } from "node:path";
import { GroundplaneError } from "@groundplane/contracts";
import { SUITES, type Suite } from "./suites.ts";

/** Debian's packages, by the programs that are run. */
const PROGRAMS = {
  mmdebstrap: "mmdebstrap",
  mke2fs: "e2fsprogs",
  "qemu-img": "qemu-utils",
  chroot: "coreutils",
  unshare: "util-linux",
  setpriv: "util-linux",
} as const;

/** Where programs are looked for: a user's own path often lacks those of the system's. */
export function programFolders(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  return [...(env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== ""), "/usr/sbin", "/sbin"];
}

/** The machine that would build: given by tests. */
export interface BuildMachine {
  readonly platform: string;
  readonly arch: string;
  readonly uid: number | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether a file is there. */
  readonly has: (file: string) => boolean;
}

/**
 * Makes sure that an image can be built here.
 *
 * @throws {PREFLIGHT_FAILED} something is missing; the message names all of it, with the package that has it.
 */
export function checkBuildMachine(
  suite: Suite,
  mirrors: readonly string[],
  { platform, arch, uid, env, has }: BuildMachine,
): void {
  const refuse = (message: string, missing: readonly string[] = []) =>
    new GroundplaneError("PREFLIGHT_FAILED", message, { facts: { platform, arch, missing: [...missing] } });
  if (platform !== "linux" || arch !== "x64")
    throw refuse(
      `this machine is ${platform} on ${arch}: an image is built on Linux on amd64, such as a virtual machine`,
    );
  const folders = programFolders(env);
  const missing = Object.entries(PROGRAMS)
    .filter(([program]) => !folders.some((folder) => has(join(folder, program))))
    .map(([program, from]) => `${program} (${from})`);
  const { keyring, keyringPackage } = SUITES[suite];
  // A mirror's line may name a keyring of its own.
  if (!mirrors.some((mirror) => mirror.includes("signed-by=")) && !has(keyring))
    missing.push(`${keyring} (${keyringPackage})`);
  if (missing.length > 0)
    throw refuse(
      `not installed: ${missing.join(", ")}; the packages in brackets have them: apt-get install`,
      missing,
    );
  if (uid !== 0)
    throw refuse(
      "an image's files belong to root, and it is built in a chroot: run groundplane-image as root, such as with sudo",
    );
}
