import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type RemoteResult, runOverSsh } from "@groundplane/machine";
import { newKey } from "../new-key.ts";

const run = promisify(execFile);

/** What changes by itself, or says only when something was installed. */
const NOISE =
  /^\/(proc|sys|dev|run|tmp|var\/(cache|log|tmp|lib\/(apt|dpkg|systemd|ucf))|etc\/(mtab|hostname|hosts|resolv\.conf|ld\.so\.cache|(passwd|shadow|group|gshadow|subuid|subgid)-?|\.pwd\.lock|ssh\/ssh_host.*|rc\d\.d.*))(\/|$)/;

/**
 * A machine: a whole Debian in namespaces of its own (files, processes, network), with a real sshd, reached through a
 * pair of virtual network cards. It ends, with all that runs in it, when `remove` is called or this process ends.
 */
export class DebianMachine {
  readonly folder: string;
  readonly address: string;
  readonly gateway: string;
  readonly key: string;
  hostKey = "";
  #process: ChildProcess | undefined;

  private constructor(number: number) {
    this.folder = mkdtempSync(join(tmpdir(), "groundplane-machine-"));
    this.gateway = `10.213.${number}.1`;
    this.address = `10.213.${number}.2`;
    this.key = join(this.folder, "key");
  }

  /** @param number - of its network, 1 to 254: no two machines at once may have the same */
  static async start(archive: string, number: number): Promise<DebianMachine> {
    const machine = new DebianMachine(number);
    try {
      await machine.#boot(archive, number);
      return machine;
    } catch (error) {
      await machine.remove();
      throw error;
    }
  }

  get root(): string {
    return join(this.folder, "root");
  }

  get connection() {
    return {
      host: this.address,
      user: "root",
      privateKey: readFileSync(this.key, "utf8"),
      hostKey: this.hostKey,
    };
  }

  async sh(script: string): Promise<RemoteResult> {
    return runOverSsh(this.connection, script);
  }

  /** Every file with its kind, mode, owner, and content or target; but what changes by itself. */
  files(): ReadonlyMap<string, string> {
    const found = new Map<string, string>();
    const visit = (path: string) => {
      for (const name of readdirSync(join(this.root, path))) {
        const inner = `${path}/${name}`;
        if (NOISE.test(inner)) continue;
        const stat = lstatSync(join(this.root, inner));
        const content = stat.isSymbolicLink()
          ? readlinkSync(join(this.root, inner))
          : stat.isFile()
            ? createHash("sha256")
                .update(readFileSync(join(this.root, inner)))
                .digest("hex")
            : "";
        found.set(inner, `${stat.mode.toString(8)} ${stat.uid}:${stat.gid} ${content}`);
        if (stat.isDirectory()) visit(inner);
      }
    };
    visit("");
    return found;
  }

  async remove(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child !== undefined && child.exitCode === null) {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async #boot(archive: string, number: number): Promise<void> {
    mkdirSync(this.root);
    await run("tar", ["-xf", archive, "-C", this.root], { maxBuffer: 64 * 1024 * 1024 });
    newKey(this.key);
    mkdirSync(join(this.root, "root/.ssh"), { recursive: true, mode: 0o700 });
    writeFileSync(join(this.root, "root/.ssh/authorized_keys"), readFileSync(`${this.key}.pub`), {
      mode: 0o600,
    });
    const [type = "", blob = ""] = readFileSync(
      join(this.root, "etc/ssh/ssh_host_ed25519_key.pub"),
      "utf8",
    ).split(" ");
    this.hostKey = `${type} ${blob}`;
    appendFileSync(join(this.root, "etc/ssh/sshd_config"), "UseDNS no\n");
    const init = [
      "set -e",
      `mount --bind "${this.root}" "${this.root}"`,
      `cd "${this.root}"`,
      "mount -t proc proc proc",
      "mount -t sysfs -o ro sysfs sys",
      "mount -t tmpfs -o mode=755 tmpfs run",
      "mount -t tmpfs -o mode=755 tmpfs dev",
      "for device in null zero full random urandom tty; do touch dev/$device; mount --bind /dev/$device dev/$device; done",
      "ln -s /proc/self/fd dev/fd",
      "mkdir run/sshd run/lock",
      // The network card comes from outside.
      "ip link set lo up",
      "until ip link show inside >/dev/null 2>&1; do sleep 0.05; done",
      `ip address add ${this.address}/30 dev inside`,
      "ip link set inside up",
      "exec chroot . /usr/sbin/sshd -D -e",
    ];
    const flags = [
      "--mount",
      "--pid",
      "--net",
      "--uts",
      "--ipc",
      "--fork",
      "--kill-child",
      "sh",
      "-c",
      init.join("\n"),
    ];
    const child = spawn("unshare", flags, { stdio: ["ignore", "ignore", "pipe"] });
    this.#process = child;
    let said = "";
    const listening = new Promise<void>((resolve, reject) => {
      child.stderr?.on("data", (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes("Server listening on 0.0.0.0")) resolve();
      });
      child.once("exit", (code) => reject(new TypeError(`the machine ended with ${code}: ${said}`)));
    });
    listening.catch(() => undefined);
    const outside = `gpm${number}`;
    // The namespace is there as soon as unshare has its child.
    const pid = await childOf(child.pid ?? 0);
    await run("ip", ["link", "add", outside, "type", "veth", "peer", "name", "inside", "netns", String(pid)]);
    await run("ip", ["address", "add", `${this.gateway}/30`, "dev", outside]);
    await run("ip", ["link", "set", outside, "up"]);
    await listening;
  }
}

async function childOf(pid: number): Promise<number> {
  for (let waited = 0; waited < 100; waited++) {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    if (children !== "") return Number(children.split(" ")[0]);
    await new Promise((go) => setTimeout(go, 20));
  }
  throw new TypeError("unshare started nothing");
}
