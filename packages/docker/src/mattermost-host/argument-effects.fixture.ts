import type { MachineArgumentEffects } from "../argument-effects.fixture.ts";
import { MattermostHost, type MattermostHostArgs } from "./mattermost-host.ts";

const images = {
  mattermost: `mattermost/mattermost-team-edition:9.5@sha256:${"0a".repeat(32)}`,
  postgres: `postgres:13@sha256:${"0b".repeat(32)}`,
} as const;
const connection = { host: "10.220.1.10", user: "admin", privateKey: "KEY", hostKey: "ssh-ed25519 AAAA" };
const admin = { username: "jeff", email: "jeff@example.com", password: "made up, and long" };
const everything = ["accounts", "backup", "project-setup", "published-ports"];

/** The table of docs/mattermost-host.md. */
export const argumentEffects: MachineArgumentEffects<MattermostHostArgs> = {
  base: {
    connection,
    address: "10.220.1.10",
    images,
    postgresPassword: "made up, and long",
    admin,
    allowedNetworks: ["10.220.1.0/24"],
  },
  create: (args, options) => new MattermostHost("unit", args, options),
  changes: {
    connection: { to: { ...connection, user: "root" }, touches: everything },
    address: { to: "10.220.1.11", touches: ["project-setup"] },
    images: { to: { ...images, postgres: images.mattermost }, touches: ["project-setup"] },
    postgresPassword: { to: "another, and long", touches: ["project-setup"] },
    admin: [
      { to: { ...admin, password: "another, and long" }, touches: ["accounts"] },
      { to: { ...admin, email: "another@example.com" }, touches: ["accounts"] },
    ],
    allowedNetworks: { to: ["10.220.0.0/16"], touches: ["published-ports"] },
    adminNetworks: { to: ["10.220.1.2/32"], touches: [] },
    bots: { to: [{ username: "athena" }], touches: ["accounts"] },
    team: { to: { name: "fleet", displayName: "The fleet" }, touches: ["accounts"] },
    port: { to: 80, touches: ["project-setup", "published-ports"] },
    siteUrl: { to: "https://chat.example.com", touches: ["project-setup"] },
    backup: { to: { keep: 30 }, touches: ["backup"] },
    postgresUser: { to: "70:70", touches: ["project-setup"] },
    limits: { to: { postgres: { cpus: "4", memory: "8g" } }, touches: ["project-setup"] },
    waitSeconds: { to: 600, touches: ["project-setup"] },
  },
};
