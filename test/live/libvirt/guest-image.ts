import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "@groundplane/orchestrator";
import { FILL_LIMIT_MS, fillOnce } from "../fill-once.ts";
import { missingPrograms } from "../missing-programs.ts";

const run = promisify(execFile);
const BUILDER = join(import.meta.dirname, "../../../packages/libvirt/dist/guest-image");

/** `groundplane-image`, as it is published. */
export const IMAGE_PROGRAM = join(BUILDER, "bin.js");

/** Why no image can be built here; undefined when it can. */
export function whyNoImage(): string | undefined {
  if (process.platform !== "linux" || process.arch !== "x64") return "images are built on Linux on amd64";
  if (process.getuid?.() !== 0) return "only root may build an image";
  return missingPrograms({ mmdebstrap: "mmdebstrap", "qemu-img": "qemu-utils", mke2fs: "e2fsprogs" });
}

/**
 * What a start in software would spend minutes on and no test looks at: page tables that are swapped for each call of the
 * kernel, settings of a boot loader that is not there, and host keys on the console.
 */
const CUSTOMIZE = `#!/bin/sh
set -eu
sed -i 's/ quiet / quiet mitigations=off /' /boot/start.cfg
grep -q mitigations=off /boot/start.cfg
sed -i -E '/^ - (grub-dpkg|keys-to-console|ssh-authkey-fingerprints)$/d' /etc/cloud/cloud.cfg
systemctl mask e2scrub_reap.service
`;

/**
 * A small Debian with cloud-init and sshd, built once into the cache by `groundplane-image`: about a minute of one core,
 * 450 MB, and Debian's archive.
 *
 * @returns its file and hash, or why there is none.
 */
export async function guestImage(): Promise<{ readonly file: string; readonly sha256: string } | string> {
  const why = whyNoImage();
  if (why !== undefined) return why;
  const inputs = createHash("sha256").update(CUSTOMIZE);
  for (const name of (await readdir(BUILDER)).filter((one) => one.endsWith(".js")).sort())
    inputs.update(await readFile(join(BUILDER, name)));
  const tools = join(cacheFolder(), "tools");
  const folder = join(tools, `guest-${inputs.digest("hex").slice(0, 12)}`);
  const file = join(folder, "debian.qcow2");
  const failed = await fillOnce(folder, async () => {
    for (const name of await readdir(tools))
      if (/^guest-\w+$/.test(name)) await rm(join(tools, name), { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const customize = join(folder, "customize");
    await writeFile(customize, CUSTOMIZE, { mode: 0o755 });
    const { stdout } = await run(
      process.execPath,
      [IMAGE_PROGRAM, "--json", "--package", "netcat-openbsd", "--customize", customize, file],
      { timeout: FILL_LIMIT_MS, maxBuffer: 64 * 1024 * 1024 },
    ).catch(({ stderr }: { readonly stderr: string }) => {
      throw new TypeError(stderr.trim().split("\n").slice(-3).join(" "));
    });
    await writeFile(join(folder, "image.json"), stdout);
  });
  if (failed !== undefined) return `no image can be built: ${failed}`;
  const { sha256 }: { sha256: string } = JSON.parse(await readFile(join(folder, "image.json"), "utf8"));
  return { file, sha256 };
}
