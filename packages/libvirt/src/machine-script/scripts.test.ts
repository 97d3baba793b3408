import { execFileSync, spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { agentHome } from "../agent-host/agent-home.ts";
import { agentScripts } from "../agent-host/agent-script.ts";
import { developmentScripts } from "../agent-host/development-profile.ts";
import { packageScripts } from "../agent-host/package-script.ts";
import { userScripts } from "../agent-host/user-script.ts";
import { firewallScripts } from "../firewall/firewall-script.ts";
import { inferenceScripts } from "../inference-server/inference-script.ts";

const pinned = (version: string) => ({ version, sha256: "a".repeat(64) });
const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";

const SCRIPTS = {
  users: userScripts("agent", { jeff: key }),
  packages: packageScripts({ user: "agent", node: pinned("22.21.1"), docker: true }),
  hostFirewall: firewallScripts([{ purpose: "SSH", port: 22 }], { forwarding: true }),
  firewall: firewallScripts([
    { purpose: "SSH", from: "10.220.1.0/24", port: 22 },
    { purpose: "Mosh (admins)", protocol: "udp", port: { first: 60_000, last: 60_010 } },
  ]),
  agent: agentScripts({
    name: "athena",
    user: "agent",
    home: agentHome("agent"),
    openclawVersion: "2026.1.30",
  }),
  development: developmentScripts("agent", {
    tools: {
      python: pinned("3.12.12+20251014"),
      ...{ go: pinned("1.25.3"), rust: pinned("1.90.0"), dart: pinned("3.9.4"), "aws-cli": pinned("2.31.0") },
      ...{
        gh: pinned("2.81.0"),
        neovim: pinned("0.11.4"),
        starship: pinned("1.23.0"),
        vscode: pinned("1.105.1"),
      },
    },
    cdkVersion: "2.1030.0",
  }),
  inference: inferenceScripts({
    ...{
      ollama: pinned("0.13.0"),
      address: "10.220.1.20",
      port: 11_434,
      gpus: 2,
      driverPackages: ["nvidia-driver"],
    },
    models: [
      { name: "llama3:70b", digest: "b".repeat(64) },
      { name: "someone/mixtral:8x7b", digest: "c".repeat(64) },
    ],
  }),
};
const scripts = Object.entries(SCRIPTS).flatMap(([name, made]) =>
  Object.entries(made).map(([kind, script]): [string, string] => [`${name} ${kind}`, script]),
);

describe("the scripts of machines", () => {
  test.each(scripts)("are valid in POSIX shell: %s", (_, script) => {
    execFileSync("sh", ["-n"], { input: script });
  });

  const none = spawnSync("shellcheck", ["--version"]).status !== 0;
  if (none) test("shellcheck", ({ skip }) => skip("there is no shellcheck here"));
  test.skipIf(none).each(scripts)("have nothing that shellcheck finds wrong: %s", (_, script) => {
    // SC2154: GROUNDPLANE_STATE comes from the plugin.
    const { stdout } = spawnSync("shellcheck", ["--shell=sh", "--exclude=SC2154", "-"], { input: script });
    expect(stdout.toString()).toBe("");
  });
});
