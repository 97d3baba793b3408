import { execFile } from "node:child_process";
import { mkdir, mkdtemp, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const MiB = 1024 * 1024;
const SECTOR = 512;

const PACKAGES = [
  "linux-image-cloud-amd64",
  ...["systemd-sysv", "udev", "dbus", "iproute2", "netplan.io", "sudo", "openssh-server", "cloud-init"],
  // Its boot sector and modules are taken out of the image that they start.
  ...["grub-pc-bin", "grub-common"],
];

const GRUB_CONFIG = `
search --no-floppy --set=root --label guest
linux /vmlinuz root=LABEL=guest rw console=ttyS0 quiet net.ifnames=0
initrd /initrd.img
boot
`;

/** cloud-init's NoCloud source is the disk beside; any other is not asked for. */
const DATASOURCE = "datasource_list: [NoCloud, None]\n";

/**
 * Makes a small Debian with cloud-init and sshd that boots from its disk. It takes a minute or two, and Debian's archive.
 *
 * @returns why it cannot be made; undefined when it is at `file`.
 */
export async function makeGuestImage(file: string): Promise<string | undefined> {
  const scratch = await mkdtemp(join(tmpdir(), "gp-guest-"));
  try {
    const root = join(scratch, "root");
    const options = { maxBuffer: 64 * MiB, timeout: 900_000 };
    const left = ["man", "doc", "locale"].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`);
    const made = await run(
      "mmdebstrap",
      ["--variant=minbase", `--include=${PACKAGES.join(",")}`, ...left, "bookworm", root],
      options,
    ).catch((error: Error) => `mmdebstrap does not make a Debian: ${error.message.slice(-300)}`);
    if (typeof made === "string") return made;
    await mkdir(join(root, "etc/cloud/cloud.cfg.d"), { recursive: true });
    await writeFile(join(root, "etc/cloud/cloud.cfg.d/99-source.cfg"), DATASOURCE);
    await writeFile(join(root, "etc/fstab"), "LABEL=guest / ext4 defaults,noatime 0 1\n");
    await writeFile(join(root, "boot/start.cfg"), GRUB_CONFIG);
    const modules = ["biosdisk", "part_msdos", "ext2", "search", "search_label", "linux", "normal", "echo"];
    await run(
      "chroot",
      [
        ...[root, "grub-mkimage", "--format=i386-pc", "--prefix=/boot/grub", "--config=/boot/start.cfg"],
        ...["--output=/boot/core.img", ...modules],
      ],
      options,
    );
    await writeDisk(root, join(scratch, "disk.img"));
    await mkdir(dirname(file), { recursive: true });
    const draft = `${file}.${process.pid}`;
    await run("qemu-img", ["convert", "-O", "qcow2", join(scratch, "disk.img"), draft], options);
    await rename(draft, file);
    return undefined;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The first sector: GRUB's boot code, and one partition of type Linux from the first MiB on. */
function bootSector(code: Buffer, sizeMiB: number): Buffer {
  const sector = Buffer.alloc(SECTOR);
  code.copy(sector, 0, 0, 440);
  const begin = MiB / SECTOR;
  // Bootable; the old addresses by heads and cylinders are beyond what they can say.
  Buffer.from([0x80, 0xfe, 0xff, 0xff, 0x83, 0xfe, 0xff, 0xff]).copy(sector, 446);
  sector.writeUInt32LE(begin, 454);
  sector.writeUInt32LE(sizeMiB * begin, 458);
  sector.writeUInt16LE(0xaa55, 510);
  return sector;
}

/** GRUB's core lies before the partition. No loop device and no mount is needed. */
async function writeDisk(root: string, disk: string): Promise<void> {
  const { stdout } = await run("du", ["-sm", root]);
  const sizeMiB = Math.ceil(Number.parseInt(stdout, 10) * 1.25) + 200;
  const core = await readFile(join(root, "boot/core.img"));
  if (core.length > MiB - SECTOR) throw new TypeError("GRUB's core does not fit before the partition");
  const file = await open(disk, "w");
  try {
    await file.truncate((sizeMiB + 1) * MiB);
    const code = await readFile(join(root, "usr/lib/grub/i386-pc/boot.img"));
    await file.write(bootSector(code, sizeMiB), 0, SECTOR, 0);
    await file.write(core, 0, core.length, SECTOR);
  } finally {
    await file.close();
  }
  await run("mke2fs", [
    // What this GRUB reads.
    ...["-q", "-t", "ext4", "-L", "guest", "-O", "^metadata_csum,^64bit", "-d", root],
    ...["-E", `offset=${MiB}`, disk, `${sizeMiB}M`],
  ]);
}
