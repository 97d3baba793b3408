import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { GroundplaneError } from "@groundplane/contracts";
import { bootSector, filesystemMiB, MEBIBYTE, SECTOR_BYTES } from "./boot-sector.ts";
import { bootstrapArguments, GRUB_CORE_CONFIG, GRUB_MODULES } from "./image-content.ts";
import type { ImageOptions } from "./image-options.ts";
import { runProgram } from "./run-program.ts";
import { withScratchFolder } from "./scratch-folder.ts";

/** What was built. */
export interface BuiltImage {
  readonly file: string;
  /** @format 64 hexadecimal digits */
  readonly sha256: string;
  readonly bytes: number;
  readonly suite: string;
  /** Versions of all packages in it, by their names. */
  readonly packages: Readonly<Record<string, string>>;
}

export interface BuildContext {
  /** Called as each step begins. */
  readonly step: (text: string) => void;
  /** Aborted, it ends at once, with nothing left behind. */
  readonly signal: AbortSignal;
}

/** Every machine makes these at its first start: shared by all, they would let one speak as another. */
async function clearIdentity(root: string, signal: AbortSignal): Promise<void> {
  await runProgram(["sh", "-c", 'rm -f "$1"/etc/ssh/ssh_host_*_key*', "sh", root], { signal });
  for (const path of ["var/lib/dbus/machine-id", "etc/hostname", "etc/resolv.conf"])
    await rm(join(root, path), { force: true });
  await writeFile(join(root, "etc/machine-id"), "");
  // The nameservers that netplan is told are systemd-resolved's.
  await symlink("../run/systemd/resolve/stub-resolv.conf", join(root, "etc/resolv.conf"));
}

async function packagesOf(root: string, signal: AbortSignal): Promise<Record<string, string>> {
  // A line for each: its name, a tab, its version.
  const lines = (await runProgram(["chroot", root, "dpkg-query", "-W"], { signal })).trim().split("\n");
  return Object.fromEntries(lines.map((line) => line.split("\t")));
}

/** GRUB's core lies before the partition. No loop device and no mount is needed. */
async function writeDisk(root: string, disk: string, signal: AbortSignal): Promise<void> {
  await writeFile(join(root, "boot/core.cfg"), GRUB_CORE_CONFIG);
  const core = "/boot/core.img";
  const target = ["--format=i386-pc", "--prefix=/boot/grub", "--config=/boot/core.cfg", `--output=${core}`];
  await runProgram(["chroot", root, "grub-mkimage", ...target, ...GRUB_MODULES], { signal });
  const coreBytes = await readFile(join(root, core));
  if (coreBytes.length > MEBIBYTE - SECTOR_BYTES)
    throw new GroundplaneError(
      "IMAGE_FAILED",
      `GRUB's core has ${coreBytes.length} bytes: it does not fit before the partition`,
    );
  const used = Number.parseInt(await runProgram(["du", "-sm", root], { signal }), 10);
  const sizeMiB = filesystemMiB(used);
  const file = await open(disk, "w");
  try {
    await file.truncate((sizeMiB + 1) * MEBIBYTE);
    const code = await readFile(join(root, "usr/lib/grub/i386-pc/boot.img"));
    await file.write(bootSector(code, sizeMiB), 0, SECTOR_BYTES, 0);
    await file.write(coreBytes, 0, coreBytes.length, SECTOR_BYTES);
  } finally {
    await file.close();
  }
  // Without what the GRUB of these suites does not read.
  const features = ["-t", "ext4", "-O", "^metadata_csum,^64bit"];
  const place = ["-E", `offset=${MEBIBYTE}`, disk, `${sizeMiB}M`];
  await runProgram(["mke2fs", "-q", "-L", "guest", ...features, "-d", root, ...place], { signal });
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/** Its name is the file's only once it is whole, on the disk as well. */
async function publish(draft: string, file: string): Promise<void> {
  const handle = await open(draft, "r+");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
}

/**
 * Makes an image with cloud-init that starts from its disk, by BIOS on amd64.
 *
 * @throws {IMAGE_FAILED} a step fails, such as when a package cannot be had; or it was stopped.
 */
export async function buildImage(options: ImageOptions, { step, signal }: BuildContext): Promise<BuiltImage> {
  const { file, suite } = options;
  return withScratchFolder(async (scratch) => {
    const root = join(scratch, "root");
    // On the file system of the image, so that it is renamed and not copied.
    const draft = join(dirname(file), `.${basename(file)}.${process.pid}.part`);
    try {
      step(`packages of ${suite}`);
      await mkdir(join(scratch, "work"));
      await runProgram(["mmdebstrap", ...bootstrapArguments(options, root)], {
        signal,
        env: { TMPDIR: join(scratch, "work") },
      });
      const packages = await packagesOf(root, signal);
      step(`disk with ${Object.keys(packages).length} packages`);
      await clearIdentity(root, signal);
      await writeDisk(root, join(scratch, "disk.img"), signal);
      step("qcow2");
      await runProgram(["qemu-img", "convert", "-O", "qcow2", join(scratch, "disk.img"), draft], { signal });
      const sha256 = await hashOf(draft);
      const { size } = await stat(draft);
      await publish(draft, file);
      return { file, sha256, bytes: size, suite, packages };
    } finally {
      await rm(draft, { force: true });
    }
  });
}
