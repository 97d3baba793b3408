import { invalidArgument } from "@groundplane/contracts";
import type { PlannedSetup } from "../published-ports/published-ports.ts";
import { ACCOUNTS_PROGRAM } from "./accounts-program.ts";
import { LOCAL_SOCKET } from "./mattermost-compose.ts";

/** An account for a program. Its token is made by Mattermost, and kept in a file of the machine. */
export interface MattermostBot {
  /** 3 to 22 lower-case letters, digits, `.`, `-` and `_`, a letter first. */
  readonly username: string;
  /** @default - none */
  readonly displayName?: string;
  /** @default - none */
  readonly description?: string;
}

/** The first account, and a person's. */
export interface MattermostAdmin {
  readonly username: string;
  /** @format e-mail address */
  readonly email: string;
}

/** The team that the bots are members of. People come by invitation. */
export interface MattermostTeam {
  /** In addresses: 2 to 64 lower-case letters, digits and dashes. */
  readonly name: string;
  readonly displayName: string;
}

export interface AccountsOptions {
  readonly folder: string;
  readonly admin: MattermostAdmin;
  readonly team?: MattermostTeam;
  readonly bots: readonly MattermostBot[];
}

const ADMIN_PASSWORD = "admin/password";

/** Where the password of the first account is kept on the machine. */
export const adminPasswordPath = (folder: string): string => `${folder}/${ADMIN_PASSWORD}`;
/** Where a bot's token is kept on the machine. */
export const tokenPath = (folder: string, bot: string): string => `${folder}/tokens/${bot}`;

/**
 * Plans the accounts: what is declared, and the program that makes it so.
 *
 * @throws {INVALID_ARGUMENT} a name is not one that Mattermost takes, or is there twice.
 */
export function planAccounts(options: AccountsOptions): PlannedSetup {
  check(options);
  const { folder, admin, team, bots } = options;
  const program = `${folder}/bin/accounts`;
  const declared = {
    socket: `${LOCAL_SOCKET.folder}/${LOCAL_SOCKET.name}`,
    adminPasswordFile: ADMIN_PASSWORD,
    admin: { username: admin.username, email: admin.email },
    ...(team !== undefined && { team: { name: team.name, displayName: team.displayName } }),
    bots,
  };
  const run = (verb: string): string => `${program} ${verb} ${folder}`;
  return {
    files: [
      { path: program, content: ACCOUNTS_PROGRAM, mode: "0755" },
      { path: `${folder}/accounts.json`, content: `${JSON.stringify(declared, null, 2)}\n`, mode: "0644" },
    ],
    setup: [
      "set -eu",
      'command -v python3 >/dev/null || { echo "python3 is missing here: install it" >&2; exit 1; }',
      `chmod 0700 ${folder}/admin`,
      run("apply"),
      "",
    ].join("\n"),
    reset: ["set -eu", run("reset"), `rm -rf ${folder}/tokens`, ""].join("\n"),
    check: `${run("check")}\n`,
  };
}

/** https://github.com/mattermost/mattermost/blob/release-9.5/server/public/model/user.go, `validUsernameChars` and its lengths */
const USERNAME = /^[a-z][a-z0-9._-]{2,21}$/;
/** What Mattermost keeps for itself. */
const RESERVED = ["all", "channel", "here", "matterbot", "system"];

function check({ admin, team, bots }: AccountsOptions): void {
  const names = [admin.username, ...bots.map(({ username }) => username)];
  for (const name of names) {
    // Files beside the token have these endings.
    if (!USERNAME.test(name) || /\.(id|new)$/.test(name) || RESERVED.includes(name))
      throw invalidArgument(
        `"${name}" is no name for an account: give 3 to 22 lower-case letters, digits and . - _, a letter first, and none of ${RESERVED.join(", ")}`,
        { name },
      );
  }
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw invalidArgument(`"${twice}" names two accounts`, { twice });
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(admin.email) || admin.email.length > 128)
    throw invalidArgument(`admin.email is "${admin.email}", which is no e-mail address`);
  if (team !== undefined && !/^[a-z][a-z0-9-]{0,62}[a-z0-9]$/.test(team.name))
    throw invalidArgument(`team.name is "${team.name}"; give 2 to 64 lower-case letters, digits and dashes`);
}
