import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { firewallScripts, InferenceServer, type InferenceServerArgs } from "@groundplane/libvirt";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DebianMachine } from "./debian-machine.ts";
import { debianRoot } from "./debian-root.ts";
import { machineStack } from "./machine-stack.ts";

const root = await debianRoot();
if (typeof root === "string") test("an inference server", ({ skip }) => skip(root));

/** Stands in for Ollama, which the machine could not download, nor its models: a model is one line. */
const OLLAMA = `#!/bin/sh
model=/var/lib/ollama/models/manifests/registry.ollama.ai/library/$(echo "\${2:-}" | tr : /)
case $1 in
pull) mkdir -p "\${model%/*}" && printf %s "manifest of $2" >"$model" ;;
rm) rm -f "$model" ;;
serve) exec sleep 1000 ;;
esac
`;
const sha256 = (content: string | Buffer) => createHash("sha256").update(content).digest("hex");
const model = (name: string) => ({ name, digest: sha256(`manifest of ${name}`) });

describe.skipIf(typeof root === "string")("an InferenceServer on a real Debian, by the real engine", () => {
  let machine: DebianMachine;
  let stack: Stack;
  let args: InferenceServerArgs;
  let before: ReturnType<DebianMachine["files"]>;
  let users = "";
  /** As a setup of another resource on the machine. */
  const asAnother = (script: string) =>
    machine.sh(
      `export GROUNDPLANE_STATE=/var/lib/groundplane/another/own\nmkdir -p "$GROUNDPLANE_STATE"\n${script}`,
    );
  const manifest = (path: string) =>
    join(machine.root, "var/lib/ollama/models/manifests/registry.ollama.ai/library", path);

  beforeAll(async () => {
    if (typeof root === "string") return;
    machine = await DebianMachine.start(root.archive, 8);
    const seed = join(machine.folder, "seed");
    mkdirSync(join(seed, "bin"), { recursive: true });
    writeFileSync(join(seed, "bin/ollama"), OLLAMA, { mode: 0o755 });
    const archive = join(machine.root, "srv/ollama.tgz");
    execFileSync("tar", ["-czf", archive, "-C", seed, "bin"]);
    args = {
      ...{
        connection: machine.connection,
        address: machine.address,
        network: `${machine.gateway}/32`,
        gpus: 0,
      },
      ollama: { version: "0.13.0", sha256: sha256(readFileSync(archive)), url: "file:///srv/ollama.tgz" },
      models: [{ name: "tiny:1b", digest: sha256("what it was") }],
    };
    before = machine.files();
    users = (await machine.sh("getent passwd; getent group")).stdout;
    stack = await machineStack(machine, () => void new InferenceServer("ollama", args));
  });
  afterAll(async () => machine?.remove());

  test("refuses a firewall behind which whoever sets it up could not come in again, and turns none on", async () => {
    const { network } = args;
    args = { ...args, network: "10.9.0.0/24" };
    await expect(stack.up({ color: "never" })).rejects.toThrow(
      `this connection comes from ${machine.gateway}, and no rule lets SSH in from there`,
    );
    expect((await machine.sh("command -v ufw || echo none")).stdout).toBe("none\n");
    args = { ...args, network };
  });

  test("refuses a model that its name does not mean any more, and keeps nothing of it", async () => {
    await expect(stack.up({ color: "never" })).rejects.toThrow(
      `tiny:1b is now ${sha256("manifest of tiny:1b")}, and not ${sha256("what it was")}`,
    );
    expect(existsSync(manifest("tiny/1b"))).toBe(false);
  });

  test("goes on from there, and has the models that are named", async () => {
    args = { ...args, models: [model("tiny:1b"), model("other:7b")] };
    const result = await stack.up({ color: "never" });
    expect(result.summary.resourceChanges).toEqual({ same: 3, update: 1 });
    expect([manifest("tiny/1b"), manifest("other/7b")].map(existsSync)).toEqual([true, true]);
    expect((await machine.sh("systemctl is-enabled ollama.service; id -un ollama")).stdout).toBe(
      "enabled\nollama\n",
    );
  });

  test("is seen to have another model than it should, and mended", async () => {
    writeFileSync(manifest("tiny/1b"), "something else");
    expect((await stack.refresh({ color: "never" })).summary.resourceChanges).toEqual({ same: 3, update: 1 });
    args = { ...args, models: [model("tiny:1b")] };
    expect((await stack.up({ color: "never" })).summary.resourceChanges).toEqual({ same: 3, update: 1 });
    expect([manifest("tiny/1b"), manifest("other/7b")].map(existsSync)).toEqual([true, false]);
  });

  test("shares its firewall with no other setup", async () => {
    const { setup } = firewallScripts([{ purpose: "SSH", port: 22 }]);
    const { code, stderr } = await asAnother(setup);
    expect([code, stderr]).toEqual([1, expect.stringContaining("another setup looks after the firewall")]);
    await machine.sh("rm -r /var/lib/groundplane/another");
  });

  const changedFiles = () => {
    const after = machine.files();
    const paths = [...new Set([...before.keys(), ...after.keys()])];
    return paths.filter((path) => before.get(path) !== after.get(path));
  };

  test("is undone: the machine is as it was found", async () => {
    await stack.destroy({ color: "never" });
    expect((await machine.sh("getent passwd; getent group")).stdout).toBe(users);
    expect(changedFiles()).toEqual([]);
  });

  test("a host's firewall leaves forwarding as it is without one, and goes as it came", async () => {
    const ssh = { purpose: "SSH", from: machine.gateway, port: 22 };
    const { setup, check, reset } = firewallScripts([ssh], { forwarding: true });
    const done = await asAnother(`${setup}\niptables -S FORWARD | head -n 1`);
    expect([done.code, done.stdout.trim().split("\n").at(-1)]).toEqual([0, "-P FORWARD ACCEPT"]);
    expect(await asAnother(check)).toMatchObject({ code: 0, stdout: "" });
    const closed = await asAnother(`ufw default deny routed >/dev/null\n${check}`);
    expect([closed.code, closed.stdout]).toEqual([1, expect.stringContaining("keeps from guests")]);
    expect((await asAnother(`(${reset})\nrm -r /var/lib/groundplane`)).code).toBe(0);
    expect(changedFiles()).toEqual([]);
  });
});
