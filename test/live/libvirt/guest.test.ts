// A real guest: an image of our own, cloud-init, the address, SSH, MachineSetup, and a restart with another size.

import { constants } from "node:fs";
import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { runOverSsh } from "@groundplane/machine";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestProject } from "../../project.ts";
import { story } from "../../story.ts";
import { guestImage } from "./guest-image.ts";
import {
  startHypervisors,
  type TestHypervisor,
  type TestHypervisors,
  whyNoHypervisors,
} from "./hypervisors.ts";
import { destroyLab, installLabPlugins, LAB, rackProject, writeConfig } from "./lab.ts";

const PROGRAM = `
import { readFileSync } from "node:fs";
import { defineStack } from "@groundplane/orchestrator";
import { BaseImage, Hypervisor, VirtualMachine } from "@groundplane/libvirt";
import { MachineSetup } from "@groundplane/machine";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

export default defineStack({
  name: "lab",
  config: z.object({
    address: z.string(), port: z.number(), key: z.string(), knownHostsFile: z.string(), image: z.string(), sha256: z.string(),
    domainType: z.enum(["kvm", "qemu"]), memoryMiB: z.number(),
  }),
  outputs: z.object({ hostKey: z.string() }),
  program: ({ config }) => {
    const hypervisor = new Hypervisor("r820", {
      address: config.address,
      connection: {
        type: "ssh", user: "root", port: config.port, privateKeyFile: config.key, knownHostsFile: config.knownHostsFile,
      },
      capacity: { memoryMiB: 4096, vcpus: 2, reserve: { memoryMiB: 0 } },
      pools: { default: { path: "/var/lib/libvirt/images/default" } },
      network: { bridge: "br0" },
      domainType: config.domainType,
    });
    const image = new BaseImage("debian", { hypervisor, image: { file: config.image, sha256: config.sha256 } });
    const athena = new VirtualMachine("athena", {
      hypervisor,
      image,
      size: { memoryMiB: config.memoryMiB, vcpus: 1 },
      diskGiB: 4,
      address: { cidr: "10.220.1.50/24", gateway: "10.220.1.1", nameservers: ["10.220.1.1"] },
      users: [{ name: "deploy", authorizedKeys: [readFileSync(config.key + ".pub", "utf8").trim()], sudo: true }],
      hosts: [{ address: "10.220.1.51", names: ["apollo"] }],
    });
    const motd = new MachineSetup("motd", {
      connection: athena.connection({ user: "deploy", privateKey: pulumi.secret(readFileSync(config.key, "utf8")) }),
      files: [{ path: "/etc/motd", content: "Athena, set up by Groundplane\\n" }],
      setup: "hostname > /etc/set-up-on",
      check: "test -s /etc/set-up-on",
      connectTimeoutSeconds: 900,
    }, { dependsOn: [athena] });
    return { hostKey: motd.hostKey };
  },
});
`;

const before = process.env["PULUMI_HOME"];
let why: string | undefined;
let image: { readonly file: string; readonly sha256: string };
let rack: TestHypervisors;
let project: TestProject;

beforeAll(async () => {
  why = await whyNoHypervisors();
  if (why !== undefined) return;
  const built = await guestImage();
  if (typeof built === "string") {
    why = built;
    return;
  }
  image = built;
  rack = await startHypervisors(["r820"], { network: true });
  project = await rackProject(PROGRAM);
  process.env["PULUMI_HOME"] = join(project.root, "pulumi-home");
  why = await installLabPlugins(project);
}, 1_200_000);
afterAll(async () => {
  if (before === undefined) delete process.env["PULUMI_HOME"];
  else process.env["PULUMI_HOME"] = before;
  await rack?.stop();
  await project?.remove();
});

/**
 * KVM where the processor has it, which takes seconds. A /dev/kvm alone says little: a machine without VT-x or AMD-V may have one
 * too (PVM), whose guests need a kernel of their own.
 */
