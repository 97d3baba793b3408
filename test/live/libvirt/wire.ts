import { type ChildProcess, execFile, spawn } from "node:child_process";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Passes on what comes to port 22 through a socket's file, which ends outside of the namespace. */
const RELAY = `const net = require("node:net");
net.createServer((near) => {
  const far = net.connect(process.argv[1]);
  const end = () => [near, far].map((one) => one.destroy());
  near.on("error", end).pipe(far).on("error", end).pipe(near);
}).listen(22, () => console.log("ready"));
process.stdin.resume().on("end", () => process.exit());`;

/**
 * A card of this machine whose wire leads to a host's sshd, and can be cut: what is sent is lost then, and nobody is told. Its
 * other end is in a namespace that lives as long as this process.
 */
export class Wire {
  /** Where sshd is found at port 22. */
  readonly address: string;
  readonly #relay: ChildProcess;
  readonly #end: Server;

  private constructor(address: string, relay: ChildProcess, end: Server) {
    this.address = address;
    this.#relay = relay;
    this.#end = end;
  }

  static async open(to: { readonly address: string; readonly port: number }, scratch: string): Promise<Wire> {
    const socket = join(scratch, "wire");
    const end = createServer((near) => {
      const far = connect(to.port, to.address);
      const both = () => [near, far].map((one) => one.destroy());
      near.on("error", both).pipe(far).on("error", both).pipe(near);
    });
    await new Promise<void>((resolve) => end.listen(socket, resolve));
    const relay = spawn("unshare", ["--net", process.execPath, "-e", RELAY, socket], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    // A network of four addresses, of those that RFC 2544 keeps for such tests.
    const block = (process.pid % 16_384) * 4;
    const place = `198.18.${block >> 8}`;
    const wire = new Wire(`${place}.${(block & 255) + 2}`, relay, end);
    try {
      await new Promise<void>((resolve, reject) => {
        relay.once("error", reject);
        relay.once("exit", () => reject(new TypeError("a network namespace could not be made")));
        relay.stdout.once("data", () => resolve());
      });
      const card = `gpw${process.pid}`;
      const pair = ["type", "veth", "peer", "name", "far", "netns", `${relay.pid}`];
      await run("ip", ["link", "add", card, ...pair]);
      await run("ip", ["address", "add", `${place}.${(block & 255) + 1}/30`, "dev", card]);
      await run("ip", ["link", "set", card, "up"]);
      await wire.#far("address", "add", `${wire.address}/30`, "dev", "far");
      await wire.mend();
      return wire;
    } catch (error) {
      await wire.close();
      throw error;
    }
  }

  async #far(...args: readonly string[]): Promise<void> {
    await run("nsenter", ["--target", `${this.#relay.pid}`, "--net", "ip", ...args]);
  }

  cut(): Promise<void> {
    return this.#far("link", "set", "far", "down");
  }

  mend(): Promise<void> {
    return this.#far("link", "set", "far", "up");
  }

  async close(): Promise<void> {
    this.#end.close();
    if (this.#relay.exitCode !== null || this.#relay.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#relay.once("exit", resolve));
    this.#relay.stdin?.end();
    await ended;
  }
}
