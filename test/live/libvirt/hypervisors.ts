import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { freePort } from "../free-port.ts";
import { missingPrograms } from "../missing-programs.ts";
import { newKey } from "../new-key.ts";
import { RACK_PREFIX, RackNetwork } from "./rack-network.ts";

const run = promisify(execFile);
const INIT = join(import.meta.dirname, "hypervisor-init.sh");

/** Debian's packages, by the programs that are looked for. */
const PROGRAMS = {
  libvirtd: "libvirt-daemon-system",
  virsh: "libvirt-clients",
  "qemu-system-x86_64": "qemu-system-x86",
  "qemu-img": "qemu-utils",
  mkisofs: "genisoimage",
  sshd: "openssh-server",
  "ssh-keygen": "openssh-client",
  ip: "iproute2",
  unshare: "util-linux",
  flock: "util-linux",
} as const;

/** No emulator keeps what it writes from others here, as it runs in namespaces already, and there are no control groups. */
const QEMU_CONF = `
user = "root"
group = "root"
security_driver = "none"
namespaces = []
cgroup_controllers = []
remember_owner = 0
stdio_handler = "file"
`;

/** Why no hypervisor can be started here; undefined when it can. */
export async function whyNoHypervisors(): Promise<string | undefined> {
  if (process.platform !== "linux") return "hypervisors are started in Linux's namespaces";
  if (process.getuid?.() !== 0) return "only root may make namespaces with a libvirtd in each";
  const missing = missingPrograms(PROGRAMS);
  if (missing !== undefined) return missing;
  return run("unshare", ["--mount", "--pid", "--uts", "--net", "--fork", "true"]).then(
    () => undefined,
    () => "the kernel gives no namespaces here",
  );
}

/** A real libvirtd with QEMU and an sshd, in namespaces of their own. */
export class TestHypervisor {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** Address of its bridge br0, for guests. */
  readonly bridge: string;
  readonly keys: Keys;
  /** Its folder: what it keeps while it is off. */
  readonly state: string;
  readonly #network: RackNetwork | undefined;
  #process: ChildProcess | undefined;

  constructor(place: {
    readonly name: string;
    readonly address: string;
    readonly port: number;
    readonly bridge: string;
    readonly keys: Keys;
    readonly state: string;
    readonly network: RackNetwork | undefined;
  }) {
    this.name = place.name;
    this.address = place.address;
    this.port = place.port;
    this.bridge = place.bridge;
    this.keys = place.keys;
    this.state = place.state;
    this.#network = place.network;
  }

  /** Of its libvirtd, for a client on this machine. */
  get socket(): string {
    return join(this.state, "run", "libvirt-sock");
  }

  /** Where its volumes are. Its own path for it is `/var/lib/libvirt/images`. */
  get images(): string {
    const path = join(this.state, "lib", "images");
    return this.#network?.path(path) ?? path;
  }

  /** As a client elsewhere reaches it. */
  uri(more: Readonly<Record<string, string>> = {}): string {
    const query = new URLSearchParams({
      keyfile: this.keys.client,
      knownhosts: this.keys.knownHosts,
      sshauth: "privkey",
      ...more,
    });
    return `qemu+ssh://root@${this.address}:${this.port}/system?${decodeURIComponent(query.toString())}`;
  }

  /** Runs virsh beside it, as somebody on the host would. */
  async virsh(...args: readonly string[]): Promise<string> {
    const { stdout } = await run("virsh", ["-q", "-c", `qemu:///system?socket=${this.socket}`, ...args]);
    return stdout.trim();
  }

  /** Names that virsh lists, sorted: `names("list", "--all")`, `names("pool-list", "--all")`. */
  async names(...args: readonly string[]): Promise<readonly string[]> {
    const lines = (await this.virsh(...args, "--name")).split("\n").map((line) => line.trim());
    return lines.filter((line) => line !== "").sort();
  }

