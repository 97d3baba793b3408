import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "@groundplane/orchestrator";
import { FILL_LIMIT_MS, fillOnce } from "../fill-once.ts";
import { missingPrograms } from "../missing-programs.ts";

const run = promisify(execFile);

/** What the machine has from the beginning, and what it can install without a network. */
const INSTALLED = [
  "openssh-server",
  "sudo",
  "iproute2",
  "procps",
  "systemd",
  "systemd-sysv",
  "ca-certificates",
];
const OFFERED = [
  "ufw",
  "iptables",
  "curl",
  "xz-utils",
  "git",
  "logrotate",
  "unattended-upgrades",
  "docker.io",
];
const PROGRAMS = {
  mmdebstrap: "mmdebstrap",
  unshare: "util-linux",
  ip: "iproute2",
  "ssh-keygen": "openssh-client",
} as const;

/**
 * An archive of a real Debian root, made once into the cache from the distribution's own packages: about two minutes and
 * 400 MB. A string says why there is none.
 */
export async function debianRoot(): Promise<{ readonly archive: string } | string> {
  if (process.platform !== "linux" || process.getuid?.() !== 0)
    return "a real machine needs root on Linux, for its namespaces";
  const missing = missingPrograms(PROGRAMS);
  if (missing !== undefined) return missing;
  const folder = join(cacheFolder(), "tools", "debian-bookworm-machine-1");
  const archive = join(folder, "root.tar");
  const failed = await fillOnce(folder, async () => {
    await mkdir(folder, { recursive: true });
    const offer = `chroot "$1" apt-get -qq -y --no-install-recommends --download-only install ${OFFERED.join(" ")}`;
    const options = ["--variant=minbase", `--include=${INSTALLED.join(",")}`, `--customize-hook=${offer}`];
    await run("mmdebstrap", [...options, "--skip=cleanup/apt", "bookworm", archive], {
      timeout: FILL_LIMIT_MS,
      maxBuffer: 64 * 1024 * 1024,
    });
  });
  return failed === undefined ? { archive } : `no Debian can be made: ${failed}`;
}
