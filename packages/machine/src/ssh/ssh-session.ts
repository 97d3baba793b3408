import { GroundplaneError, isGroundplaneError } from "@groundplane/contracts";
import { Client, type ClientChannel } from "ssh2";
import { fingerprint, formatHostKey, hostKeyAlgorithms, parseHostKey, sameHostKey } from "./host-key.ts";

/** How long one attempt may take until the machine has let us in. */
const ATTEMPT_MS = 20_000;
const RETRY_MS = 2_000;
const KEEPALIVE_MS = 15_000;

export interface SshTarget {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly privateKey: string;
  /** As in `known_hosts`; undefined takes whatever key the machine shows. */
  readonly hostKey: string | undefined;
}

export interface SshResult {
  /** 128 and the signal's number, as a shell has it, where a signal ended it. */
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

export interface ConnectOptions {
  /** How long to go on trying while nothing answers. A refused key is final. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** An authenticated connection to a machine whose key was compared. */
export class SshSession {
  readonly #client: Client;
  readonly #where: string;
  /** The key that the machine showed, as in `known_hosts`. */
  readonly hostKey: string;

  private constructor(client: Client, where: string, hostKey: string) {
    this.#client = client;
    this.#where = where;
    this.hostKey = hostKey;
  }

  /**
   * @throws {MACHINE_UNREACHABLE} nothing answers as SSH in the time given
   * @throws {MACHINE_REFUSED} the machine has another key than the one that is known, or it refuses ours
   */
  static async connect(target: SshTarget, { timeoutMs, signal }: ConnectOptions): Promise<SshSession> {
    const until = performance.now() + timeoutMs;
    for (;;) {
      const left = until - performance.now();
      try {
        return await SshSession.#attempt(target, Math.max(1_000, Math.min(ATTEMPT_MS, left)), signal);
      } catch (error) {
        const final = isGroundplaneError(error) && error.code !== "MACHINE_UNREACHABLE";
        if (final || signal?.aborted === true || until - performance.now() < RETRY_MS) throw error;
      }
      await pause(RETRY_MS, signal);
    }
  }

  static #attempt(
    target: SshTarget,
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ): Promise<SshSession> {
    const where = `${target.host}:${target.port}`;
    const pinned = target.hostKey === undefined ? undefined : parseHostKey(target.hostKey);
    if (target.hostKey !== undefined && pinned === undefined)
      throw refused("the known host key is none: give it as in known_hosts, `ssh-ed25519 AAAA…`", where);
    return new Promise((resolve, reject) => {
      const client = new Client();
      let shown: Buffer | undefined;
      const fail = (error: GroundplaneError) => {
        signal?.removeEventListener("abort", abort);
        client.on("error", () => undefined);
        client.destroy();
        reject(error);
      };
      const abort = () => fail(unreachable("the run was cancelled", where));
      signal?.addEventListener("abort", abort);
      if (signal?.aborted === true) return abort();
      client.once("ready", () => {
        signal?.removeEventListener("abort", abort);
        // A broken connection shows at the command that runs on it.
        client.on("error", () => undefined);
        resolve(new SshSession(client, where, formatHostKey(shown ?? Buffer.alloc(0))));
      });
      client.once("error", (error) =>
        fail(connectError(error, { target, where, shown, pinned: pinned?.blob })),
      );
      client.once("close", () => fail(unreachable("it closed the connection", where)));
      try {
        client.connect({
          ...{ host: target.host, port: target.port, username: target.user, privateKey: target.privateKey },
          ...{ readyTimeout: timeoutMs, keepaliveInterval: KEEPALIVE_MS, keepaliveCountMax: 4 },
          ...{ agentForward: false, tryKeyboard: false, authHandler: ["publickey"] },
          algorithms: { serverHostKey: hostKeyAlgorithms(pinned) },
          hostVerifier: (key: Buffer) => {
            shown = key;
            return pinned === undefined || sameHostKey(key, pinned.blob);
          },
        });
      } catch {
        // ssh2 throws for a private key that it cannot read; its words may quote the key.
        fail(refused("privateKey is no OpenSSH or PEM private key without a passphrase", where));
      }
    });
  }