  async start(): Promise<void> {
    await rm(join(this.state, "run"), { recursive: true, force: true });
    await mkdir(join(this.state, "run"));
    const flags = ["--mount", "--pid", "--uts", "--fork", "--kill-child=SIGKILL"];
    const place = this.#network?.enter ?? [];
    const racked = this.#network === undefined ? "" : "yes";
    const [program = "", ...args] = [
      ...[...place, "unshare", ...flags],
      ...["bash", INIT, this.state, this.name, this.bridge, racked],
    ];
    const started = spawn(program, args, {
      stdio: ["pipe", "ignore", "pipe"],
      env: { ...process.env, PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin` },
    });
    let said = "";
    started.stderr.on("data", (text: Buffer) => {
      said += text.toString();
    });
    this.#process = started;
    for (const end = Date.now() + 60_000; ; await sleep(50)) {
      if (existsSync(this.socket) && (await this.virsh("version").catch(() => "")) !== "") return;
      if (started.exitCode === null && Date.now() < end) continue;
      const log = await readFile(join(this.state, "libvirtd.log"), "utf8").catch(() => "");
      await this.stop();
      throw new TypeError(`${this.name} did not start: ${said}${log.slice(-2000)}`);
    }
  }

  /** As if its plug were pulled: its disks stay. */
  async stop(): Promise<void> {
    const ending = this.#process;
    this.#process = undefined;
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = new Promise((resolve) => ending.once("exit", resolve));
    ending.stdin?.end();
    // Its first process ends with its input, and takes all others with it.
    const late = setTimeout(() => ending.kill("SIGKILL"), 5_000);
    await ended;
    clearTimeout(late);
  }
}

/** One key pair for all clients, and what the clients know of the hosts. */
export interface Keys {
  /** Path of the private key; `.pub` beside it. */
  readonly client: string;
  readonly knownHosts: string;
}

/** Makes another pair beside the one that the hosts take. */
export function strangersKey(keys: Keys): string {
  const file = `${keys.client}-stranger`;
  if (!existsSync(file)) newKey(file);
  return file;
}

/** What a host says that it has; less is declared nowhere, and more than this machine has is not used. */
export interface Hardware {
  readonly memoryMiB: number;
  readonly vcpus: number;
  /** Of the folder for images. */
  readonly diskGiB: number;
}

interface Place {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** Of br0, with its prefix. */
  readonly bridge: string;
}

/** What whoever logs in sees of a host, in a shell for `sh`: the declared memory and processors. */
async function loginsScript({ memoryMiB, vcpus }: Hardware, state: string): Promise<string> {
  const memory = (await readFile("/proc/meminfo", "utf8")).replace(
    /^MemTotal:.*$/m,
    `MemTotal: ${memoryMiB * 1024} kB`,
  );
  await writeFile(join(state, "meminfo"), memory);
  return `mount --bind ${state}/meminfo /proc/meminfo
mount -t tmpfs processors /sys/devices/system/cpu
echo 0-${vcpus - 1} >/sys/devices/system/cpu/possible
`;
}

async function prepare(
  place: Place,
  root: string,
  keys: Keys,
  network: RackNetwork | undefined,
  hardware: Hardware | undefined,
): Promise<TestHypervisor> {
  const { name, address, port } = place;
  const state = join(root, name);
  for (const part of ["run", "lib/images", "cache", "log"])
    await mkdir(join(state, part), { recursive: true });
  await cp("/etc/libvirt", join(state, "etc"), { recursive: true });
  await rm(join(state, "etc", "qemu"), { recursive: true, force: true });
  await mkdir(join(state, "etc", "qemu"));
  await writeFile(join(state, "etc", "qemu.conf"), QEMU_CONF);
  await writeFile(
    join(state, "logins.sh"),
    hardware === undefined ? "" : await loginsScript(hardware, state),
  );
  // It outlives the host's namespaces, as a disk does a power cut, and takes no more than what is written.
  if (hardware !== undefined)
    await network?.run(`mount -t tmpfs -o size=${hardware.diskGiB}g images ${join(state, "lib/images")}`);
  const hostKey = join(state, "host_key");
  newKey(hostKey);
  await writeFile(
    join(state, "sshd_config"),
    [
      `ListenAddress ${address}:${port}`,
      `HostKey ${hostKey}`,
      `AuthorizedKeysFile ${keys.client}.pub`,
      "PidFile none",
      // The keys lie in a folder for temporary files, whose mode is not sshd's liking.
      "StrictModes no",
      "UsePAM no",
      "UseDNS no",
      "PasswordAuthentication no",
      "",
    ].join("\n"),
  );
  const [type, key] = (await readFile(`${hostKey}.pub`, "utf8")).split(" ");
  const known = port === 22 ? address : `[${address}]:${port}`;
  await writeFile(keys.knownHosts, `${known} ${type} ${key}\n`, { flag: "a" });
  return new TestHypervisor({ ...place, keys, state, network });
}

/** https://libvirt.org/hooks.html */
async function writeHook({ state }: TestHypervisor, hook: string): Promise<void> {
  await mkdir(join(state, "etc", "hooks"), { recursive: true });
  await writeFile(join(state, "etc/hooks/qemu"), `#!/bin/sh\nexec ${hook} '${state}' "$@"\n`, {
    mode: 0o755,
  });
}

export interface TestHypervisors {
  readonly hosts: readonly TestHypervisor[];
  /** Folder for what tests write; deleted with the hosts. */
  readonly scratch: string;
  /** Where they were asked for with one. */
  readonly network: RackNetwork | undefined;
  stop(): Promise<void>;
}

export interface StartOptions {
  /**
   * The hosts get 10.220.1.7 and on, sshd on port 22, in a network with all guests and this machine. One at a time on a
   * machine: the next one waits. @default false
   */
  readonly network?: boolean;
  /** What hosts in the network have, by name. @default - what this machine has */
  readonly hardware?: Readonly<Record<string, Hardware>>;
  /** A hook of libvirt's for domains, as a command line: the host's folder comes behind it. @default - none */
  readonly hook?: string;
}

/** Starts hypervisors, on loopback addresses of their own or in the rack's network; what they leave is deleted by `stop`. */
export async function startHypervisors(
  names: readonly string[],
  { network: wanted = false, hardware = {}, hook }: StartOptions = {},
): Promise<TestHypervisors> {
  const root = await mkdtemp(join(tmpdir(), "gp-libvirt-"));
  const keys = { client: join(root, "client_key"), knownHosts: join(root, "known_hosts") };
  const hosts: TestHypervisor[] = [];
  let network: RackNetwork | undefined;
  const stop = async (): Promise<void> => {
    await Promise.all(hosts.map((host) => host.stop()));
    await network?.close();
    await rm(root, { recursive: true, force: true });
  };
  try {
    if (wanted) network = await RackNetwork.open();
    newKey(keys.client);
    for (const [index, name] of names.entries()) {
      const address = wanted ? `${RACK_PREFIX}.${7 + index}` : `127.0.0.${10 + index}`;
      const port = wanted ? 22 : await freePort();
      const bridge = `${wanted ? address : `${RACK_PREFIX}.${10 + index}`}/24`;
      const host = await prepare({ name, address, port, bridge }, root, keys, network, hardware[name]);
      hosts.push(host);
      if (hook !== undefined) await writeHook(host, hook);
    }
    await Promise.all(hosts.map((host) => host.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  return { hosts, scratch: root, network, stop };
}
