import { invalidArgument } from "@groundplane/contracts";
import { type MachineConnection, type MachineFile, MachineSetup } from "@groundplane/machine";
import * as pulumi from "@pulumi/pulumi";
import { ComposeProject } from "../compose-project/compose-project.ts";
import type { PlannedSetup } from "../published-ports/published-ports.ts";
import { adminPasswordPath, type MattermostAdmin } from "./mattermost-accounts.ts";
import { backupBefore } from "./mattermost-backup.ts";
import { passwordInForce, pgpassLine } from "./mattermost-compose.ts";
import { type FirewallRule, FOLDER, type MattermostOptions, planMattermost } from "./mattermost-plan.ts";

export interface MattermostHostArgs extends MattermostOptions {
  /** The machine, with Docker Engine, its compose plugin, iptables and python3. */
  readonly connection: MachineConnection;
  /** `vault_mattermost_postgres_password` of the fleet's document. A new one is put in force. 12 to 256 characters. */
  readonly postgresPassword: pulumi.Input<string>;
  /**
   * The first account, and its password when it is made: 12 to 72 characters. Later its owner changes it in Mattermost,
   * and nothing here puts it back.
   */
  readonly admin: MattermostAdmin & { readonly password: pulumi.Input<string> };
  /** How long Mattermost has to become healthy. @minimum 10 @maximum 3600 @default 300 */
  readonly waitSeconds?: number;
}

export interface MattermostHostNodes {
  readonly publishedPorts: MachineSetup;
  readonly project: ComposeProject;
  readonly accounts: MachineSetup;
  readonly backup: MachineSetup;
}

/**
 * Mattermost with its database on a machine: healthy, backed up each day, open to the networks that are named, with an
 * account for each bot.
 *
 * Creates, named `${name}-…`: `published-ports`, who may connect; `project`, a `ComposeProject`; `accounts`, the
 * administrator, the team and the bots; `backup`. Deleting them leaves data and backups on the machine.
 *
 * @example
 * const chat = new MattermostHost("chat", {
 *   connection,
 *   address: "10.220.1.10",
 *   images,
 *   postgresPassword: secrets.value("mattermost-postgres-password"),
 *   admin: { username: "jeff", email: "jeff@example.com", password: secrets.value("mattermost-admin-password") },
 *   allowedNetworks: ["10.220.1.0/24"],
 *   bots: [{ username: "athena", displayName: "Athena" }],
 * });
 *
 * @throws {INVALID_ARGUMENT} an argument is not valid; the message names it.
 */
export class MattermostHost extends pulumi.ComponentResource {
  /** Known once Mattermost is healthy. */
  readonly url: pulumi.Output<string>;
  readonly address: pulumi.Output<string>;
  readonly port: pulumi.Output<number>;
  /** By the bot's name, where the machine keeps its token, mode 0600. Known once they are there. */
  readonly tokenFiles: pulumi.Output<Readonly<Record<string, string>>>;
  /** What the machine's own firewall must let in: SSH and Mattermost. */
  readonly firewallRules: readonly FirewallRule[];
  readonly nodes: MattermostHostNodes;

  constructor(name: string, args: MattermostHostArgs, options: pulumi.ComponentResourceOptions = {}) {
    const plan = planMattermost(args);
    super("groundplane:docker:MattermostHost", name, {}, options);

    const { connection, waitSeconds = 300 } = args;
    const setUp = (
      role: string,
      { files, ...scripts }: PlannedSetup,
      more: { readonly secretFiles?: readonly MachineFile[]; readonly after?: pulumi.Resource } = {},
    ) =>
      new MachineSetup(
        `${name}-${role}`,
        { connection, files: [...files, ...(more.secretFiles ?? [])], ...scripts },
        { parent: this, ...(more.after !== undefined && { dependsOn: more.after }) },
      );

    // Before anything listens.
    const publishedPorts = setUp("published-ports", plan.publishedPorts);
    const password = checkedPassword("postgresPassword", args.postgresPassword, 256);
    const project = new ComposeProject(
      `${name}-project`,
      {
        connection,
        file: plan.file,
        secrets: { "postgres-password": password, pgpass: password.apply(pgpassLine) },
        folder: FOLDER,
        beforeUp: [backupBefore(FOLDER, args.images.mattermost), passwordInForce(FOLDER, waitSeconds)].join(
          "\n",
        ),
        waitSeconds,
      },
      { parent: this, dependsOn: publishedPorts },
    );
    const accounts = setUp("accounts", plan.accounts, {
      secretFiles: [
        {
          path: adminPasswordPath(FOLDER),
          content: checkedPassword("admin.password", args.admin.password, 72),
          mode: "0400",
        },
      ],
      after: project,
    });
    const backup = setUp("backup", plan.backup, { after: project });

    this.nodes = { publishedPorts, project, accounts, backup };
    this.firewallRules = plan.firewallRules;
    this.url = project.folder.apply(() => plan.url);
    this.address = pulumi.output(args.address);
    this.port = pulumi.output(plan.port);
    this.tokenFiles = accounts.healthy.apply(() => plan.tokenFiles);
    this.registerOutputs({
      url: this.url,
      address: this.address,
      port: this.port,
      tokenFiles: this.tokenFiles,
      firewallRules: this.firewallRules,
    });
  }
}

/** Looks at a password once it is known. The error says its length, and never it. */
function checkedPassword(argument: string, given: pulumi.Input<string>, max: number): pulumi.Output<string> {
  return pulumi.secret(given).apply((password) => {
    if (/^[^\0\r\n]+$/.test(password) && password.length >= 12 && password.length <= max) return password;
    throw invalidArgument(
      `${argument} has ${password.length} characters; give 12 to ${max} of them, on one line`,
      { argument },
    );
  });
}
