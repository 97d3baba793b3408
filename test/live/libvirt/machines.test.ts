// The components on a real libvirtd: an image that the host fetches, a machine through its changes, a copy of its disks and back,
// on its host and on another one.
import { createHash } from "node:crypto";
import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { DiskBackup, type PreflightHost, Provider, preflightHypervisors } from "@groundplane/libvirt";
import { runOverSsh } from "@groundplane/machine";
import type { Orchestrator } from "@groundplane/orchestrator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { oneStackProject } from "../../one-stack-project.ts";
import type { TestProject } from "../../project.ts";
import { record } from "../../recording-mocks.ts";
import { story } from "../../story.ts";
import {
  startHypervisors,
  strangersKey,
  type TestHypervisor,
  type TestHypervisors,
  whyNoHypervisors,
} from "./hypervisors.ts";
import { HALTING, installLabPlugins, LAB } from "./lab.ts";

const PROGRAM = `
import { defineStack } from "@groundplane/orchestrator";
import { BaseImage, Hypervisor, VirtualMachine } from "@groundplane/libvirt";
import { z } from "zod";

const json = z.string().transform((text) => JSON.parse(text));

export default defineStack({
  name: "lab",
  config: z.object({ host: json, image: json, machine: json }),
  outputs: z.object({ domain: z.string(), instance: z.string(), volumeId: z.string() }),
  program: ({ config }) => {
    const host = new Hypervisor("rack", {
      ...config.host,
      capacity: { memoryMiB: 1024, vcpus: 2, reserve: { memoryMiB: 0 } },
      pools: { default: { path: "/var/lib/libvirt/images/lab" } },
      network: { bridge: "br0" },
      domainType: "qemu",
    });
    const image = new BaseImage("halting", { hypervisor: host, image: config.image, format: "raw" });
    const guest = new VirtualMachine("guest", { hypervisor: host, image, ...config.machine });
    return { domain: guest.domainId, instance: guest.instanceId, volumeId: image.volumeId };
  },
});
`;
const sha256 = createHash("sha256").update(HALTING).digest("hex");
const MACHINE = {
  size: { memoryMiB: 32, vcpus: 1 },
  diskGiB: 1,
  disks: [{ name: "work", sizeGiB: 1 }],
  address: { cidr: "10.220.1.50/24", gateway: "10.220.1.1", nameservers: ["10.220.1.1"] },
  users: [{ name: "agent", authorizedKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 test"] }],
};

const before = process.env["PULUMI_HOME"];
let why: string | undefined;
let rack: TestHypervisors;
let host: TestHypervisor;
let spare: TestHypervisor;
let project: TestProject;
let images: Server;
let url: string;
let asked = 0;

beforeAll(async () => {
  why = await whyNoHypervisors();
  if (why !== undefined) return;
  rack = await startHypervisors(["rack", "spare"]);
  const [first, second] = rack.hosts;
  if (first === undefined || second === undefined) throw new TypeError("two hypervisors were to be started");
  [host, spare] = [first, second];
  images = createServer((_, response) => {
    asked += 1;
    response.end(HALTING);
  });
  await new Promise<void>((resolve) => images.listen(0, "127.0.0.1", resolve));
  const at = images.address();
  url = `http://127.0.0.1:${typeof at === "object" ? at?.port : 0}/halting.img`;
  const packages = ["@groundplane/libvirt", "@groundplane/machine"];
  project = await oneStackProject({ stack: "lab", program: PROGRAM, packages });
  process.env["PULUMI_HOME"] = join(project.root, "pulumi-home");
});
afterAll(async () => {
  if (before === undefined) delete process.env["PULUMI_HOME"];
  else process.env["PULUMI_HOME"] = before;
  images?.close();
  await rack?.stop();
  await project?.remove();
});

const connection = () => ({
  type: "ssh" as const,
  user: "root",
  port: host.port,
  privateKeyFile: host.keys.client,
  knownHostsFile: host.keys.knownHosts,
});
async function configure(machine: object): Promise<void> {
  const config = {
    host: { address: host.address, connection: connection() },
    image: { url, sha256 },
    machine: { ...MACHINE, ...machine },
  };
  const lines = Object.entries(config).map(
    ([key, value]) => `  lab:${key}: ${JSON.stringify(JSON.stringify(value))}`,
  );
  await project.write("stacks/lab/Pulumi.rack.yaml", `config:\n${lines.join("\n")}\n`);
}
const deploy = async (orchestrator: Orchestrator, machine: object = {}): Promise<string> => {
  await configure(machine);
  return story(await orchestrator.deploy(LAB));
};
const pool = () => join(host.images, "lab");
const isos = () => readdirSync(pool()).filter((name) => name.endsWith(".iso"));
const root = () => join(pool(), "rack-guest-root.qcow2");
const uuid = () => host.virsh("domuuid", "guest");
/** A script of a machine's backup, as the component writes it. */
async function backupScripts(): Promise<{ readonly backup: string; readonly restore: string }> {
  const { resources } = await record(
    (options) =>
      new DiskBackup(
        "guest-backup",
        {
          hypervisor: {
            name: "rack",
            address: host.address,
            provider: new Provider("rack", { uri: "" }),
            pools: {},
            network: { bridge: "br0" },
            domainType: "qemu",
            ssh: { host: host.address, user: "root", privateKey: "none", hostKey: "none" },
          },
          machineName: "guest",
          diskPaths: ["root", "disk-work"].map(
            (role) => `/var/lib/libvirt/images/lab/rack-guest-${role}.qcow2`,
          ),
          schedule: "daily",
          keep: 1,
          folder: "/var/lib/libvirt/images/copies",
        },
        options,
      ),
  );
  const files = resources.find(({ name }) => name === "guest-backup-setup")?.inputs["files"];
  const [backup, restore] = Array.isArray(files) ? files.map(({ content }) => String(content)) : [];
  return { backup: backup ?? "", restore: restore ?? "" };
}
async function onHost(script: string, to = host): Promise<string> {
  const known = readFileSync(to.keys.knownHosts, "utf8").split("\n");
  const hostKey = known.find((line) => line.startsWith(`[${to.address}]:`))?.replace(/^\S+ /, "") ?? "";
  const privateKey = readFileSync(to.keys.client, "utf8");
  const where = { host: to.address, port: to.port, user: "root", privateKey, hostKey };
  const { code, stdout, stderr } = await runOverSsh(where, script);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout.trim();
}

/** As the guide says: the copy's folder is brought over, and the other host's own script puts it into the disks of its own. */
async function restoreElsewhere(copy: string): Promise<void> {
  const stamp = copy.split("/").at(-1) ?? "";
  const { restore } = await backupScripts();
  cpSync(join(host.images, "copies"), join(spare.images, "copies"), { recursive: true });
  await onHost(
    `set -eu
cd /var/lib/libvirt/images
mkdir lab
qemu-img create -q -f qcow2 lab/rack-guest-root.qcow2 1G
qemu-img create -q -f qcow2 lab/rack-guest-disk-work.qcow2 1G
cat >guest.xml <<'END'
<domain type="qemu"><name>guest</name><memory unit="MiB">32</memory><os><type>hvm</type></os><devices>
<disk type="file" device="disk"><driver name="qemu" type="qcow2"/>
<source file="/var/lib/libvirt/images/lab/rack-guest-root.qcow2"/><target dev="vda" bus="virtio"/></disk>
<disk type="file" device="disk"><driver name="qemu" type="qcow2"/>
<source file="/var/lib/libvirt/images/lab/rack-guest-disk-work.qcow2"/><target dev="vdb" bus="virtio"/></disk>
</devices></domain>
END`,
    spare,
  );
  await spare.virsh("define", join(spare.images, "guest.xml"));
  // A machine that runs keeps its disks.
  await spare.virsh("start", "guest");
  const refused = await onHost(`(set -- ${stamp}\n${restore}\n) 2>&1 && exit 1 || exit 0`, spare);
  expect(refused).toContain("it runs; shut it down first");
  await spare.virsh("destroy", "guest");
  await onHost(`set -- ${stamp}\n${restore}`, spare);
  await onHost(
    `cd /var/lib/libvirt/images
qemu-img compare -q copies/guest/${stamp}/vda.qcow2 lab/rack-guest-root.qcow2
qemu-img compare -q copies/guest/${stamp}/vdb.qcow2 lab/rack-guest-disk-work.qcow2`,
    spare,
  );
  await spare.virsh("start", "guest");
  expect(await spare.names("list", "--state-running")).toEqual(["guest"]);
}

test("a machine, from nothing through its changes to nothing", async ({ skip, annotate }) => {
  if (why !== undefined) skip(why);
  const cannotBuild = await installLabPlugins(project);
  if (cannotBuild !== undefined) skip(cannotBuild);
  const begin = performance.now();
  const since = () => `${Math.round(performance.now() - begin)} ms`;

  await project.use(async (orchestrator) => {
    expect(await deploy(orchestrator)).toBe("DONE | applied");
    await annotate(`deployed after ${since()}`);
    expect(asked).toBe(1);
    expect(await host.names("list", "--state-running")).toEqual(["guest"]);
    expect(await host.virsh("vol-dumpxml", "rack-guest-root.qcow2", "--pool", "default")).toContain(
      `<path>/var/lib/libvirt/images/lab/base-${sha256}.raw</path>`,
    );
    expect(await host.virsh("dominfo", "guest")).toMatch(/Autostart: +enable/);
    expect(await deploy(orchestrator)).toBe("DONE | unchanged");
    expect((await orchestrator.drift(LAB)).items).toEqual([]);
  });

  await project.use(async (orchestrator) => {
    const [domain, disk, [iso]] = [await uuid(), statSync(root()).ino, isos()];
    // Cloud-init's part: another CD in the same machine.
    expect(await deploy(orchestrator, { packages: ["ufw"] })).toBe("DONE | applied");
    expect(await uuid()).toBe(domain);
    expect(isos()).toHaveLength(1);
    expect(isos()).not.toContain(iso);
    expect(await host.virsh("domblklist", "guest")).toContain(isos()[0]);
    // More memory: a new domain with the same disks.
    const larger = { packages: ["ufw"], size: { memoryMiB: 48, vcpus: 2 } };
    expect(await deploy(orchestrator, larger)).toBe("DONE | applied");
    expect(await uuid()).not.toBe(domain);
    expect(await host.virsh("dominfo", "guest")).toMatch(/Max memory: +49152 KiB/);
    expect(statSync(root()).ino).toBe(disk);
    // Another card, which the provider does not change by itself.
    expect(await deploy(orchestrator, { ...larger, macAddress: "52:54:00:12:34:56" })).toBe("DONE | applied");
    expect(await host.virsh("domiflist", "guest")).toContain("52:54:00:12:34:56");
    // A snapshot is inside the disks' images, and no change.
    await host.virsh("snapshot-create-as", "guest", "before-upgrade");
    await host.virsh("snapshot-revert", "guest", "before-upgrade");
    expect((await orchestrator.drift(LAB)).items).toEqual([]);
    // A larger disk would be an empty one: nothing is done without a word for it.
    expect(await deploy(orchestrator, { ...larger, diskGiB: 2 })).toMatch(/^BLOCKED/);
    expect(statSync(root()).ino).toBe(disk);
  });
  await annotate(`changed after ${since()}`);

  const { backup, restore } = await backupScripts();
  const copy = await onHost(backup);
  expect(await onHost(`ls ${copy}`)).toBe("domain.xml\nvda.qcow2\nvdb.qcow2");
  // Whole, without the image that the disk is a clone of.
  const info = await onHost(`qemu-img info ${copy}/vda.qcow2`);
  expect(info).toContain("virtual size: 1 GiB");
  expect(info).not.toContain("backing file");
  await onHost(`qemu-img compare -q ${copy}/vda.qcow2 -U /var/lib/libvirt/images/lab/rack-guest-root.qcow2`);
  await host.virsh("destroy", "guest");
  writeFileSync(join(pool(), "rack-guest-disk-work.qcow2"), "lost");
  await onHost(`set -- ${copy.split("/").at(-1)}\n${restore}`);
  await onHost("qemu-img check -q /var/lib/libvirt/images/lab/rack-guest-disk-work.qcow2");
  // Of a machine that is shut off, too; and only as many as are kept.
  const second = await onHost(backup);
  expect(await onHost("ls /var/lib/libvirt/images/copies/guest")).toBe(second.split("/").at(-1));
  await annotate(`copied and restored after ${since()}`);
  await restoreElsewhere(second);
  await annotate(`restored on another host after ${since()}`);
  await onHost("rm -r /var/lib/libvirt/images/copies /var/lib/libvirt/images/lab/*.before-*");

  await project.use(async (orchestrator) => {
    const larger = { packages: ["ufw"], size: { memoryMiB: 48, vcpus: 2 }, macAddress: "52:54:00:12:34:56" };
    await configure(larger);
    // The machine that was shut off runs again.
    expect(story(await orchestrator.deploy({ ...LAB, refresh: true }))).toBe("DONE | applied");
    expect(await host.names("list", "--state-running")).toEqual(["guest"]);
    const first = await orchestrator.destroy(LAB);
    expect(first.state).toBe("BLOCKED");
    const confirm = first.findings.flatMap(({ rule, urn }) =>
      rule === "data-loss" && urn !== undefined ? [urn] : [],
    );
    expect(confirm.map((urn) => urn.split("::").at(-1)).toSorted()).toEqual([
      "guest-disk-work",
      "guest-root",
      "rack-pool-default",
    ]);
    expect(story(await orchestrator.destroy({ ...LAB, confirm }))).toBe("DONE | applied");
    expect(await host.names("list", "--all")).toEqual([]);
    expect(readdirSync(host.images)).toEqual([]);
  });
  await annotate(`gone after ${since()}`);
});

test("what is wrong with a host is said before anything is made", async ({ skip }) => {
  if (why !== undefined) skip(why);
  const declared: PreflightHost = {
    name: "rack",
    address: host.address,
    connection: connection(),
    capacity: { memoryMiB: 64, vcpus: 1, reserve: { memoryMiB: 0 } },
    pools: { default: { path: "/var/lib/libvirt/images/lab", sizeGiB: 1 } },
    network: { bridge: "gp-none" },
    domainType: "qemu",
  };
  const problems = async (more: Partial<PreflightHost>) =>
    (await preflightHypervisors([{ ...declared, ...more }])).map(({ problem }) => problem);
  expect(await problems({})).toEqual(["the bridge gp-none is not there"]);
  expect(
    await problems({
      capacity: { memoryMiB: 2 ** 29, vcpus: 4000 },
      pools: { default: { existing: "none" } },
    }),
  ).toEqual([
    expect.stringMatching(/^it has \d+ MiB of memory, and 536870912 are declared$/),
    expect.stringMatching(/^it has \d+ hardware threads, and 4000 are declared$/),
    "the bridge gp-none is not there",
    "libvirt has no pool none",
  ]);
  const stranger = strangersKey(host.keys);
  expect(await problems({ connection: { ...connection(), privateKeyFile: stranger } })).toEqual([
    expect.stringContaining('refuses the private key for the user "root"'),
  ]);
  const swapped = join(rack.scratch, "known_hosts-swapped");
  writeFileSync(swapped, `[${host.address}]:${host.port} ${readFileSync(`${stranger}.pub`, "utf8")}`);
  expect(await problems({ connection: { ...connection(), knownHostsFile: swapped } })).toEqual([
    expect.stringContaining("its host key is SHA256:"),
  ]);
});
