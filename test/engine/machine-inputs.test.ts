// What a machine's program may not give away, or take for something else: found out while it runs, by the real engine.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { oneStackProject } from "../one-stack-project.ts";
import type { TestProject } from "../project.ts";

const CANARY = "canary-1n-cl0ud-1n1t";
const program = (parts: { readonly image: string; readonly content: string }) => `
import { defineStack } from "@groundplane/orchestrator";
import { BaseImage, Hypervisor, VirtualMachine } from "@groundplane/libvirt";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

export default defineStack({
  name: "lab",
  config: z.object({}),
  outputs: z.object({ instance: z.string() }),
  program: () => {
    const hypervisor = new Hypervisor("r820", {
      address: "10.220.1.11",
      connection: {
        type: "ssh", user: "ops", privateKeyFile: "/no/key", knownHostsFile: "/no/known_hosts",
        setup: { privateKey: "none", hostKey: "ssh-ed25519 AAAA" },
      },
      capacity: { memoryMiB: 131072, vcpus: 32 },
      pools: { default: { path: "/srv/machines" } },
      network: { bridge: "br0" },
    });
    const image = new BaseImage("jammy", { hypervisor, image: ${parts.image} });
    const machine = new VirtualMachine("athena", {
      hypervisor,
      image,
      size: "light",
      diskGiB: 20,
      address: { cidr: "10.220.1.50/24", gateway: "10.220.1.1", nameservers: ["8.8.8.8"] },
      users: [{ name: "agent", authorizedKeys: ["ssh-ed25519 AAAA jeff"] }],
      files: [{ path: "/etc/token", content: ${parts.content} }],
    });
    return { instance: machine.instanceId };
  },
});
`;
const URL_IMAGE = `{ url: "https://images.example/jammy.img", sha256: "${"0".repeat(64)}" }`;

let project: TestProject;
// What Node keeps compiled is looked through as well: in the project's own folder.
delete process.env["NODE_COMPILE_CACHE"];

beforeAll(async () => {
  // Each test writes its own.
  project = await oneStackProject({ stack: "lab", program: "", cloud: "libvirtSandbox" });
  await project.write("stacks/lab/image.qcow2", "an image");
});
afterAll(() => project.remove());

async function deploy(parts: { readonly image?: string; readonly content?: string }) {
  const { image = URL_IMAGE, content = '"no secret"' } = parts;
  await project.write("stacks/lab/index.ts", program({ image, content }));
  return project.use((orchestrator) =>
    orchestrator.deploy({ stack: "lab", environment: "rack", requester: "ann" }),
  );
}
const written = () =>
  readdirSync(join(project.root, ".groundplane"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)));

test("a secret among what cloud-init gets ends the run before anything is made, and is nowhere", async () => {
  const run = await deploy({
    content: `pulumi.interpolate\`token=\${pulumi.secret(["${CANARY.slice(0, 9)}", "${CANARY.slice(9)}"].join(""))}\``,
  });
  expect([run.state, run.outcome]).toEqual(["DONE", "failed"]);
  expect(run.reason?.message).toContain('files.content of the machine "athena" holds a secret');
  const files = written();
  expect(files.length).toBeGreaterThan(3);
  expect(files.filter((bytes) => bytes.includes(CANARY))).toEqual([]);
});

test("an image that is not the one that is meant ends the run before anything is made", async () => {
  const run = await deploy({ image: `{ file: "image.qcow2", sha256: "${"0".repeat(64)}" }` });
  expect([run.state, run.outcome]).toEqual(["DONE", "failed"]);
  expect(run.reason?.message).toMatch(
    /image\.file "image\.qcow2" has the SHA-256 [0-9a-f]{64}, and not 0{64}/,
  );
});

test("a machine without either is made, and then nothing changes", async () => {
  expect((await deploy({})).outcome).toBe("applied");
  expect((await deploy({})).outcome).toBe("unchanged");
});
