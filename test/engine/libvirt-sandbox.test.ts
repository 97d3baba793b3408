import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { runRecordSchema } from "@groundplane/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { oneStackProject } from "../one-stack-project.ts";
import type { TestProject } from "../project.ts";

const BIN = fileURLToPath(new URL("dist/bin.js", import.meta.resolve("@groundplane/cli/package.json")));
const CANARY = "canary-5up3r-53cret";

// Two hypervisors with volumes and domains of the same names.
const PROGRAM = `
import { defineStack } from "@groundplane/orchestrator";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

class Thing extends pulumi.CustomResource {
  constructor(type, name, props, opts) {
    super("libvirt:index/" + type[0].toLowerCase() + type.slice(1) + ":" + type, name, props, { version: "0.5.4", deleteBeforeReplace: true, ...opts });
  }
}
class Setup extends pulumi.CustomResource {
  constructor(name, props, opts) {
    super("groundplane-machine:index:Setup", name, { hostKey: undefined, ...props }, { version: "0.1.0", ...opts });
  }
}

export default defineStack({
  name: "hosts",
  config: z.object({ memory: z.number().default(512), machines: z.boolean().default(true) }),
  outputs: z.object({ ids: z.array(z.string()), hostKey: z.string() }),
  program: ({ config }) => {
    const ids = ["10.220.1.9", "10.220.1.11"].flatMap((host) => {
      const provider = new pulumi.ProviderResource("libvirt", host, { uri: "qemu+ssh://root@" + host + "/system" }, { version: "0.5.4" });
      const opts = { provider };
      const at = (role) => host + "-" + role;
      const pool = new Thing("Pool", at("pool"), { name: "fast", type: "dir", target: { path: "/srv/fast" } }, opts);
      const inPool = { ...opts, dependsOn: [pool] };
      if (!config.machines) return [];
      const base = new Thing("Volume", at("base"), { name: "base-${"0123456789abcdef".repeat(4)}.qcow2", pool: "fast", source: "/images/base.qcow2" }, inPool);
      const disk = new Thing("Volume", at("disk"), { name: "vm", pool: "fast", format: "qcow2", baseVolumeId: base.id }, inPool);
      const seed = new Thing("CloudInitDisk", at("seed"), { name: "vm.iso", pool: "fast", userData: pulumi.secret(process.env["TEST_CANARY"]) }, inPool);
      const vm = new Thing("Domain", at("vm"), {
        name: "vm", memory: config.memory, autostart: true, disks: [{ volumeId: disk.id }], cloudinit: seed.id,
        networkInterfaces: [{ bridge: "br0", mac: "52:54:00:00:00:01" }],
      }, opts);
      return [vm.id];
    });
    const setup = new Setup("motd", {
      connection: { host: "10.220.1.50", user: "agent", privateKey: process.env["TEST_CANARY"] + "-key", hostKey: { trustOnFirstUse: { reason: "new" } } },
      files: [{ path: "/etc/agent.env", content: pulumi.secret(process.env["TEST_CANARY"]) }],
      triggers: { vm: ids[0] ?? "none" },
    });
    return { ids, hostKey: setup.hostKey };
  },
});
`;

let project: TestProject;

function groundplane(...argv: readonly string[]): Promise<{ readonly code: number; readonly out: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [BIN, ...argv],
      { cwd: project.root, env: { ...process.env, TEST_CANARY: CANARY }, maxBuffer: 64 << 20 },
      (error, out, err) => {
        expect(out + err).not.toContain(CANARY);
        resolve({
          code: typeof error?.code === "number" ? error.code : 0,
          out: `${out}${out === "" ? err : ""}`,
        });
      },
    );
  });
}

async function run(...argv: readonly string[]) {
  const { out } = await groundplane(...argv, "--json", "--quiet");
  const parsed = runRecordSchema.safeParse(JSON.parse(out));
  if (!parsed.success) throw new TypeError(out);
  return parsed.data;
}

const listSchema = z.array(
  z.object({ type: z.string(), id: z.string(), name: z.string(), region: z.string() }),
);
const list = async () =>
  listSchema.parse(JSON.parse((await groundplane("sandbox", "list", "rack", "--json")).out));

