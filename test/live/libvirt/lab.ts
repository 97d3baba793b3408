import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunRecord } from "@groundplane/contracts";
import { installPlugins, loadProject, type Orchestrator } from "@groundplane/orchestrator";
import { oneStackProject } from "../../one-stack-project.ts";
import type { TestProject } from "../../project.ts";
import type { TestHypervisor } from "./hypervisors.ts";
import { installLibvirtPlugin } from "./plugin.ts";

const PROGRAM = `
import { defineStack } from "@groundplane/orchestrator";
import { CloudInitDisk, Domain, Pool, Provider, Volume } from "@groundplane/libvirt";
import { z } from "zod";

const hosts = z.array(z.object({ name: z.string(), uri: z.string() }));

export default defineStack({
  name: "lab",
  config: z.object({ hosts: z.string().transform((text) => hosts.parse(JSON.parse(text))), machines: z.number(), image: z.string() }),
  outputs: z.object({ domains: z.record(z.string(), z.string()) }),
  program: ({ config }) => {
    const domains = {};
    for (const { name, uri } of config.hosts) {
      const provider = new Provider(name, { uri });
      const options = { provider };
      const pool = new Pool(name + "-pool", { name: "lab", type: "dir", target: { path: "/var/lib/libvirt/images/lab" } }, options);
      const base = new Volume(name + "-base", { name: "base", pool: pool.name, source: config.image, format: "raw" }, options);
      for (let index = 1; index <= config.machines; index += 1) {
        const machine = name + "-vm" + index;
        const volume = new Volume(machine, { name: machine, pool: pool.name, baseVolumeId: base.id, format: "qcow2" }, options);
        const seed = new CloudInitDisk(machine, {
          name: machine + ".iso",
          pool: pool.name,
          userData: "#cloud-config\\nhostname: " + machine + "\\n# " + "x".repeat(20000) + "\\n",
          metaData: "instance-id: " + machine + "\\n",
        }, options);
        const domain = new Domain(machine, {
          name: machine,
          type: "qemu",
          memory: 16,
          vcpu: 1,
          disks: [{ volumeId: volume.id }],
          cloudinit: seed.id,
          running: true,
        }, options);
        domains[machine] = domain.id;
      }
    }
    return { domains };
  },
});
`;

export const LAB = { stack: "lab", environment: "rack", requester: "ann" };

/** A boot sector that halts: a guest that is there and costs nothing. */
export const HALTING = Buffer.concat([
  Buffer.from([0xfa, 0xf4, 0xeb, 0xfd]),
  Buffer.alloc(506),
  Buffer.from([0x55, 0xaa]),
  Buffer.alloc(1024 * 1024 - 512),
]);

export interface LabConfig {
  readonly hosts: readonly TestHypervisor[];
  readonly machines: number;
  /** Of a host's connection URI, instead of what is right. */
  readonly uris?: Readonly<Record<string, string>>;
}

/** A project with one stack, in a real environment. */
export async function rackProject(program: string): Promise<TestProject> {
  const project = await oneStackProject({ stack: "lab", program, packages: ["@groundplane/libvirt"] });
  await mkdir(join(project.root, "images"));
  await writeFile(imageOf(project), HALTING);
  return project;
}

/** Image of a machine that halts as it starts. */
export function imageOf(project: TestProject): string {
  return join(project.root, "images", "halting.img");
}

export async function writeConfig(
  project: TestProject,
  config: Readonly<Record<string, unknown>>,
): Promise<void> {
  const lines = Object.entries(config).map(([key, value]) => `  lab:${key}: ${JSON.stringify(value)}`);
  await project.write("stacks/lab/Pulumi.rack.yaml", `config:\n${lines.join("\n")}\n`);
}

/** A project with machines by the provider's own resources, on these hosts. */
export async function labProject(config: LabConfig): Promise<TestProject> {
  const project = await rackProject(PROGRAM);
  await configureLab(project, config);
  return project;
}

export async function configureLab(
  project: TestProject,
  { hosts, machines, uris = {} }: LabConfig,
): Promise<void> {
  const named = hosts.map((host) => ({ name: host.name, uri: uris[host.name] ?? host.uri() }));
  await writeConfig(project, { hosts: JSON.stringify(named), machines, image: imageOf(project) });
}

/** All plugins that the stack needs; a string says why they cannot be had. */
export async function installLabPlugins(project: TestProject): Promise<string | undefined> {
  const why = await installLibvirtPlugin(join(project.root, "pulumi-home"));
  if (why !== undefined) return why;
  await installPlugins(await loadProject(project.root));
  return undefined;
}

/** Destroys the stack, each loss of data confirmed by its name. */
export async function destroyLab(orchestrator: Orchestrator): Promise<RunRecord> {
  const first = await orchestrator.destroy(LAB);
  const confirm = first.findings.flatMap(({ rule, urn }) =>
    rule === "data-loss" && urn !== undefined ? [urn] : [],
  );
  return first.state === "BLOCKED" && confirm.length > 0 ? orchestrator.destroy({ ...LAB, confirm }) : first;
}
