// A host whose power goes while it has something to do: nothing tells the client, and it must not wait for TCP to give up.
import { existsSync } from "node:fs";
import { appendFile, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestProject } from "../../project.ts";
import { story } from "../../story.ts";
import {
  startHypervisors,
  type TestHypervisor,
  type TestHypervisors,
  whyNoHypervisors,
} from "./hypervisors.ts";
import { installLabPlugins, LAB, rackProject, writeConfig } from "./lab.ts";
import { Wire } from "./wire.ts";

const PROGRAM = `
import { defineStack } from "@groundplane/orchestrator";
import { Domain, Provider } from "@groundplane/libvirt";
import { z } from "zod";

export default defineStack({
  name: "lab",
  config: z.object({ uri: z.string(), autostart: z.boolean() }),
  outputs: z.object({}),
  program: ({ config }) => {
    const provider = new Provider("r820", { uri: config.uri });
    new Domain("guest", { name: "guest", type: "qemu", memory: 16, vcpu: 1, running: true, autostart: config.autostart }, { provider });
    return {};
  },
});
`;

/** The start of a domain does not end while there is a file "hold". */
const HOOK = `sh -c '[ ! -e "$1/hold" ] || { : >"$1/held"; exec sleep 600; }' hook`;

const before = process.env["PULUMI_HOME"];
let why: string | undefined;
let rack: TestHypervisors;
let host: TestHypervisor;
let wire: Wire;
let project: TestProject;

beforeAll(async () => {
  why = await whyNoHypervisors();
  if (why !== undefined) return;
  rack = await startHypervisors(["r820"], { hook: HOOK });
  const [one] = rack.hosts;
  if (one === undefined) throw new TypeError("a hypervisor was to be started");
  host = one;
  wire = await Wire.open(host, rack.scratch);
  const [, ...key] = (await readFile(host.keys.knownHosts, "utf8")).trim().split(" ");
  await appendFile(host.keys.knownHosts, `${wire.address} ${key.join(" ")}\n`);
  project = await rackProject(PROGRAM);
  process.env["PULUMI_HOME"] = join(project.root, "pulumi-home");
  why = await installLabPlugins(project);
});
afterAll(async () => {
  if (before === undefined) delete process.env["PULUMI_HOME"];
  else process.env["PULUMI_HOME"] = before;
  await wire?.close();
  await rack?.stop();
  await project?.remove();
});

test("a host whose power goes in the middle of an operation fails it within about a minute, and the next deployment converges", async ({
  skip,
  annotate,
}) => {
  if (why !== undefined) skip(why);
  const uri = host.uri().replace(`${host.address}:${host.port}`, wire.address);
  await writeConfig(project, { uri, autostart: false });
  await project.use(async (orchestrator) => {
    expect(story(await orchestrator.deploy(LAB))).toBe("DONE | applied");
    // Of a domain that is off an update begins with its start.
    await host.virsh("destroy", "guest");
    await writeFile(join(host.state, "hold"), "");
    await writeConfig(project, { uri, autostart: true });
    const deploying = orchestrator.deploy(LAB);
    await expect.poll(() => existsSync(join(host.state, "held")), { timeout: 60_000 }).toBe(true);
    const begin = performance.now();
    await wire.cut();
    await host.stop();
    const failed = await deploying;
    const seconds = (performance.now() - begin) / 1000;
    await annotate(`failed ${Math.round(seconds)} s after the power was gone`);
    expect(failed.outcome).toBe("failed");
    expect(story(failed)).toMatch(
      new RegExp(
        `guest.*${wire.address}:22 did not answer for 60 s: see that it is on and can be reached`,
        "s",
      ),
    );
    // TCP alone gives up after 150 s at best.
    expect(seconds).toBeLessThan(120);

    await rm(join(host.state, "hold"));
    await host.start();
    await wire.mend();
    expect(story(await orchestrator.deploy(LAB))).toBe("DONE | applied");
    expect(await host.names("list", "--state-running")).toEqual(["guest"]);
    expect(await host.virsh("dominfo", "guest")).toMatch(/Autostart: +enable/);
  });
});
