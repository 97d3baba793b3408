import type { Input } from "@pulumi/pulumi";

/** Takes the key that the machine shows at the first connection, and no other from then on. */
export interface TrustOnFirstUse {
  readonly trustOnFirstUse: {
    /** Why nobody can know the key before: 1 to 256 characters. */
    readonly reason: string;
    /**
     * What names this very machine, such as a VM's instance id. When it changes, another machine answers at the same
     * address: its key is taken anew, and everything is set up again.
     *
     * @default - the address alone
     */
    readonly machineId?: Input<string>;
  };
}

/** How a machine is reached: SSH, with a key, to a host whose own key is known. Anything with these fields is one. */
export interface MachineConnection {
  /** IP address or name. */
  readonly host: Input<string>;
  /** @default 22 */
  readonly port?: Input<number>;
  readonly user: Input<string>;
  /** The private key, in OpenSSH's or PEM format, without a passphrase. It is a secret, whether marked so or not. */
  readonly privateKey: Input<string>;
  /** The machine's public host key, as in `known_hosts`: `ssh-ed25519 AAAA…`. */
  readonly hostKey: Input<string> | TrustOnFirstUse;
}
