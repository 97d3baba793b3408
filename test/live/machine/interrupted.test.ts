import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { MachineSetup } from "@groundplane/machine";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DebianMachine } from "./debian-machine.ts";
import { debianRoot } from "./debian-root.ts";
import { machineStack, pluginProcesses } from "./machine-stack.ts";

const root = await debianRoot();
if (typeof root === "string") test("a setup that is killed", ({ skip }) => skip(root));

/** Two setups, of which the second has values that a preview does not know. */
function program(machine: DebianMachine): void {
  const connection = {
    ...machine.connection,
    hostKey: { trustOnFirstUse: { reason: "the machine was made a moment ago" } },
  };
  const slow = new MachineSetup("slow", {
    connection,
    files: [{ path: "/etc/motd", content: "after\n" }],
    setup: "echo begun >>/srv/log; sleep 4; echo ended >>/srv/log",
    reset: "rm /srv/log",
  });
  new MachineSetup("next", {
    connection,
    files: [{ path: "/srv/key", content: slow.hostKey }],
    triggers: { key: slow.hostKey },
  });
}

describe.skipIf(typeof root === "string")("a setup whose plugin is killed in its middle", () => {
  let machine: DebianMachine;
  let stack: Stack;
  let before: ReturnType<DebianMachine["files"]>;
  const inside = (path: string) => join(machine.root, path);

  beforeAll(async () => {
    if (typeof root === "string") return;
    machine = await DebianMachine.start(root.archive, 9);
    writeFileSync(inside("etc/motd"), "before\n");
    before = machine.files();
    stack = await machineStack(machine, () => program(machine));
  });
  afterAll(async () => machine?.remove());

  test("ends on the machine too", async () => {
    const deployment = stack.up({ color: "never" });
    deployment.catch(() => undefined);
    for (let waited = 0; waited < 600 && !existsSync(inside("srv/log")); waited++) await sleep(100);
    for (const pid of pluginProcesses(machine)) process.kill(pid, "SIGKILL");
    await expect(deployment).rejects.toThrow();
    await sleep(5_000);
    expect(readFileSync(inside("srv/log"), "utf8")).toBe("begun\n");
  });

  test("converges when it is deployed again, and is unchanged then", async () => {
    await stack.cancel();
    await stack.up({ color: "never" });
    expect(readFileSync(inside("srv/log"), "utf8")).toBe("begun\nbegun\nended\n");
    expect(readFileSync(inside("srv/key"), "utf8")).toBe(machine.hostKey);
    const again = await stack.up({ color: "never" });
    expect(again.summary.resourceChanges).toEqual({ same: 3 });
  });

  test("is undone to what was there before the first attempt", async () => {
    await stack.destroy({ color: "never" });
    expect(readFileSync(inside("etc/motd"), "utf8")).toBe("before\n");
    const after = machine.files();
    const paths = [...new Set([...before.keys(), ...after.keys()])];
    expect(paths.filter((path) => before.get(path) !== after.get(path))).toEqual([]);
  });
});
