import { type ChildProcess, execFile, spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { shellQuote } from "@groundplane/contracts";

const run = promisify(execFile);

/** The network of the document. */
export const RACK_PREFIX = "10.220.1";
/** This machine's address in it: a workstation of the document's fleet. */
export const WORKSTATION = `${RACK_PREFIX}.241`;
export const GATEWAY = `${RACK_PREFIX}.1`;
/** A machine that stands in for all that is outside; the gateway says of everything else that it is not reached. */
export const OUTSIDE = "203.0.113.7";

const SWITCH = `set -eu
mount --make-rprivate /
mount -t tmpfs tmpfs /run
ip link set lo up
ip netns add outside
ip link add wan type veth peer name eth0 netns outside
ip address add 203.0.113.1/24 dev wan
ip link set wan up
ip -n outside address add ${OUTSIDE}/24 dev eth0
ip -n outside link set eth0 up
ip -n outside route add default via 203.0.113.1
ip link add lan type bridge
# Rules for what a host routes are not asked about what the switch passes on.
for file in /proc/sys/net/bridge/bridge-nf-call-*; do if [ -e "$file" ]; then echo 0 >"$file"; fi; done
ip link set lan up
ip address add ${GATEWAY}/24 dev lan
ip route add unreachable default
echo 1 >/proc/sys/net/ipv4/ip_forward
echo ready
cat
# What bodies of machines leave, where they could not do it themselves; the kernel is asked again until they are gone.
for try in $(seq 100); do
  left=$(ls -d /sys/fs/cgroup/groundplane-test-rack /sys/fs/cgroup/*/groundplane-test-rack 2>/dev/null || true)
  [ -n "$left" ] || break
  find $left -depth -type d -exec rmdir {} + 2>/dev/null || true
  sleep 0.1
done`;

/**
 * The rack's network: a switch with its gateway in a namespace of its own, in which this machine has a card too. It, and all
 * that hangs on it, is gone when this process ends. One at a time on a machine, as all have the same addresses: the next
 * one waits.
 */
export class RackNetwork {
  readonly #holder: ChildProcess;

  private constructor(holder: ChildProcess) {
    this.#holder = holder;
  }

  static async open(): Promise<RackNetwork> {
    const lock = join(tmpdir(), "groundplane-test-rack.lock");
    const holder = spawn("flock", ["--no-fork", lock, "unshare", "--net", "--mount", "bash", "-c", SWITCH], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const network = new RackNetwork(holder);
    await new Promise<void>((resolve, reject) => {
      holder.once("error", reject);
      holder.once("exit", () => reject(new TypeError("the rack's switch could not be made")));
      holder.stdout.once("data", () => resolve());
    });
    try {
      const card = `gp${process.pid}`;
      await run("ip", [
        "link",
        "add",
        card,
        "type",
        "veth",
        "peer",
        "name",
        "desk",
        "netns",
        `${holder.pid}`,
      ]);
      await network.run("ip link set desk master lan up");
      await run("ip", ["address", "add", `${WORKSTATION}/24`, "dev", card]);
      await run("ip", ["link", "set", card, "up"]);
      return network;
    } catch (error) {
      await network.close();
      throw error;
    }
  }

  /** The command line before a program that is to run on the switch. */
  get enter(): readonly string[] {
    return ["nsenter", "--target", String(this.#holder.pid), "--net", "--mount"];
  }

  /** A path as the switch sees it, where hosts' disks are mounted. */
  path(path: string): string {
    return `/proc/${this.#holder.pid}/root${path}`;
  }

  /** Runs a script on the switch, which is the gateway. */
  async run(script: string): Promise<{ readonly code: number; readonly stdout: string }> {
    const [program = "", ...args] = this.enter;
    const { stdout } = await run(program, [...args, "bash", "-euc", script], { timeout: 120_000 });
    return { code: 0, stdout };
  }

  /** Runs a script on the machine that is outside. */
  outside(script: string): Promise<{ readonly code: number; readonly stdout: string }> {
    return this.run(`ip netns exec outside bash -euc ${shellQuote(script)}`);
  }

  async close(): Promise<void> {
    if (this.#holder.exitCode !== null || this.#holder.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#holder.once("exit", resolve));
    this.#holder.stdin?.end();
    await ended;
  }
}