  /**
   * Runs a command line of the machine's shell. Its standard input stays open after `input` until the command ends: a
   * program on the other side that sees it close knows that nobody waits any more.
   *
   * @throws {MACHINE_UNREACHABLE} the connection broke, or `deadlineMs` passed, or the run was cancelled
   */
  exec(
    command: string,
    options: {
      readonly input?: Buffer;
      readonly deadlineMs: number;
      readonly signal?: AbortSignal | undefined;
    },
  ): Promise<SshResult> {
    return new Promise((resolve, reject) => {
      let settled = false;
      const settle = (end: () => void) => {
        if (settled) return;
        settled = true;
        clearTimeout(timer);
        options.signal?.removeEventListener("abort", cancel);
        this.#client.removeListener("close", lost);
        end();
      };
      const fail = (problem: string) =>
        settle(() => {
          this.#client.destroy();
          reject(unreachable(problem, this.#where));
        });
      const cancel = () => fail("the run was cancelled");
      const lost = () => fail("the connection broke off");
      const timer = setTimeout(
        () => fail(`a command did not end in ${Math.round(options.deadlineMs / 1000)} s`),
        options.deadlineMs,
      );
      options.signal?.addEventListener("abort", cancel);
      this.#client.once("close", lost);
      if (options.signal?.aborted === true) return cancel();
      try {
        this.#client.exec(command, (error, channel) => {
          if (error !== undefined) return fail(`no command can be run: ${error.message}`);
          if (settled) return channel.close();
          collect(channel, (result) => settle(() => resolve(result)));
          if (options.input !== undefined) channel.write(options.input);
        });
      } catch {
        // ssh2 throws where the connection has broken off before.
        lost();
      }
    });
  }

  end(): void {
    this.#client.end();
  }
}

/** Signals that end a program, by number (signal(7)). */
const SIGNALS: Readonly<Record<string, number>> = { HUP: 1, INT: 2, KILL: 9, PIPE: 13, TERM: 15 };

function collect(channel: ClientChannel, done: (result: SshResult) => void): void {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  let code = 255;
  channel.on("data", (chunk: Buffer) => stdout.push(chunk));
  channel.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  channel.on("exit", (exit: number | null, signal?: string) => {
    code = exit ?? 128 + (SIGNALS[(signal ?? "").replace(/^SIG/, "")] ?? 127);
  });
  channel.on("error", () => undefined);
  channel.on("close", () => done({ code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) }));
}

interface Attempt {
  readonly target: SshTarget;
  readonly where: string;
  readonly shown: Buffer | undefined;
  readonly pinned: Buffer | undefined;
}

function connectError(error: Error & { level?: string }, attempt: Attempt): GroundplaneError {
  const { target, where, shown, pinned } = attempt;
  if (shown !== undefined && pinned !== undefined && !sameHostKey(shown, pinned))
    return refused(
      `its host key is ${fingerprint(shown)}, and not ${fingerprint(pinned)} as is known: it is another machine, or somebody is in between; when the machine was made anew, give its new hostKey`,
      where,
    );
  if (error.level === "client-authentication")
    return refused(
      `it refuses the private key for the user "${target.user}": put the public key into its authorized_keys`,
      where,
    );
  if (/no matching host key format/i.test(error.message))
    return refused("it has no host key of the known one's kind; give its hostKey as it is now", where);
  return unreachable(error.message, where);
}

function refused(problem: string, where: string): GroundplaneError {
  return new GroundplaneError("MACHINE_REFUSED", `${where}: ${problem}`, { facts: { machine: where } });
}

function unreachable(problem: string, where: string): GroundplaneError {
  return new GroundplaneError(
    "MACHINE_UNREACHABLE",
    `${where} cannot be reached over SSH: ${problem}; see that it is up and that port is open from here`,
    { facts: { machine: where } },
  );
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener("abort", end);
  });
}