beforeAll(async () => {
  project = await oneStackProject({ stack: "hosts", program: PROGRAM, cloud: "libvirtSandbox" });
});
afterAll(() => project.remove());

describe("two hypervisors and a machine on the sandbox", () => {
  test("are deployed, though what they hold has the same names", async () => {
    const done = await run("deploy", "rack", "hosts");
    expect(done.outcome, JSON.stringify(done)).toBe("applied");
    const disks = (await list()).filter(({ id }) => id === "/srv/fast/vm");
    expect(disks.map(({ region }) => region).sort()).toEqual(["10.220.1.11", "10.220.1.9"]);
    expect((await run("deploy", "rack", "hosts")).outcome).toBe("unchanged");
  });

  test("drift by `sandbox set`, where a path that two hosts have is told by its URN", async () => {
    const all = await list();
    const [vm] = all.filter(({ name }) => name === "10.220.1.9-vm");
    const [setup] = all.filter(({ name }) => name === "motd");
    if (vm === undefined || setup === undefined) throw new TypeError("nothing was deployed");
    expect((await groundplane("sandbox", "set", "rack", vm.id, "autostart", "false")).code).toBe(0);
    expect((await groundplane("sandbox", "set", "rack", setup.id, "healthy", "false")).code).toBe(0);
    const twice = await groundplane("sandbox", "set", "rack", "/srv/fast/vm", "format", '"raw"');
    expect(twice.code).not.toBe(0);
    const urn = /urn:pulumi:\S+::10\.220\.1\.9-disk/.exec(twice.out)?.[0] ?? "";
    expect((await groundplane("sandbox", "set", "rack", urn, "format", '"raw"')).code).toBe(0);
    const { out } = await groundplane("drift", "rack", "hosts", "--json");
    for (const name of ["10.220.1.9-vm", "10.220.1.9-disk", "motd"]) expect(out).toContain(name);
    expect(out).not.toContain("10.220.1.11-vm");
    // A volume of another format is another volume; that one is for a person to decide.
    expect((await groundplane("sandbox", "set", "rack", urn, "format", '"qcow2"')).code).toBe(0);
  });

  test("are mended by the next deployment, and a domain with more memory keeps its disk", async () => {
    await project.write("stacks/hosts/Pulumi.rack.yaml", "config:\n  hosts:memory: 1024\n");
    const done = await run("deploy", "rack", "hosts", "--refresh");
    expect(done.outcome, JSON.stringify(done)).toBe("applied");
    const { out } = await groundplane(
      "sandbox",
      "get",
      "rack",
      (await list()).find(({ name }) => name === "motd")?.id ?? "",
    );
    expect(JSON.parse(out)).toMatchObject({ outputs: { healthy: true } });
    expect((await run("deploy", "rack", "hosts")).outcome).toBe("unchanged");
  });

  test("keep secrets out of every file", async () => {
    const found = await new Promise<string>((resolve) => {
      // Exit code 1: nothing has it.
      execFile("grep", ["-rlaF", CANARY, project.root], (_error, out) => resolve(out));
    });
    expect(found).toBe("");
    expect(await list()).not.toEqual([]);
  });

  test("lose no disk on a plain approval, and their images and cloud-init disks on one", async () => {
    await project.write("stacks/hosts/Pulumi.rack.yaml", "config:\n  hosts:machines: false\n");
    const { findings } = await run("deploy", "rack", "hosts");
    const disks = ["10.220.1.11-disk", "10.220.1.9-disk"];
    expect(findings.map(({ rule, urn = "" }) => [rule, urn.split("::").at(-1)]).sort()).toEqual(
      disks.map((name) => ["data-loss", name]),
    );
    const confirmed = findings.flatMap(({ urn = "" }) => ["--confirm", urn]);
    expect((await run("deploy", "rack", "hosts", ...confirmed)).outcome).toBe("applied");
    expect((await list()).map(({ name }) => name).sort()).toEqual([
      "10.220.1.11-pool",
      "10.220.1.9-pool",
      "motd",
    ]);
  });
});
