import type { MachineConnection } from "@groundplane/machine";
import type * as pulumi from "@pulumi/pulumi";
import type { AgentHostArgs } from "../agent-host/agent-host-args.ts";
import type { ImageSource } from "../base-image/base-image-args.ts";
import type { Endpoint } from "../connectivity/connectivity.ts";
import type { BackupArgs } from "../disk-backup/disk-backup-args.ts";
import type { HypervisorRef } from "../hypervisor/hypervisor.ts";
import type { FleetPlanArgs } from "./fleet-plan.ts";

/** How machines are set up once they are there: as a user of cloud-init's, who may act as root. */
export interface FleetAdministration {
  /** @format 1 to 32 lower-case letters, digits, `_` and `-` */
  readonly user: string;
  /** Public keys of that user: that of `privateKey`. @format as in `authorized_keys` */
  readonly authorizedKeys: readonly string[];
  /** The private key that machines are set up with, in OpenSSH's format, without a passphrase. A secret. */
  readonly privateKey: pulumi.Input<string>;
  /** Machines' own keys by name, where they are known before. @default - the first that a new machine shows is taken */
  readonly hostKeys?: Readonly<Record<string, MachineConnection["hostKey"]>>;
}

/** What runs on every machine, besides what the fleet knows itself. */
export type FleetAgent = Omit<AgentHostArgs, "connection" | "firewall" | "network">;

export interface FleetArgs extends Omit<FleetPlanArgs, "user"> {
  /** By the host's name in the inventory. One for each host that machines are on. */
  readonly hypervisors: Readonly<Record<string, HypervisorRef>>;
  /** What every machine begins as. */
  readonly image: ImageSource;
  readonly administration: FleetAdministration;
  /**
   * An OpenClaw agent on every machine, with the firewall that the matrix asks for. Its Mattermost is the fleet's, unless it
   * names one. @default - machines alone
   */
  readonly agent?: FleetAgent;
  /**
   * A machine that answers for language models in the fleet's network, such as that of an `InferenceServer`: agents may
   * reach it. What they ask it is `agent.models`. @default - none
   */
  readonly inference?: Endpoint;
  /** Networks from which the fleet is administered, in CIDR form: of people, and of whoever deploys. At least one. */
  readonly workstations: readonly string[];
  /** Host that Mattermost runs on. @default - the one that has it in `used`; without it the matrix has no Mattermost */
  readonly mattermost?: string;
  /** Names are written as `athena.<domain>` too. @default - names alone */
  readonly domain?: string;
  /** The machines' disks are not deleted or replaced before that is taken off. @default false */
  readonly protected?: boolean;
  /** Copies of the machines' disks, made by their hosts. @default - none */
  readonly backup?: BackupArgs;
  /**
   * ufw on the hosts too, with the rules of the matrix: nothing else comes in to them. What they pass on to their guests stays
   * as it is. Not on the host that Mattermost runs on, whose firewall is its own. Each host must be reached over SSH.
   *
   * @default false
   */
  readonly hypervisorFirewall?: boolean;
}
