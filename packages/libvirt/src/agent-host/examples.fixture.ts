import * as pulumi from "@pulumi/pulumi";
import { AgentHost, modelRoutes } from "../index.ts";

const anthropicApiKey = pulumi.secret("sk-ant-1");
const sha256 = "0".repeat(64);
const machine = {
  connection: ({
    user,
    privateKey,
  }: {
    readonly user: string;
    readonly privateKey: pulumi.Input<string>;
  }) => ({
    ...{ host: "10.220.1.50", user, privateKey },
    hostKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl",
  }),
};
const privateKey = pulumi.secret("-----BEGIN OPENSSH PRIVATE KEY-----");
const jeff = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
const ollama = {
  models: [{ provider: "ollama", model: "llama3:70b", url: "http://10.220.1.20:11434" }],
} as const;

export function first(): AgentHost {
  // #region first
  const athena = new AgentHost("athena", {
    connection: machine.connection({ user: "agent", privateKey }),
    admins: { jeff },
    network: "10.220.1.0/24",
    node: { version: "22.21.1", sha256 },
    openclaw: { version: "2026.1.30" },
    secrets: { ANTHROPIC_API_KEY: anthropicApiKey },
  });
  // #endregion
  return athena;
}

export function more(): AgentHost {
  const args = { connection: machine.connection({ user: "agent", privateKey }), admins: { jeff } };
  const common = { ...args, node: { version: "22.21.1", sha256 }, openclaw: { version: "2026.1.30" } };
  // #region more
  const apollo = new AgentHost("apollo", {
    ...common,
    firewall: [
      { purpose: "SSH from the office", from: "10.220.1.0/24", port: 22 },
      { purpose: "Dashboard", from: "10.220.1.2", port: 18789 },
    ],
    models: modelRoutes({ local: ollama.models, cloud: { anthropic: "claude-sonnet-4-5", openai: "gpt-5" } }),
    mattermostUrl: "http://10.220.1.10:8065",
    development: { tools: { go: { version: "1.25.3", sha256 } }, cdkVersion: "2.1030.0" },
  });
  // #endregion
  return apollo;
}
