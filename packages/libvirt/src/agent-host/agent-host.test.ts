import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { record } from "../../../../test/recording-mocks.ts";
import { modelRoutes } from "../inference-server/model-route.ts";
import { agentUnit, environmentFile } from "./agent-files.ts";
import { agentHome } from "./agent-home.ts";
import { AgentHost } from "./agent-host.ts";
import type { AgentHostArgs } from "./agent-host-args.ts";

const HOME = agentHome("agent");
const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
const other = key.replace("IOMqq", "IOMqx");
/** How the engine writes a secret. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const CANARY = "canary-5up3r-53cret";
const fileSchema = z.looseObject({ path: z.string(), content: z.string() });
const filesSchema = z
  .union([z.object({ [SIGNATURE]: z.literal(SECRET), value: z.array(fileSchema) }), z.array(fileSchema)])
  .transform((found) => ({ secret: "value" in found, list: "value" in found ? found.value : found }));
const base: AgentHostArgs = {
  connection: { host: "10.220.1.50", user: "agent", privateKey: "k", hostKey: key },
  admins: { jeff: key, ann: `${other} ann@laptop` },
  network: "10.220.1.0/24",
  node: { version: "22.21.1", sha256: "a".repeat(64) },
  openclaw: { version: "2026.1.30" },
};
const create = async (args: Partial<AgentHostArgs> = {}) => {
  const recording = await record((options) => new AgentHost("athena", { ...base, ...args }, options));
  const inputs = (role: string) =>
    recording.resources.find(({ name }) => name === `athena-${role}`)?.inputs ?? {};
  // A secret makes the whole list one for the mocks.
  const files = (role: string) => filesSchema.parse(inputs(role)["files"]);
  return { ...recording, inputs, files };
};

describe("AgentHost", () => {
  test("is made of setups that change and go apart", async () => {
    const { resources, component, outputs } = await create({ development: {} });
    expect(resources.map(({ type, name }) => [type, name])).toEqual([
      ["groundplane:libvirt:AgentHost", "athena"],
      ...["agent", "development", "firewall", "packages", "users"].map((role) => [
        "groundplane-machine:index:Setup",
        `athena-${role}`,
      ]),
    ]);
    expect(outputs).toEqual({ user: "agent", dashboardPort: 18_789, serviceName: "openclaw-athena.service" });
    expect(component.nodes.agent).toBeDefined();
    expect((await create()).component.nodes.development).toBeUndefined();
  });

  test("has files with the modes and owners that they need", async () => {
    const { inputs, files } = await create({
      mattermostUrl: "http://10.220.1.10:8065",
      config: { logging: { level: "info" } },
    });
    expect(inputs("users")["files"]).toEqual([
      {
        path: "/etc/sudoers.d/90-groundplane-agent",
        content: "agent ALL=(ALL:ALL) NOPASSWD: ALL\n",
        mode: "0440",
      },
    ]);
    const own = { mode: "0600", owner: "agent", group: "agent" };
    expect(files("agent").list).toMatchObject([
      { path: `${HOME}/.openclaw/.env`, ...own },
      { path: `${HOME}/.openclaw/config.yml`, ...own },
      { path: "/etc/systemd/system/openclaw-athena.service" },
      { path: "/etc/logrotate.d/openclaw-athena" },
    ]);
    const config: unknown = JSON.parse(files("agent").list[1]?.content ?? "");
    expect(config).toEqual({
      gateway: { mode: "local", port: 18_789, bind: "lan", auth: { mode: "token" } },
      channels: { mattermost: { enabled: true, baseUrl: "http://10.220.1.10:8065" } },
      logging: { level: "info" },
    });
  });

  test("asks the local model first, then the clouds in their order", async () => {
    const models = modelRoutes({
      local: [{ provider: "ollama", model: "llama3:70b", url: "http://10.220.1.20:11434" }],
      cloud: { google: "gemini", anthropic: "claude" },
    });
    const { files } = await create({ models });
    expect(JSON.parse(files("agent").list[1]?.content ?? "")).toMatchObject({
      agents: {
        defaults: {
          model: { primary: "ollama/llama3:70b", fallbacks: ["anthropic/claude", "google/gemini"] },
        },
      },
      models: { providers: { ollama: { baseUrl: "http://10.220.1.20:11434/v1" } } },
    });
  });

  test("has its secrets in one file that is a secret, also where the program forgot, and nowhere else", async () => {
    const { resources, files } = await create({
      secrets: { OPENAI_API_KEY: `${CANARY}-2`, ANTHROPIC_API_KEY: pulumi.secret(`${CANARY}-1`) },
    });
    const { secret, list } = files("agent");
    const [env, ...others] = list;
    expect([secret, env?.content]).toEqual([
      true,
      `ANTHROPIC_API_KEY=${CANARY}-1\nOPENAI_API_KEY=${CANARY}-2\n`,
    ]);
    const rest = resources.map(({ name, inputs }) =>
      name === "athena-agent" ? { ...inputs, files: others } : inputs,
    );
    expect(JSON.stringify(rest)).not.toContain(CANARY);
  });

  test("takes what comes from npm from its registry, and from npm's own without one", async () => {
    const development = { cdkVersion: "2.1030.0" };
    const own = await create({ npmRegistry: "https://npm.example/all/", development });
    const theirs = await create({ development });
    for (const role of ["agent", "development"]) {
      expect(own.inputs(role)["setup"]).toMatch(/npm install .*--registry https:\/\/npm\.example\/all\/ /);
      expect(theirs.inputs(role)["setup"]).not.toContain("--registry");
    }
  });

  test("lets in what its rules say, and SSH and the dashboard by default", async () => {
    const setup = (await create()).inputs("firewall")["setup"];
    expect(setup).toContain("\nallow from 10.220.1.0/24 to any port 22 proto tcp comment 'SSH'\n");
    expect(setup).toContain(
      "\nallow from 10.220.1.0/24 to any port 18789 proto tcp comment 'OpenClaw dashboard'\n",
    );
  });

  const { network: _, ...closed } = base;
  test.each<[Partial<AgentHostArgs>, string]>([
    [{ admins: {} }, "admins is empty"],
    [{ admins: { jeff: "AAAA" } }, "the key of jeff is no public key"],
    [{ admins: { jeff: `command="x" ${key}` } }, "the key of jeff is no public key"],
    [{ admins: { jeff: key, ann: key } }, "two admins have the same key"],
    [{ user: "root" }, '"root" cannot be the agent\'s user'],
    [{ user: "a b" }, '"a b" cannot be the agent\'s user'],
    [{ node: { version: "22", sha256: "x" } }, "the checksum of Node"],
    [{ node: { ...base.node, url: "http://mirror/node.tar" } }, "the address of Node"],
    [{ openclaw: { version: "latest" } }, 'the version of openclaw is "latest"'],
    [{ openclaw: { version: "^1.0.0" } }, 'the version of openclaw is "^1.0.0"'],
    [{ npmRegistry: "http://npm.example" }, "npmRegistry is"],
    [{ npmRegistry: "https://npm.example/ --ignore-scripts" }, "npmRegistry is"],
    [{ dashboardPort: 80 }, "dashboardPort is 80"],
    [{ mattermostUrl: "mattermost" }, 'mattermostUrl is "mattermost"'],
    [{ firewall: [] }, "no firewall rule lets SSH in"],
    [
      { development: { tools: { python: { version: "3.11.1+20250101", sha256: "a".repeat(64) } } } },
      "the version of python",
    ],
    [{ models: [{ provider: "openai", model: "a b" }] }, '"a b" names no model'],
  ])("refuses %o before anything is made", async (args, message) => {
    await expect(create(args)).rejects.toThrow(message);
  });

  test("refuses to be reached from nowhere", async () => {
    await expect(record((options) => new AgentHost("athena", closed, options))).rejects.toThrow(
      "neither firewall nor network",
    );
  });
});

describe("an environment file", () => {
  test("has one line for each value, and none for what is not there", () => {
    expect(environmentFile({ B: "sk-1_x", A: "a/b+c==", C: undefined })).toBe("A=a/b+c==\nB=sk-1_x\n");
  });

  test.each(["", `${CANARY} b`, `${CANARY}\nb`, "$(canary)", "'canary'", "canary#b"])(
    "refuses %o, and does not repeat it",
    (value) => {
      expect(() => environmentFile({ A: value })).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining("canary") }),
      );
    },
  );
});

describe("an agent's unit", () => {
  const none = spawnSync("systemd-analyze", ["--version"]).status !== 0;
  if (none) test("systemd-analyze", ({ skip }) => skip("there is no systemd-analyze here"));

  test.skipIf(none)("is valid, and hardened", () => {
    const folder = mkdtempSync(join(tmpdir(), "groundplane-unit-"));
    try {
      const path = join(folder, "openclaw-athena.service");
      // The program and the user are the machine's.
      const unit = agentUnit({ name: "athena", user: "agent", home: HOME, dashboardPort: 18_789 });
      writeFileSync(
        path,
        unit.replace("/usr/local/bin/openclaw", "/bin/sh").replace("User=agent", "User=daemon"),
      );
      const verified = spawnSync("systemd-analyze", ["verify", "--man=no", path]);
      expect(
        verified.stderr
          .toString()
          .split("\n")
          .filter((line) => line.includes("openclaw-athena")),
      ).toEqual([]);
      const judged = spawnSync("systemd-analyze", ["security", "--offline=true", "--threshold=35", path]);
      expect([judged.status, judged.stderr.toString()]).toEqual([0, ""]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
