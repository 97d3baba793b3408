import { shellQuote } from "@groundplane/contracts";
import type { ImageOptions } from "./image-options.ts";
import { SUITES } from "./suites.ts";

/** What a machine needs to start, to get its address and users, to grow its disk, and to be set up over SSH. */
const PACKAGES = [
  ...["systemd-sysv", "udev", "dbus", "iproute2", "netplan.io", "sudo", "openssh-server", "ca-certificates"],
  ...["cloud-init", "cloud-guest-utils"],
  // Its boot sector and modules are taken out of the image that they start.
  ...["grub-pc-bin", "grub-common"],
];

/** What GRUB's core knows: it has no conditions before it finds the rest. */
export const GRUB_CORE_CONFIG = `search --no-floppy --set=root --label guest
normal /boot/start.cfg
`;

/** The kernel that its package links to, in `/` on Debian and in `/boot` on Ubuntu. */
const GRUB_CONFIG = `if [ -e /vmlinuz ]; then set links=; else set links=/boot; fi
linux $links/vmlinuz root=LABEL=guest rw console=tty0 console=ttyS0 quiet net.ifnames=0
initrd $links/initrd.img
boot
`;

/** What GRUB's core needs to read that, and the kernel. */
export const GRUB_MODULES = [
  ...["biosdisk", "part_msdos", "ext2", "search", "search_label", "linux", "normal", "echo", "test"],
];

/** No other source of cloud-init is waited for, and of host keys the kind is made that takes no time. */
const CLOUD_CONFIG = `datasource_list: [NoCloud, None]
ssh_genkeytypes: [ed25519]
`;

/** The first file system is found with what virtual disks need; all else is loaded from it. */
const INITRD_HOOK = `#!/bin/sh
[ "$1" != prereqs ] || exit 0
. /usr/share/initramfs-tools/hook-functions
manual_add_modules virtio_pci virtio_blk virtio_scsi sd_mod ahci ext4
`;

export interface ImageFile {
  /** Relative to the image's root. */
  readonly path: string;
  readonly content: string;
  /** @default 0o644 */
  readonly mode?: number;
}

/** There before the kernel is, as its package makes the initrd. */
export const EARLY_FILES: readonly ImageFile[] = [
  { path: "etc/initramfs-tools/conf.d/groundplane", content: "MODULES=list\n" },
  { path: "etc/initramfs-tools/hooks/groundplane", content: INITRD_HOOK, mode: 0o755 },
];

/** There before the image's own program is run, which may change them. */
export const FILES: readonly ImageFile[] = [
  { path: "etc/cloud/cloud.cfg.d/90_groundplane.cfg", content: CLOUD_CONFIG },
  { path: "etc/fstab", content: "LABEL=guest / ext4 defaults,noatime 0 1\n" },
  { path: "boot/start.cfg", content: GRUB_CONFIG },
];

/** Shell, run by mmdebstrap with the root as `$1`. */
function writing({ path, content, mode = 0o644 }: ImageFile): string {
  const file = `"$1"/${path}`;
  return `mkdir -p "$(dirname ${file})" && printf %s ${shellQuote(content)} >${file} && chmod ${mode.toString(8)} ${file}`;
}

/** A path inside of the root that is gone when the program is done. */
const PROGRAM = "run/groundplane-customize";

/**
 * Arguments of mmdebstrap: what the root is made of.
 *
 * @param root Absolute path of the folder that it makes.
 */
export function bootstrapArguments(
  { suite, mirrors, packages, customize }: Omit<ImageOptions, "file" | "json">,
  root: string,
): readonly string[] {
  const include = [...PACKAGES, ...SUITES[suite].packages, ...packages];
  const left = ["man", "doc", "locale"].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`);
  const hooks =
    customize === undefined
      ? []
      : [
          `cp ${shellQuote(customize)} "$1"/${PROGRAM}`,
          `chroot "$1" /${PROGRAM}`,
          // What it was is no part of the image.
          `rm "$1"/${PROGRAM}`,
        ];
  return [
    ...["--mode=root", "--variant=minbase", "--format=directory", "--architectures=amd64"],
    ...[`--include=${include.join(",")}`, ...left, "--dpkgopt=path-include=/usr/share/doc/*/copyright"],
    ...["--aptopt=Acquire::Languages none", "--aptopt=Acquire::Retries 3"],
    ...EARLY_FILES.map((file) => `--essential-hook=${writing(file)}`),
    ...FILES.map((file) => `--customize-hook=${writing(file)}`),
    ...hooks.map((hook) => `--customize-hook=${hook}`),
    ...[suite, root, ...mirrors],
  ];
}
