// A real guest, from an image to a file that MachineSetup wrote on it. It boots in software, which takes minutes: by hand only.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { runOverSsh } from "@groundplane/machine";
import { cacheFolder } from "@groundplane/orchestrator";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestProject } from "../../project.ts";
import { makeGuestImage } from "./guest-image.ts";
import { startHypervisors, type TestHypervisors, whyNoHypervisors } from "./hypervisors.ts";
import { destroyLab, installLabPlugins, LAB, rackProject, story, writeConfig } from "./lab.ts";

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
      domainType: "qemu",
    });
    const image = new BaseImage("debian", { hypervisor, image: { file: config.image, sha256: config.sha256 } });
    const athena = new VirtualMachine("athena", {
      hypervisor,
      image,
      size: { memoryMiB: 768, vcpus: 1 },
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
      connectTimeoutSeconds: 1500,
    }, { dependsOn: [athena] });
    return { hostKey: motd.hostKey };
  },
});
`;

const image = join(cacheFolder(), "tools", "guest-1", "debian.qcow2");
const before = process.env["PULUMI_HOME"];
let why: string | undefined;
let rack: TestHypervisors;
let project: TestProject;

beforeAll(async () => {
  why =
    process.env["GROUNDPLANE_LIVE_GUEST"] === "1"
      ? await whyNoHypervisors()
      : "a guest boots in software for minutes: set GROUNDPLANE_LIVE_GUEST=1";
  if (why === undefined && !existsSync(image)) why = await makeGuestImage(image);
  if (why !== undefined) return;
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

test("a machine boots with its address, user and hosts, and is set up over SSH in the same deployment", async ({
  skip,
}) => {
  if (why !== undefined) skip(why);
  const [host] = rack.hosts;
  if (host === undefined) throw new TypeError("no hypervisor was started");
  await writeConfig(project, {
    ...{
      address: host.address,
      port: host.port,
      key: host.keys.client,
      knownHostsFile: host.keys.knownHosts,
    },
    image,
    sha256: createHash("sha256")
      .update(await readFile(image))
      .digest("hex"),
  });
  await project.use(async (orchestrator) => {
    expect(story(await orchestrator.deploy(LAB))).toBe("DONE | applied");
    const hostKey = String(orchestrator.outputs(LAB)?.values["hostKey"]);
    const privateKey = await readFile(host.keys.client, "utf8");
    const seen = await runOverSsh(
      { host: "10.220.1.50", user: "deploy", privateKey, hostKey },
      "hostname; cat /etc/motd; sudo -n cat /etc/set-up-on; getent hosts apollo; sudo -n id -un",
      { timeoutSeconds: 120 },
    );
    expect(seen).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /^athena\nAthena, set up by Groundplane\nathena\n10\.220\.1\.51 +apollo\nroot\n$/,
      ),
    });
    expect(story(await orchestrator.deploy(LAB))).toBe("DONE | unchanged");
    expect(story(await destroyLab(orchestrator))).toBe("DONE | applied");
  });
}, 2_400_000);
