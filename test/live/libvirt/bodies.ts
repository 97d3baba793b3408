import { execFile } from "node:child_process";
import { mkdir, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "@groundplane/orchestrator";
import { FILL_LIMIT_MS, fillOnce } from "../fill-once.ts";
import { debianRoot } from "../machine/debian-root.ts";
import { missingPrograms } from "../missing-programs.ts";

const run = promisify(execFile);

/** Debian's packages, by the programs that bodies are made with. */
const PROGRAMS = {
  "systemd-nspawn": "systemd-container",
  isoinfo: "genisoimage",
  setsid: "util-linux",
} as const;

/**
 * What bodies have from the beginning, as an own image could: what is installed is proven with agent-host.test.ts, and would
 * take minutes on eight machines. The firewall's package is left to them.
 */
const INSTALLED = [
  ...["cloud-init", "dbus"],
  ...["iptables", "curl", "xz-utils", "git", "logrotate", "unattended-upgrades", "docker.io"],
];

/** cloud-init writes for networkd: netplan would ask udev, which there is none of in a container. */
const CLOUD = `datasource_list: [NoCloud, None]
system_info: { network: { renderers: [networkd] } }
`;

/** Why machines of hypervisors can have no bodies here; undefined where they can. */
export async function whyNoBodies(): Promise<string | undefined> {
  const missing = missingPrograms(PROGRAMS);
  if (missing !== undefined) return missing;
  return run("unshare", [
    ...["--mount", "bash", "-euc"],
    `mount -t tmpfs none /mnt; mkdir /mnt/a /mnt/b /mnt/c /mnt/d
    mount -t overlay -o lowerdir=/mnt/a,upperdir=/mnt/b,workdir=/mnt/c none /mnt/d`,
  ]).then(
    () => undefined,
    () => "the kernel lays no file system over another here (overlayfs)",
  );
}

/**
 * A Debian's root with cloud-init, made once into the cache from that of the machines' tests: all bodies have it below their
 * own files. A string says why there is none.
 */
export async function bodiesRoot(): Promise<{ readonly root: string } | string> {
  const debian = await debianRoot();
  if (typeof debian === "string") return debian;
  const folder = join(cacheFolder(), "tools", "debian-bookworm-body-1");
  const root = join(folder, "root");
  const failed = await fillOnce(folder, async () => {
    await mkdir(root, { recursive: true });
    const options = { timeout: FILL_LIMIT_MS, maxBuffer: 64 * 1024 * 1024 };
    await run("tar", ["-xf", debian.archive, "-C", root], options);
    const install = `export DEBIAN_FRONTEND=noninteractive
apt-get -qq update
apt-get -qq -y --no-install-recommends -o Dpkg::Options::=--force-unsafe-io install ${INSTALLED.join(" ")}
systemctl enable systemd-networkd
# Eight of them would take much memory, and none is asked for anything.
systemctl disable docker.service docker.socket containerd.service`;
    await run("chroot", [root, "sh", "-euc", install], options);
    await writeFile(join(root, "etc/cloud/cloud.cfg.d/99-body.cfg"), CLOUD);
    await writeFile(join(root, "etc/dpkg/dpkg.cfg.d/unsafe-io"), "force-unsafe-io\n");
    await truncate(join(root, "etc/machine-id"));
    // There is no name server, and nobody waits for one.
    await rm(join(root, "etc/resolv.conf"), { force: true });
  });
  return failed === undefined ? { root } : `no Debian with cloud-init can be made: ${failed}`;
}
