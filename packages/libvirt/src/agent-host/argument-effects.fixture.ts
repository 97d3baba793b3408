import type { ArgumentEffects } from "../../../../test/argument-effects.ts";
import { AgentHost } from "./agent-host.ts";
import type { AgentHostArgs } from "./agent-host-args.ts";

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
const connection = { host: "10.220.1.50", user: "agent", privateKey: "PRIVATE KEY", hostKey: key };
const all = ["agent", "firewall", "packages", "users"];
const sha256 = "a".repeat(64);

/** The table of docs/agent-host.md. */
export const argumentEffects: ArgumentEffects<AgentHostArgs> = {
  base: {
    ...{ connection, admins: { jeff: key }, network: "10.220.1.0/24" },
    ...{ node: { version: "22.21.1", sha256 }, openclaw: { version: "2026.1.30" } },
  },
  create: (args, options) => new AgentHost("unit", args, options),
  changes: {
    connection: [
      { to: { ...connection, user: "ops" }, effect: { updates: all } },
      { to: { ...connection, host: "10.220.1.51" }, effect: { replaces: all } },
    ],
    admins: [
      { to: { jeff: key.replace("IOMqq", "IOMqx") }, effect: { updates: ["users"] } },
      { to: {}, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    firewall: [
      { to: [{ purpose: "SSH", from: "10.0.0.0/8", port: 22 }], effect: { updates: ["firewall"] } },
      { to: [], effect: { refused: "INVALID_ARGUMENT" } },
    ],
    network: [
      { to: "10.0.0.0/8", effect: { updates: ["firewall"] } },
      { to: undefined, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    node: [
      { to: { version: "22.22.0", sha256 }, effect: { updates: ["packages"] } },
      { to: { version: "22", sha256: "" }, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    openclaw: [
      { to: { version: "2026.2.1" }, effect: { updates: ["agent"] } },
      { to: { version: "latest" }, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    npmRegistry: [
      { to: "https://npm.example/", effect: { updates: ["agent"] } },
      { to: "https://me:canary@npm.example/", effect: { refused: "INVALID_ARGUMENT" } },
    ],
    secrets: { to: { OPENAI_API_KEY: "sk-1" }, effect: { updates: ["agent"] } },
    models: { to: [{ provider: "openai", model: "gpt-5" }], effect: { updates: ["agent"] } },
    config: { to: { logging: { level: "debug" } }, effect: { updates: ["agent"] } },
    mattermostUrl: { to: "http://10.220.1.10:8065", effect: { updates: ["agent"] } },
    user: { to: "worker", effect: { updates: ["agent", "packages", "users"] } },
    dashboardPort: [
      { to: 20_000, effect: { updates: ["agent", "firewall"] } },
      { to: 80, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    docker: { to: false, effect: { updates: ["packages"] } },
    development: [
      { to: {}, effect: { creates: ["development"] } },
      { from: {}, to: { cdkVersion: "2.1030.0" }, effect: { updates: ["development"] } },
      { from: {}, to: undefined, effect: { deletes: ["development"] } },
    ],
  },
};
