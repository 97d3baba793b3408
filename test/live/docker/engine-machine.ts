import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { newKey } from "../new-key.ts";
import type { TestImages } from "./engine-images.ts";

/** Of the machine that the namespaces are; people reach Mattermost and sshd there. */
export const ADDRESS = "10.220.1.10";
/** Of the engine's containers; the test removes it. */
export const cgroupOf = (folder: string): string => basename(folder);

/** Runs a script, and waits for its end. */
export function sh(script: string, env: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync("sh", ["-c", script], {
    encoding: "utf8",
    env: { ...process.env, ...env },
    timeout: 300_000,
    maxBuffer: 64 << 20,
  });
  return { status, stdout: stdout.trim(), stderr: stderr.trim() };
}

/** Runs a script that must succeed. */
export function must(script: string): string {
  const { status, stdout, stderr } = sh(script);
  if (status !== 0) throw new TypeError(`${script.slice(0, 200)}\nended with ${status}: ${stderr}`);
  return stdout;
}

/** No systemd runs here: what it would start is started, and what it is asked about is so. */
const SYSTEMCTL = `#!/bin/sh
case "$1" in
  start | restart) unit=$2; sed -n 's/^ExecStart=//p' "/etc/systemd/system/$unit" | sh -e ;;
  disable) for unit; do :; done
    stop=$(sed -n 's/^ExecStop=//p' "/etc/systemd/system/$unit"); [ -z "$stop" ] || sh -ec "$stop" ;;
esac
`;

/**
 * Makes of these namespaces a machine of its own: what is written to `/etc`, `/opt` and `/run` is gone with them. Two others
 * are on its network: `client` on that which is let in, `outsider` on another.
 */
export function makeMachine(folder: string): void {
  must(`mount --make-rprivate /
    mkdir ${folder}/etc
    mount -t tmpfs none ${folder}/etc
    cp -a /etc/. ${folder}/etc/
    mount --move ${folder}/etc /etc
    # bash would read what root's own shells begin with, which may wait for who knows what.
    sed -i '/^root:/s#[^:]*$#/bin/sh#' /etc/passwd
    # Of this network, and of no bridge of another; the engine needs the cgroups as they are.
    mkdir ${folder}/sys
    mount -t sysfs none ${folder}/sys
    mount --rbind /sys/fs/cgroup ${folder}/sys/fs/cgroup
    mount --move ${folder}/sys /sys
    mount -t tmpfs none /run
    mount -t tmpfs -o size=8g none /opt
    mkdir -p /etc/systemd/system /run/netns /run/sshd
    ip link set lo up
    echo 1 > /proc/sys/net/ipv4/ip_forward
    attach() {
      ip netns add $2; ip -n $2 link set lo up
      ip link add $1 type veth peer name eth0 netns $2
      ip addr add $3 dev $1; ip link set $1 up
      ip -n $2 addr add $4 dev eth0; ip -n $2 link set eth0 up
      ip -n $2 route add default via \${3%/*}
    }
    attach c0 client ${ADDRESS}/24 10.220.1.50/24
    attach o0 outsider 192.0.2.1/24 192.0.2.5/24`);
  mkdirSync(join(folder, "path"));
  writeFileSync(join(folder, "path/systemctl"), SYSTEMCTL, { mode: 0o755 });
  process.env["PATH"] = `${join(folder, "path")}:${process.env["PATH"]}`;
}

/** A real sshd that lets root in. */
export function startSshd(folder: string) {
  const [host, user] = [newKey(join(folder, "host")), newKey(join(folder, "user"))];
  const config = [
    `ListenAddress ${ADDRESS}:22`,
    `HostKey ${join(folder, "host")}`,
    `AuthorizedKeysFile ${join(folder, "user.pub")}`,
    "PermitRootLogin prohibit-password",
    "StrictModes no",
    "UsePAM no",
    "UseDNS no",
    "PidFile none",
  ];
  writeFileSync(join(folder, "sshd_config"), `${config.join("\n")}\n`);
  // It starts itself anew for each connection, by its whole path.
  must(`$(command -v sshd) -f ${join(folder, "sshd_config")}`);
  return { host: ADDRESS, user: "root", privateKey: user.secret, hostKey: host.open };
}

export async function startEngine(folder: string): Promise<ChildProcess> {
  const log = join(folder, "engine.log");
  const engine = spawn(
    "sh",
    [
      "-c",
      `exec dockerd --data-root ${folder}/root --exec-root ${folder}/exec --pidfile ${folder}/pid -H unix:///run/docker.sock --cgroup-parent /${cgroupOf(folder)} --log-level warn > ${log} 2>&1`,
    ],
    { stdio: "ignore" },
  );
  for (let tries = 0; tries < 300 && engine.exitCode === null; tries += 1) {
    if (sh("docker info").status === 0) return engine;
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new TypeError(`no engine: ${readFileSync(log, "utf8").slice(-2000)}`);
}

const imagesSchema = z.object({
  postgres: z.custom<TestImages["postgres"]>(),
  mattermost: z.custom<TestImages["mattermost"]>(),
  nextMattermost: z.custom<TestImages["mattermost"]>(),
});

export async function startRegistry(
  folder: string,
): Promise<{ readonly images: TestImages; readonly registry: ChildProcess }> {
  const program = fileURLToPath(new URL("image-registry.worker.ts", import.meta.url));
  const registry = spawn(process.execPath, [program, folder], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(registry.stdout, "data");
  return { images: imagesSchema.parse(JSON.parse(String(line))), registry };
}
