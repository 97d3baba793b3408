import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  accessSync,
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SshTarget } from "./ssh/ssh-session.ts";

/** Why no real server can be started here; undefined where it can. */
export function noSshd(): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0)
    return "it needs root on Linux, for namespaces";
  try {
    for (const program of ["/usr/sbin/sshd", "/usr/bin/unshare", "/usr/bin/ssh-keygen", "/usr/bin/sudo"])
      accessSync(program);
    execFileSync("unshare", ["--mount", "--pid", "--fork", "true"], { stdio: "ignore" });
    return undefined;
  } catch (error) {
    return `it needs sshd, ssh-keygen, sudo and unshare: ${error instanceof Error ? error.message : ""}`;
  }
}

export function makeKey(
  folder: string,
  name: string,
  type: string,
): { readonly secret: string; readonly open: string } {
  const path = join(folder, name);
  execFileSync("ssh-keygen", ["-q", "-t", type, "-N", "", "-C", "", "-f", path]);
  return { secret: readFileSync(path, "utf8"), open: readFileSync(`${path}.pub`, "utf8").trim() };
}

/**
 * A real sshd on loopback, in namespaces of its own: it sees a `/var/lib`, a `/run` and accounts that are not the
 * machine's, and everything that is started through it ends with it. `operator` may use sudo, `guest` may not.
 */
export class TestSshd {
  readonly folder: string;
  readonly port: number;
  readonly hostKey: string;
  readonly key: string;
  readonly #hostSecret: string;
  #process: ChildProcess | undefined;

  private constructor(port: number) {
    this.folder = mkdtempSync(join(tmpdir(), "groundplane-sshd-"));
    chmodSync(this.folder, 0o755);
    this.port = port;
    const host = makeKey(this.folder, "host", "ed25519");
    const user = makeKey(this.folder, "user", "ed25519");
    this.#hostSecret = host.secret;
    this.hostKey = host.open;
    this.key = user.secret;
    writeFileSync(join(this.folder, "authorized"), `${user.open}\n`);
    this.#accounts();
  }

  static async start(): Promise<TestSshd> {
    const server = new TestSshd(await freePort());
    await server.up();
    return server;
  }

  /** Lets another key in too. */
  admit(open: string): void {
    writeFileSync(join(this.folder, "authorized"), `${open}\n`, { flag: "a" });
  }

  target(user: "root" | "operator" | "guest" = "root"): SshTarget & { readonly hostKey: string } {
    const { port, key: privateKey, hostKey } = this;
    return { host: "127.0.0.1", port, user, privateKey, hostKey };
  }

  /** @param hostSecret - shows this key instead of its own */
  async up(hostSecret = this.#hostSecret): Promise<void> {
    writeFileSync(join(this.folder, "host"), hostSecret, { mode: 0o600 });
    const config = join(this.folder, "sshd_config");
    const lines = [
      `ListenAddress 127.0.0.1:${this.port}`,
      `HostKey ${join(this.folder, "host")}`,
      `AuthorizedKeysFile ${join(this.folder, "authorized")}`,
      ...["StrictModes no", "UsePAM no", "PermitRootLogin yes", "PasswordAuthentication no", "PidFile none"],
    ];
    writeFileSync(config, `${lines.join("\n")}\n`);
    const mounts = [
      ...["passwd", "shadow", "group"].map((file) => `mount --bind ${this.folder}/etc/${file} /etc/${file}`),
      `mount --bind ${this.folder}/etc/sudoers.d /etc/sudoers.d`,
      `mount --bind ${this.folder}/var-lib /var/lib`,
      "mount -t tmpfs -o mode=755 tmpfs /run",
      "mkdir /run/sshd",
    ];
    const program = `set -e\n${mounts.join("\n")}\nexec /usr/sbin/sshd -D -e -f ${config}`;
    const child = spawn(
      "unshare",
      ["--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", program],
      { stdio: ["ignore", "ignore", "pipe"] },
    );
    this.#process = child;
    await new Promise<void>((resolve, reject) => {
      let said = "";
      child.stderr?.on("data", (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes("Server listening")) resolve();
      });
      child.once("exit", (code) => reject(new TypeError(`sshd ended with ${code}: ${said}`)));
    });
  }

  async down(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  }

  async remove(): Promise<void> {
    await this.down();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #accounts(): void {
    const etc = join(this.folder, "etc");
    mkdirSync(join(etc, "sudoers.d"), { recursive: true });
    mkdirSync(join(this.folder, "var-lib"));
    for (const file of ["passwd", "shadow", "group"]) copyFileSync(`/etc/${file}`, join(etc, file));
    for (const [name, id] of [
      ["operator", 4242],
      ["guest", 4243],
    ] as const) {
      const home = join(this.folder, name);
      mkdirSync(home);
      writeFileSync(join(etc, "passwd"), `${name}:x:${id}:${id}::${home}:/bin/sh\n`, { flag: "a" });
      writeFileSync(join(etc, "group"), `${name}:x:${id}:\n`, { flag: "a" });
      writeFileSync(join(etc, "shadow"), `${name}:*:19000:0:99999:7:::\n`, { flag: "a" });
    }
    writeFileSync(join(etc, "sudoers.d", "operator"), "operator ALL=(ALL) NOPASSWD:ALL\n", { mode: 0o440 });
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
