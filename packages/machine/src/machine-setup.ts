import * as pulumi from "@pulumi/pulumi";
import type { MachineConnection } from "./machine-connection.ts";
import { PLUGIN_VERSION, SETUP_TYPE } from "./plugin-identity.ts";

export interface MachineFile {
  /** Absolute. Folders on the way to it are made where they are missing. */
  readonly path: string;
  /** May be a secret: it travels through SSH's encrypted channel, and the state has it encrypted. */
  readonly content: pulumi.Input<string>;
  /** Octal. @default "0644" */
  readonly mode?: string;
  /** A user of the machine, or a number. @default "root" */
  readonly owner?: string;
  /** A group of the machine, or a number. @default "root" */
  readonly group?: string;
}

export interface MachineSetupArgs {
  readonly connection: MachineConnection;
  /**
   * Written before `setup` runs, each at once or not at all. What was there before is kept on the machine, and put back
   * after `reset` when the file or the resource goes.
   *
   * @default []
   */
  readonly files?: readonly MachineFile[];
  /**
   * POSIX shell that may run again at any time. It runs as root (`sudo -n` where the user is not), at create and
   * whenever `files`, `setup` or `triggers` change or the machine has drifted; one at a time on each machine. Its umask is
   * 022: what others must not read needs a mode of its own.
   *
   * @default - files only
   */
  readonly setup?: pulumi.Input<string>;
  /** Runs at delete, as root: leaves the machine as `setup` found it. @default - files only */
  readonly reset?: pulumi.Input<string>;
  /** Exit code 0: the machine is as it should be. Runs after `setup` too. @default - files only */
  readonly check?: pulumi.Input<string>;
  /** A change of any runs `setup` again. */
  readonly triggers?: Readonly<Record<string, pulumi.Input<string>>>;
  /** How long each script may run. @minimum 1 @maximum 86400 @default 600 */
  readonly timeoutSeconds?: number;
  /** How long a machine that does not answer yet is waited for at create and update. @minimum 1 @maximum 3600 @default 300 */
  readonly connectTimeoutSeconds?: number;
}

/**
 * A machine has these files, and `setup` ran on it. Deleting the resource runs `reset` and puts the files that were there
 * before back. The plugin `groundplane-machine` does it, over SSH.
 *
 * @example
 * const motd = new MachineSetup("motd", {
 *   connection: { host: "10.220.1.50", user: "agent", privateKey: config.requireSecret("sshKey"), hostKey },
 *   files: [{ path: "/etc/motd", content: "Athena\n" }],
 * });
 */
export class MachineSetup extends pulumi.CustomResource {
  /** The machine's key, as in `known_hosts`. */
  declare readonly hostKey: pulumi.Output<string>;
  /**
   * By path: SHA-256 of what the machine has there, in hexadecimal. Of a secret content it is keyed with the private key,
   * so that nobody can guess the content from the state.
   */
  declare readonly fileHashes: pulumi.Output<Readonly<Record<string, string>>>;
  /** Whether the machine answers, the files are as they should be, and `check` says so. */
  declare readonly healthy: pulumi.Output<boolean>;
  /** What is not as it should be, in words. */
  declare readonly problems: pulumi.Output<readonly string[]>;

  constructor(name: string, args: MachineSetupArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { connection, files, ...rest } = args;
    const inputs: pulumi.Inputs = {
      ...rest,
      connection: { ...connection, privateKey: pulumi.secret(connection.privateKey) },
      ...(files === undefined ? {} : { files: [...files] }),
      ...{ hostKey: undefined, fileHashes: undefined, healthy: undefined, problems: undefined },
    };
    super(SETUP_TYPE, name, inputs, { version: PLUGIN_VERSION, ...opts });
  }
}
