import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { freePort } from "../free-port.ts";

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
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  const missing = Object.entries(PROGRAMS).filter(
    ([program]) => !folders.some((folder) => existsSync(join(folder, program))),
  );
  if (missing.length > 0)
    return `not installed: ${missing.map(([program, pack]) => `${program} (${pack})`).join(", ")}`;
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
  readonly #state: string;
  readonly #rack: string;
  #process: ChildProcess | undefined;

  constructor(place: {
    readonly name: string;
    readonly address: string;
    readonly port: number;
    readonly bridge: string;
    readonly keys: Keys;
    readonly state: string;
    readonly rack: string;
  }) {
    this.name = place.name;
    this.address = place.address;
    this.port = place.port;
    this.bridge = place.bridge;
    this.keys = place.keys;
    this.#state = place.state;
    this.#rack = place.rack;
  }

  /** Of its libvirtd, for a client on this machine. */
  get socket(): string {
    return join(this.#state, "run", "libvirt-sock");
  }

  /** Where its volumes are. Its own path for it is `/var/lib/libvirt/images`. */
  get images(): string {
    return join(this.#state, "lib", "images");
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
    await rm(join(this.#state, "run"), { recursive: true, force: true });
    await mkdir(join(this.#state, "run"));
    const flags = ["--mount", "--pid", "--uts", "--fork", "--kill-child=SIGKILL"];
    const started = spawn(
      "unshare",
      [...flags, "bash", INIT, this.#state, this.name, this.bridge, this.#rack],
      {
        stdio: ["pipe", "ignore", "pipe"],
        env: { ...process.env, PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin` },
      },
    );
    let said = "";
    started.stderr.on("data", (text: Buffer) => {
      said += text.toString();
    });
    this.#process = started;
    for (const end = Date.now() + 60_000; ; await sleep(50)) {
      if (existsSync(this.socket) && (await this.virsh("version").catch(() => "")) !== "") return;
      if (started.exitCode === null && Date.now() < end) continue;
      const log = await readFile(join(this.#state, "libvirtd.log"), "utf8").catch(() => "");
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

async function newKey(file: string): Promise<void> {
  await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", file]);
}

/** Makes another pair beside the one that the hosts take. */
export async function strangersKey(keys: Keys): Promise<string> {
  const file = `${keys.client}-stranger`;
  if (!existsSync(file)) await newKey(file);
  return file;
}

async function prepare(
  name: string,
  root: string,
  keys: Keys,
  rack: string,
  index: number,
): Promise<TestHypervisor> {
  const state = join(root, name);
  for (const part of ["run", "lib/images", "cache", "log"])
    await mkdir(join(state, part), { recursive: true });
  await cp("/etc/libvirt", join(state, "etc"), { recursive: true });
  await rm(join(state, "etc", "qemu"), { recursive: true, force: true });
  await mkdir(join(state, "etc", "qemu"));
  await writeFile(join(state, "etc", "qemu.conf"), QEMU_CONF);
  const hostKey = join(state, "host_key");
  await newKey(hostKey);
  const address = `127.0.0.${10 + index}`;
  const port = await freePort();
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
      "PasswordAuthentication no",
      "",
    ].join("\n"),
  );
  const [type, key] = (await readFile(`${hostKey}.pub`, "utf8")).split(" ");
  await writeFile(keys.knownHosts, `[${address}]:${port} ${type} ${key}\n`, { flag: "a" });
  return new TestHypervisor({
    ...{ name, address, port, keys, state, rack },
    bridge: `10.220.1.${10 + index}/24`,
  });
}

export interface TestHypervisors {
  readonly hosts: readonly TestHypervisor[];
  /** Folder for what tests write; deleted with the hosts. */
  readonly scratch: string;
  stop(): Promise<void>;
}

/**
 * Starts them on loopback addresses of their own; what they leave is deleted by `stop`.
 *
 * @param network The machine gets 10.220.1.1 in a network with all guests. One at a time. @default false
 */
export async function startHypervisors(
  names: readonly string[],
  { network = false }: { readonly network?: boolean } = {},
): Promise<TestHypervisors> {
  const root = await mkdtemp(join(tmpdir(), "gp-libvirt-"));
  const keys = { client: join(root, "client_key"), knownHosts: join(root, "known_hosts") };
  const hosts: TestHypervisor[] = [];
  // A network device's name has at most 15 characters, with the host's name behind it.
  const rack = network ? `gp${process.pid}` : "";
  const stop = async (): Promise<void> => {
    await Promise.all(hosts.map((host) => host.stop()));
    await rm(root, { recursive: true, force: true });
  };
  try {
    await newKey(keys.client);
    for (const [index, name] of names.entries()) hosts.push(await prepare(name, root, keys, rack, index));
    await Promise.all(hosts.map((host) => host.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  return { hosts, scratch: root, stop };
}
