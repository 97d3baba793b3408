// The real plugin on real libvirtd, over SSH, through the whole pipeline.

import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestProject } from "../../project.ts";
import { story } from "../../story.ts";
import {
  startHypervisors,
  strangersKey,
  type TestHypervisor,
  type TestHypervisors,
  whyNoHypervisors,
} from "./hypervisors.ts";
import { configureLab, destroyLab, installLabPlugins, LAB, labProject } from "./lab.ts";

const MACHINES = 3;
const before = process.env["PULUMI_HOME"];
let why: string | undefined;
let rack: TestHypervisors;
let project: TestProject;
let first: TestHypervisor;
let second: TestHypervisor;

beforeAll(async () => {
  why = await whyNoHypervisors();
  if (why !== undefined) return;
  rack = await startHypervisors(["r820", "r720"]);
  const [one, two] = rack.hosts;
  if (one === undefined || two === undefined) throw new TypeError("two hypervisors were to be started");
  [first, second] = [one, two];
  project = await labProject({ hosts: rack.hosts, machines: MACHINES });
  process.env["PULUMI_HOME"] = join(project.root, "pulumi-home");
});
afterAll(async () => {
  if (before === undefined) delete process.env["PULUMI_HOME"];
  else process.env["PULUMI_HOME"] = before;
  await rack?.stop();
  await project?.remove();
});

const machinesOf = (host: TestHypervisor) =>
  Array.from({ length: MACHINES }, (_, index) => `${host.name}-vm${index + 1}`);

test("a real environment on libvirt, from nothing to nothing", async ({ skip, annotate }) => {
  if (why !== undefined) skip(why);
  await project.use(async (orchestrator) => {
    expect(story(await orchestrator.deploy(LAB))).toMatch(/PLUGIN_NOT_INSTALLED.*libvirt 0\.5\.4/);
  });
  const cannotBuild = await installLabPlugins(project);
  if (cannotBuild !== undefined) skip(cannotBuild);

  await project.use(async (orchestrator) => {
    const begin = performance.now();
    expect(story(await orchestrator.deploy(LAB))).toBe("DONE | applied");
    await annotate(`20 resources deployed in ${Math.round(performance.now() - begin)} ms`);
    for (const host of rack.hosts) {
      expect(await host.names("list", "--state-running")).toEqual(machinesOf(host));
      expect(await host.names("pool-list", "--all")).toEqual(["lab"]);
      const files = [...machinesOf(host).flatMap((name) => [name, `${name}.iso`]), "base"].sort();
      expect((await readdir(join(host.images, "lab"))).sort()).toEqual(files);
      // A clone of the one base volume.
      expect(await host.virsh("vol-dumpxml", `${host.name}-vm1`, "--pool", "lab")).toContain(
        "<path>/var/lib/libvirt/images/lab/base</path>",
      );
    }
    expect(story(await orchestrator.deploy(LAB))).toBe("DONE | unchanged");
    expect((await orchestrator.drift(LAB)).items).toEqual([]);
  });

  await project.use(async (orchestrator) => {
    // Somebody on the host takes a machine away.
    await first.virsh("destroy", "r820-vm2");
    await first.virsh("undefine", "r820-vm2");
    const { items } = await orchestrator.drift(LAB);
    expect(items).toMatchObject([{ urn: expect.stringMatching(/domain:Domain::r820-vm2$/) }]);
    expect(story(await orchestrator.deploy({ ...LAB, refresh: true }))).toBe("DONE | applied");
    expect(await first.names("list", "--state-running")).toEqual(machinesOf(first));
  });

  await project.use(async (orchestrator) => {
    const end = await destroyLab(orchestrator);
    expect(story(end)).toBe("DONE | applied");
    for (const host of rack.hosts) {
      expect(await host.names("list", "--all")).toEqual([]);
      expect(await host.names("pool-list", "--all")).toEqual([]);
      expect(await readdir(host.images)).toEqual([]);
    }
  });
});

test("a host that is not who it should be, a key that is not taken, a host that is down: nothing is done", async ({
  skip,
}) => {
  if (why !== undefined) skip(why);
  const cannotBuild = await installLabPlugins(project);
  if (cannotBuild !== undefined) skip(cannotBuild);
  const refusal = async (config: Parameters<typeof configureLab>[1]) => {
    await configureLab(project, config);
    const run = await project.use((orchestrator) => orchestrator.deploy(LAB));
    expect(run.outcome).toBe("failed");
    expect(await first.names("list", "--all")).toEqual([]);
    expect(await second.names("list", "--all")).toEqual([]);
    return run.reason?.message;
  };
  const hosts = rack.hosts;

  // The second host's line gets the key of the first.
  const lines = (await readFile(first.keys.knownHosts, "utf8")).trim().split("\n");
  const [hostOfFirst, ...keyOfFirst] = (lines[0] ?? "").split(" ");
  const swapped = join(rack.scratch, "known_hosts-swapped");
  const placeOfSecond = (lines[1] ?? "").split(" ")[0];
  await writeFile(
    swapped,
    `${hostOfFirst} ${keyOfFirst.join(" ")}\n${placeOfSecond} ${keyOfFirst.join(" ")}\n`,
  );
  const wrongHost = { [second.name]: second.uri({ knownhosts: swapped }) };
  expect(await refusal({ hosts, machines: 1, uris: wrongHost })).toMatch(/knownhosts: key mismatch/);

  const stranger = await strangersKey(first.keys);
  const wrongKey = { [second.name]: second.uri({ keyfile: stranger }) };
  expect(await refusal({ hosts, machines: 1, uris: wrongKey })).toMatch(/unable to authenticate/);

  const wrongLimit = { [second.name]: second.uri({ parallel: "none" }) };
  expect(await refusal({ hosts, machines: 1, uris: wrongLimit })).toMatch(
    /parallel="none": give the number of operations/,
  );

  await configureLab(project, { hosts, machines: 1 });
  await second.stop();
  const down = await project.use((orchestrator) => orchestrator.deploy(LAB));
  expect(story(down)).toMatch(/failed.*connection refused/s);
  expect(await first.names("list", "--all")).toEqual([]);
  await second.start();
  await project.use(async (orchestrator) => {
    expect(story(await orchestrator.deploy(LAB))).toBe("DONE | applied");
    expect(story(await destroyLab(orchestrator))).toBe("DONE | applied");
  });
});
