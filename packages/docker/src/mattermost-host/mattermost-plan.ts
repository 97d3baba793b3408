import { checkWhole, invalidArgument } from "@groundplane/contracts";
import type { ComposeUser } from "../compose/compose-service.ts";
import { type HardenedComposeFile, hardenedCompose } from "../compose/hardened-compose.ts";
import type { PinnedImage } from "../image/image-reference.ts";
import { type PlannedSetup, planPublishedPorts } from "../published-ports/published-ports.ts";
import {
  type MattermostAdmin,
  type MattermostBot,
  type MattermostTeam,
  planAccounts,
  tokenPath,
} from "./mattermost-accounts.ts";
import { type MattermostBackup, planBackup } from "./mattermost-backup.ts";
import { mattermostCompose, POSTGRES_USER, type ServiceLimits } from "./mattermost-compose.ts";

/** What a Mattermost is made of, without its secrets and its machine. */
export interface MattermostOptions {
  /** IPv4 address by which its people reach it. */
  readonly address: string;
  /**
   * Mattermost Team Edition 9.5 and PostgreSQL 13, by digest: `docker buildx imagetools inspect postgres:13` shows the
   * one of today.
   */
  readonly images: { readonly mattermost: PinnedImage; readonly postgres: PinnedImage };
  /** The first account. */
  readonly admin: MattermostAdmin;
  /** Networks that may open Mattermost. @format IPv4 CIDR */
  readonly allowedNetworks: readonly string[];
  /** Networks that may log in over SSH: for `firewallRules` alone. @default - `allowedNetworks` */
  readonly adminNetworks?: readonly string[];
  /** @default [] */
  readonly bots?: readonly MattermostBot[];
  /** @default - none: bots are members of no team */
  readonly team?: MattermostTeam;
  /** @minimum 1 @maximum 65535 @default 8065 */
  readonly port?: number;
  /** @default - `http://<address>:<port>` */
  readonly siteUrl?: string;
  /** @default - each day at 02:30 UTC, 14 of them, in /opt/mattermost/backups */
  readonly backup?: MattermostBackup;
  /** Of the postgres image: `70:70` for one on Alpine. @default "999:999" */
  readonly postgresUser?: ComposeUser;
  /** @default - 2 cores and 2 GiB for Mattermost, 2 cores and 1 GiB for PostgreSQL */
  readonly limits?: { readonly mattermost?: ServiceLimits; readonly postgres?: ServiceLimits };
}

/** Who may come in. A `UfwRule` of `@groundplane/libvirt` has these fields, too. */
export interface FirewallRule {
  readonly purpose: string;
  /** @format IPv4 CIDR */
  readonly from: string;
  readonly port: number;
}

export interface MattermostPlan {
  readonly file: HardenedComposeFile;
  readonly url: string;
  readonly port: number;
  readonly publishedPorts: PlannedSetup;
  readonly accounts: PlannedSetup;
  readonly backup: PlannedSetup;
  /** What the machine's own firewall must let in: SSH and Mattermost. */
  readonly firewallRules: readonly FirewallRule[];
  /** Where the machine keeps each bot's token. */
  readonly tokenFiles: Readonly<Record<string, string>>;
}

export const FOLDER = "/opt/mattermost";

/**
 * Plans a Mattermost, without touching a machine.
 *
 * @throws {INVALID_ARGUMENT} an argument is not valid; the message names it.
 */
export function planMattermost(options: MattermostOptions): MattermostPlan {
  const {
    address,
    port = 8065,
    bots = [],
    allowedNetworks,
    adminNetworks = allowedNetworks,
    limits,
  } = options;
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(address))
    throw invalidArgument(`address is "${address}"; give an IPv4 address`, { address });
  checkWhole("port", port, 1, 65_535);
  const url = options.siteUrl ?? `http://${address}:${port}`;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol) || new URL(url).password !== "")
    throw invalidArgument(`siteUrl is "${url}"; give an http or https URL without a password`);
  return {
    file: hardenedCompose(
      mattermostCompose({
        images: options.images,
        siteUrl: url,
        port,
        postgresUser: options.postgresUser ?? POSTGRES_USER,
        limits: {
          mattermost: limits?.mattermost ?? { cpus: "2", memory: "2g" },
          postgres: limits?.postgres ?? { cpus: "2", memory: "1g" },
        },
      }),
    ),
    url,
    port,
    publishedPorts: planPublishedPorts({
      name: "mattermost",
      folder: FOLDER,
      ports: [{ port, from: allowedNetworks }],
    }),
    accounts: planAccounts({
      folder: FOLDER,
      admin: options.admin,
      bots,
      ...(options.team !== undefined && { team: options.team }),
    }),
    backup: planBackup(FOLDER, options.backup),
    firewallRules: [
      ...adminNetworks.map((from) => ({ purpose: "SSH", from, port: 22 })),
      ...allowedNetworks.map((from) => ({ purpose: "Mattermost", from, port })),
    ],
    tokenFiles: Object.fromEntries(bots.map(({ username }) => [username, tokenPath(FOLDER, username)])),
  };
}
