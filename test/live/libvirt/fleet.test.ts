// Five hypervisors and eight machines, as in the document that the fleet is written for (spec 003), by our components.
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { REFERENCE_PLACEMENT, referenceFleet } from "@groundplane/placement";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestProject } from "../../project.ts";
import { startHypervisors, type TestHypervisors, whyNoHypervisors } from "./hypervisors.ts";
import { destroyLab, imageOf, installLabPlugins, LAB, rackProject, story, writeConfig } from "./lab.ts";

const PROGRAM = `
import { defineStack } from "@groundplane/orchestrator";
import { BaseImage, Hypervisor, preflightHypervisors, VirtualMachine } from "@groundplane/libvirt";
import { z } from "zod";

const parsed = (schema) => z.string().transform((text) => schema.parse(JSON.parse(text)));
const config = z.object({
  hosts: parsed(z.array(z.object({ name: z.string(), address: z.string(), port: z.number() }))),
  machines: parsed(z.array(z.object({ name: z.string(), host: z.string(), address: z.string() }))),
  privateKeyFile: z.string(),
  knownHostsFile: z.string(),
  authorizedKey: z.string(),
  image: z.string(),
  sha256: z.string(),
});
const hostsOf = ({ hosts, privateKeyFile, knownHostsFile }) =>
  hosts.map(({ name, address, port }) => ({
    name,
    address,
    connection: { type: "ssh", user: "root", port, privateKeyFile, knownHostsFile },
    capacity: { memoryMiB: 2048, vcpus: 1, vcpuOvercommit: 8, reserve: { memoryMiB: 0 } },
    pools: { default: { path: "/var/lib/libvirt/images/default" } },
    network: { bridge: "br0" },
    domainType: "qemu",
  }));

export default defineStack({
  name: "lab",
  config,
  outputs: z.object({ macAddresses: z.record(z.string(), z.string()) }),
  // A pool that this stack makes is not there before.
  preflight: async ({ config, signal }) =>
    (await preflightHypervisors(hostsOf(config), { signal })).filter(({ problem }) => !/pool/.test(problem)),
  program: ({ config }) => {
    const image = { file: config.image, sha256: config.sha256 };
    const hypervisors = Object.fromEntries(
      hostsOf(config).map(({ name, ...args }) => [name, new Hypervisor(name, args)]),
    );
    const images = Object.fromEntries(
      Object.entries(hypervisors).map(([name, hypervisor]) => [
        name,
        new BaseImage(name + "-image", { hypervisor, image, format: "raw" }),
      ]),
    );
    const machines = config.machines.map(
      ({ name, host, address }) =>
        new VirtualMachine(name, {
          hypervisor: hypervisors[host],
          image: images[host],
          size: { memoryMiB: 64, vcpus: 1 },
          diskGiB: 1,
          address: { cidr: address + "/24", gateway: "10.220.1.1", nameservers: ["8.8.8.8"] },
          users: [{ name: "deploy", authorizedKeys: [config.authorizedKey], sudo: true }],
        }),
    );
    return { macAddresses: Object.fromEntries(machines.map(({ machineName, macAddress }) => [machineName, macAddress])) };
  },
});
`;

const fleet = referenceFleet();
const before = process.env["PULUMI_HOME"];
let why: string | undefined;
let rack: TestHypervisors;
let project: TestProject;

async function configure(key = "client_key.pub"): Promise<void> {
  const machines = fleet.machines.map(({ name, address }) => ({
    ...{ name, address },
    host: REFERENCE_PLACEMENT[name],
  }));
  await writeConfig(project, {
    hosts: JSON.stringify(rack.hosts.map(({ name, address, port }) => ({ name, address, port }))),
    machines: JSON.stringify(machines),
    privateKeyFile: join(rack.scratch, "client_key"),
    knownHostsFile: join(rack.scratch, "known_hosts"),
    authorizedKey: (await readFile(join(rack.scratch, key), "utf8")).trim(),
    image: imageOf(project),
    sha256: createHash("sha256")
      .update(await readFile(imageOf(project)))
      .digest("hex"),
  });
}

beforeAll(async () => {
  why = await whyNoHypervisors();
  if (why !== undefined) return;
  rack = await startHypervisors(fleet.hosts.map(({ name }) => name));
  project = await rackProject(PROGRAM);
  process.env["PULUMI_HOME"] = join(project.root, "pulumi-home");
  await configure();
  why = await installLabPlugins(project);
});
afterAll(async () => {
  if (before === undefined) delete process.env["PULUMI_HOME"];
  else process.env["PULUMI_HOME"] = before;
  await rack?.stop();
  await project?.remove();
});

const machinesOf = (host: string) =>
  Object.entries(REFERENCE_PLACEMENT)
    .filter(([, placed]) => placed === host)
    .map(([name]) => name)
    .sort();

test("eight machines on five hypervisors: deployed, unchanged, drift seen, a host down told, destroyed", async ({
  skip,
}) => {
  if (why !== undefined) skip(why);
  const [first] = rack.hosts;
  if (first === undefined) throw new TypeError("no hypervisor was started");

  await project.use(async (orchestrator) => {
    expect(story(await orchestrator.deploy(LAB))).toBe("DONE | applied");
    const macs = orchestrator.outputs(LAB)?.values["macAddresses"];
    for (const host of rack.hosts) {
      expect(await host.names("list", "--state-running")).toEqual(machinesOf(host.name));
      for (const machine of machinesOf(host.name)) {
        const card = await host.virsh("domiflist", machine);
        expect(card).toMatch(/bridge +br0/);
        expect(macs).toMatchObject({ [machine]: /([0-9a-f]{2}:){5}[0-9a-f]{2}/.exec(card)?.[0] });
      }
    }
    expect(story(await orchestrator.deploy(LAB))).toBe("DONE | unchanged");
    expect((await orchestrator.drift(LAB)).items).toEqual([]);
    // Somebody on a host changes what starts with it.
    await first.virsh("autostart", "--disable", "athena");
    expect((await orchestrator.drift(LAB)).items).toMatchObject([
      { urn: expect.stringMatching(/::athena-domain$/) },
    ]);
    expect(story(await orchestrator.deploy({ ...LAB, refresh: true }))).toBe("DONE | applied");
    expect(await first.virsh("dominfo", "athena")).toMatch(/Autostart: +enable/);
  });

  await project.use(async (orchestrator) => {
    await first.stop();
    const run = await orchestrator.deploy(LAB);
    expect(run.reason?.code).toBe("PREFLIGHT_FAILED");
    expect(run.reason?.message).toContain(first.name);
    await first.start();
    // What was running is not, as after a power cut; what starts with the host would have been started by its libvirtd.
    expect((await first.names("list", "--all")).length).toBe(machinesOf(first.name).length);
  });

  await project.use(async (orchestrator) => {
    expect(story(await destroyLab(orchestrator))).toBe("DONE | applied");
    for (const host of rack.hosts) {
      expect(await host.names("list", "--all")).toEqual([]);
      expect(await host.names("pool-list", "--all")).toEqual([]);
      expect(await readdir(host.images)).toEqual([]);
    }
  });
});
