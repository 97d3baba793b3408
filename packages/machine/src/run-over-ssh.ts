import { checkWhole, invalidArgument } from "@groundplane/contracts";
import { runScript } from "./remote/run-script.ts";
import { SessionSlots } from "./ssh/session-slots.ts";
import { SshSession } from "./ssh/ssh-session.ts";

/** A `MachineConnection` whose values are known. */
export interface PlainConnection {
  readonly host: string;
  /** @default 22 */
  readonly port?: number;
  readonly user: string;
  readonly privateKey: string;
  /** As in `known_hosts`. A check connects to machines that are known: there is no trust on first use. */
  readonly hostKey: string;
}

export interface RunOverSshOptions {
  /** How long the script may run. @minimum 1 @maximum 86400 @default 60 */
  readonly timeoutSeconds?: number;
  /** How long a machine that does not answer is waited for. @minimum 1 @maximum 3600 @default 15 */
  readonly connectTimeoutSeconds?: number;
  /** Runs as root, with `sudo -n` where the user is not. @default false */
  readonly asRoot?: boolean;
  readonly signal?: AbortSignal;
}

export interface RemoteResult {
  /** 124 where the time ran out. */
  readonly code: number;
  /** The last MiB. */
  readonly stdout: string;
  /** The last MiB. */
  readonly stderr: string;
}

const slots = new SessionSlots();

/**
 * Runs a script in POSIX shell on a machine, and changes nothing by itself.
 *
 * @throws {INVALID_ARGUMENT} a number is out of its bounds
 * @throws {MACHINE_UNREACHABLE} nothing answers, or the connection breaks
 * @throws {MACHINE_REFUSED} the machine's key is another one, or it refuses ours
 */
export async function runOverSsh(
  connection: PlainConnection,
  script: string,
  options: RunOverSshOptions = {},
): Promise<RemoteResult> {
  const { timeoutSeconds = 60, connectTimeoutSeconds = 15, signal } = options;
  checkWhole("timeoutSeconds", timeoutSeconds, 1, 86_400);
  checkWhole("connectTimeoutSeconds", connectTimeoutSeconds, 1, 3_600);
  if (connection.hostKey === "")
    throw invalidArgument("hostKey is empty; give the machine's key as in known_hosts");
  const target = { ...connection, port: connection.port ?? 22 };
  return slots.use(`${target.host}:${target.port}`, async () => {
    const session = await SshSession.connect(target, { timeoutMs: connectTimeoutSeconds * 1000, signal });
    try {
      const { code, stdout, stderr } = await runScript(session, script, {
        timeoutSeconds,
        root: options.asRoot === true && connection.user !== "root" ? "sudo" : "as-is",
        signal,
      });
      return { code, stdout, stderr };
    } finally {
      session.end();
    }
  });
}
