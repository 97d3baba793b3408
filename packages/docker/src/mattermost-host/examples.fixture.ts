// The examples of docs/mattermost-host.md, compared verbatim, compiled and run by `component-pages.test.ts`.
import type { MachineConnection } from "@groundplane/machine";
import * as pulumi from "@pulumi/pulumi";
import { MattermostHost, type MattermostHostArgs } from "../index.ts";

const connection: MachineConnection = {
  host: "10.220.1.10",
  user: "jefcox",
  privateKey: pulumi.secret("made up"),
  hostKey: "ssh-ed25519 AAAA",
};
const images: MattermostHostArgs["images"] = {
  mattermost: `mattermost/mattermost-team-edition:9.5@sha256:${"0a".repeat(32)}`,
  postgres: `postgres:13@sha256:${"0b".repeat(32)}`,
};
const secrets = { value: (name: string) => pulumi.secret(`made up: ${name}`) };

export function start(): MattermostHost {
  // #region start
  const chat = new MattermostHost("chat", {
    connection,
    address: "10.220.1.10",
    images,
    postgresPassword: secrets.value("mattermost-postgres-password"),
    admin: {
      username: "jeff",
      email: "jeff@example.com",
      password: secrets.value("mattermost-admin-password"),
    },
    allowedNetworks: ["10.220.1.0/24"],
    team: { name: "fleet", displayName: "The fleet" },
    bots: [{ username: "athena", displayName: "Athena" }, { username: "apollo" }],
  });
  // #endregion
  return chat;
}

export function backups(): MattermostHost {
  const rest = {
    connection,
    address: "10.220.1.10",
    images,
    postgresPassword: pulumi.secret("made up, and long"),
    admin: { username: "jeff", email: "jeff@example.com", password: pulumi.secret("made up, and long") },
    allowedNetworks: ["10.220.1.0/24"],
  };
  // #region backups
  const chat = new MattermostHost("chat", {
    ...rest,
    backup: { at: "03:15", keep: 30, folder: "/srv/backups/mattermost" },
  });
  // #endregion
  return chat;
}