async function domainType(host: TestHypervisor): Promise<"kvm" | "qemu"> {
  const hardware = /^flags\s.*\b(vmx|svm)\b/m.test(await readFile("/proc/cpuinfo", "utf8"));
  const works = await Promise.all([
    access("/dev/kvm", constants.R_OK | constants.W_OK),
    host.virsh("domcapabilities", "--virttype", "kvm"),
  ]).then(
    () => true,
    () => false,
  );
  return hardware && works ? "kvm" : "qemu";
}

async function configure(host: TestHypervisor, memoryMiB: number): Promise<void> {
  const { address, port, keys } = host;
  await writeConfig(project, {
    ...{ address, port, key: keys.client, knownHostsFile: keys.knownHosts, memoryMiB },
    ...{ image: image.file, sha256: image.sha256, domainType: await domainType(host) },
  });
}

/** What the machine says of itself, a line for each. */
const LOOK = `
hostname
cat /etc/motd
sudo -n cat /etc/set-up-on
getent hosts apollo
sudo -n id -un
command -v nc
grep -o mitigations=off /proc/cmdline
resolvectl dns lan0
ls /etc/ssh/ssh_host_*_key
df --output=size --block-size=MiB / | tail -n 1
cat kept
`;

const AS_SET_UP = [
  "athena",
  "Athena, set up by Groundplane",
  "athena",
  "10.220.1.51 apollo",
  "root",
  // What the image was asked for: a package more, and what its own program wrote.
  "/usr/bin/nc",
  "mitigations=off",
  expect.stringMatching(/^Link \d+ \(lan0\): 10\.220\.1\.1$/),
  "/etc/ssh/ssh_host_ed25519_key",
];

test("a machine boots with its address, users and hosts, is set up at once, and keeps its disk when it restarts with more memory", async ({
  skip,
}) => {
  if (why !== undefined) skip(why);
  const [host] = rack.hosts;
  if (host === undefined) throw new TypeError("no hypervisor was started");
  const privateKey = await readFile(host.keys.client, "utf8");
  await configure(host, 640);
  await project.use(async (orchestrator) => {
    expect(story(await orchestrator.deploy(LAB))).toBe("DONE | applied");
    const connection = {
      ...{ host: "10.220.1.50", user: "deploy", privateKey },
      hostKey: String(orchestrator.outputs(LAB)?.values["hostKey"]),
    };
    const ask = async (script: string): Promise<readonly string[]> => {
      const { code, stdout, stderr } = await runOverSsh(connection, script, {
        connectTimeoutSeconds: 600,
        timeoutSeconds: 120,
      });
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      return stdout
        .trim()
        .split("\n")
        .map((line) => line.trim().replace(/ +/g, " "));
    };
    const mebibytes = async () =>
      Number((await ask("awk '/^MemTotal/ { print int($2 / 1024) }' /proc/meminfo"))[0]);

    // It goes to the disk at once: a change of memory switches the machine off hard.
    const [boot] = await ask("echo written before >kept; sync; cat /proc/sys/kernel/random/boot_id");
    const seen = await ask(LOOK);
    expect(seen).toEqual([...AS_SET_UP, expect.stringMatching(/^\d+MiB$/), "written before"]);
    // The image's own is a quarter of it: cloud-init made it as large as the disk of 4 GiB.
    expect(Number.parseInt(seen.at(-2) ?? "", 10)).toBeGreaterThan(3700);
    expect(await mebibytes()).toBeLessThan(640);

    await configure(host, 896);
    expect(story(await orchestrator.deploy(LAB))).toBe("DONE | applied");
    expect(await mebibytes()).toBeGreaterThan(700);
    expect(await ask(LOOK)).toEqual(seen);
    expect(await ask("cat /proc/sys/kernel/random/boot_id")).not.toEqual([boot]);

    expect(story(await orchestrator.deploy(LAB))).toBe("DONE | unchanged");
    expect(story(await destroyLab(orchestrator))).toBe("DONE | applied");
  });
}, 1_800_000);
