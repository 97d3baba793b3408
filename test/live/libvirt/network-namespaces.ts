import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import type { PlainConnection } from "@groundplane/machine";
import { missingPrograms } from "../missing-programs.ts";
import { newKey } from "../new-key.ts";

const run = promisify(execFile);

/** Why there can be none on this machine; undefined where there can. */
export function namespacesMissing(): string | undefined {
  if (process.getuid?.() !== 0) return "network namespaces need root";
  return missingPrograms({
    ...{ unshare: "util-linux", nsenter: "util-linux", ip: "iproute2", ufw: "ufw", iptables: "iptables" },
    ...{ nc: "netcat-openbsd", sshd: "openssh-server", "ssh-keygen": "openssh-client" },
  });
}

/** Lives as long as its input is open: when this process dies, however it does, so does the namespace. */
async function openNamespace(): Promise<ChildProcess> {
  const holder = spawn("unshare", ["--net", "--mount", "sh", "-c", "echo ready; exec cat"], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  await new Promise<void>((resolve, reject) => {
    holder.once("error", reject);
    holder.once("exit", () => reject(new TypeError("a network namespace could not be made")));
    holder.stdout?.once("data", () => resolve());
  });
  return holder;
}

interface Machine {
  readonly name: string;
  readonly address: string;
}

/**
 * Machines as network and mount namespaces of their own, with real cards, on one bridge that is in a namespace too. The
 * machine's own network and files are not touched, and nothing has to be cleaned up.
 */
export class NetworkNamespaces {
  readonly #holders = new Map<string, ChildProcess>();
  readonly #services: ChildProcess[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), "groundplane-namespaces-"));
  readonly #key: string;

  private constructor() {
    this.#key = newKey(join(this.#folder, "key")).secret;
  }

  static async open(machines: readonly Machine[]): Promise<NetworkNamespaces> {
    const network = new NetworkNamespaces();
    try {
      network.#holders.set("switch", await openNamespace());
      await network.#run("switch", "ip link add lan type bridge; ip link set lan up");
      for (const [index, machine] of machines.entries()) await network.#attach(machine, index);
    } catch (error) {
      network.close();
      throw error;
    }
    return network;
  }

  async #attach({ address }: Machine, index: number): Promise<void> {
    const holder = await openNamespace();
    this.#holders.set(address, holder);
    await this.#run(
      "switch",
      `ip link add port${index} type veth peer name eth0 netns ${holder.pid}; ip link set port${index} master lan up`,
    );
    // Everything is on the link, so that an address outside of the network needs no router.
    await this.run(
      address,
      [
        `ip link set lo up; ip address add ${address}/32 dev eth0; ip link set eth0 up; ip route add default dev eth0`,
        "mount -t tmpfs -o mode=755 none /run; mkdir /run/sshd",
      ].join("\n"),
    );
  }

  /** Runs a script for `sh` on a machine. */
  run(address: string, script: string): Promise<{ readonly code: number; readonly stdout: string }> {
    return this.#run(address, script);
  }

  async #run(key: string, script: string): Promise<{ readonly code: number; readonly stdout: string }> {
    const { stdout } = await run("nsenter", [...this.#enter(key), "sh", "-euc", script], {
      timeout: 120_000,
    });
    return { code: 0, stdout };
  }

  /** Starts a real sshd on a machine, with a key of its own, and says how root logs in. */
  async sshd(address: string): Promise<PlainConnection> {
    const { open } = newKey(join(this.#folder, address));
    const config = join(this.#folder, `${address}.conf`);
    const lines = [
      `HostKey ${join(this.#folder, address)}`,
      `AuthorizedKeysFile ${join(this.#folder, "key.pub")}`,
      ...["StrictModes no", "UsePAM no", "PermitRootLogin yes", "PasswordAuthentication no", "PidFile none"],
    ];
    writeFileSync(config, `${lines.join("\n")}\n`);
    const args = [...this.#enter(address), "/usr/sbin/sshd", "-D", "-f", config];
    this.#services.push(spawn("nsenter", args, { stdio: "ignore" }));
    await this.#waitForListeners(address, 1);
    return { host: address, user: "root", privateKey: this.#key, hostKey: open };
  }

  /** A command `sops` that stands in for the real one: the key that logs in is in its file, under a name. */
  sops(field: string): { readonly path: string; readonly key: string } {
    const text = JSON.stringify({ [field]: this.#key });
    writeFileSync(join(this.#folder, "sops"), `#!/bin/sh\ncat <<'END'\n${text}\nEND\n`, { mode: 0o755 });
    return { path: `${this.#folder}${delimiter}${process.env["PATH"]}`, key: this.#key };
  }

  /** Runs a program of Node on a machine, with a value for it, and returns the value that it says. */
  async node(
    address: string,
    program: string,
    input: unknown,
    env: NodeJS.ProcessEnv = {},
  ): Promise<unknown> {
    const args = [...this.#enter(address), process.execPath, program];
    const options = { timeout: 240_000, maxBuffer: 64 << 20, env: { ...process.env, ...env } };
    const child = run("nsenter", args, options);
    child.child.stdin?.end(JSON.stringify(input));
    return JSON.parse((await child).stdout);
  }

  /** Has something listen on these ports, on all addresses. */
  async listen(address: string, ports: readonly number[]): Promise<void> {
    for (const port of ports) {
      const args = [...this.#enter(address), "nc", "-lk", "0.0.0.0", String(port)];
      this.#services.push(spawn("nsenter", args, { stdio: ["pipe", "ignore", "ignore"] }));
    }
    await this.#waitForListeners(address, ports.length);
  }

  async #waitForListeners(address: string, count: number): Promise<void> {
    const listening = `for try in $(seq 200); do
      [ "$(ss -Hltn4 | wc -l)" -ge ${count} ] && exit 0
      sleep 0.05
    done; exit 1`;
    await this.run(address, listening);
  }

  #enter(key: string): readonly string[] {
    const pid = this.#holders.get(key)?.pid;
    if (pid === undefined) throw new TypeError(`no namespace is at ${key}`);
    return ["--target", String(pid), "--net", "--mount"];
  }

  /** Ends what this object started; with the last process in it each namespace is gone. */
  close(): void {
    for (const process of [...this.#services, ...this.#holders.values()]) process.kill("SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
