import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir, totalmem } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { installPlugins, loadProject, Orchestrator } from "@groundplane/orchestrator";
import { type FleetInventory, fleetInventorySchema, referenceFleet } from "@groundplane/placement";
import { parse, parseDocument } from "yaml";
import { z } from "zod";
import { copyReferenceProject } from "../../reference-project.ts";
import { newKey } from "../new-key.ts";
import { bodiesRoot, whyNoBodies } from "./bodies.ts";
import { startHypervisors, type TestHypervisors, whyNoHypervisors } from "./hypervisors.ts";
import { HALTING } from "./lab.ts";
import { installLibvirtPlugin } from "./plugin.ts";
import { WORKSTATION } from "./rack-network.ts";

const run = promisify(execFile);
const LARGEST_MACHINE = 16 * 1024 ** 3;

const CONFIG = `import { defineEnvironment, defineProject } from "@groundplane/orchestrator";
export default defineProject({
  name: "groundplane",
  stacks: ["stacks/fleet"],
  environments: [
    defineEnvironment({
      name: "rack",
      cloud: "real",
      secrets: { type: "passphrase", file: "passphrase" },
      policyPacks: ["@groundplane/policy-baseline", "@groundplane/policy-libvirt"],
      approval: { type: "other-person" },
      tags: { Environment: "rack", Project: "groundplane", Owner: "platform", ManagedBy: "groundplane" },
    }),
  ],
});
`;

/** The package as it would come from npm, with a program that listens where it is told. */
const OPENCLAW = {
  "package.json": JSON.stringify({
    name: "openclaw",
    version: "2026.1.30",
    bin: { openclaw: "openclaw.js" },
  }),
  "openclaw.js": `#!/usr/bin/env node
import("node:http").then(({ createServer }) =>
  createServer((_, response) => response.end("openclaw\\n")).listen(Number(process.argv[4]), "0.0.0.0"));
`,
};

const stackConfigSchema = z.object({ config: z.object({ "fleet:inventory": fleetInventorySchema }) });

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

/** Where the npm of this machine is, which is whole in one folder as npm publishes it; undefined where it is not. */
async function npmFolder(): Promise<string | undefined> {
  const { stdout } = await run("sh", ["-c", "command -v npm"]).catch(() => ({ stdout: "" }));
  if (stdout === "") return undefined;
  const folder = join(dirname(await realpath(stdout.trim())), "..");
  return existsSync(join(folder, "node_modules/semver")) ? folder : undefined;
}

/** Why the document's rack cannot be put up here; undefined where it can. */
export async function whyNoRack(): Promise<string | undefined> {
  const why = (await whyNoHypervisors()) ?? (await whyNoBodies());
  if (why !== undefined) return why;
  if (totalmem() < LARGEST_MACHINE)
    return "a machine of the document has 16 GiB, and the kernel gives no process more addresses than there is memory";
  return (await npmFolder()) === undefined
    ? "there is no npm here that could be given to machines"
    : undefined;
}

/** What the machines have to download: an image for the hosts, and npm's registry for OpenClaw. */
async function mirror(folder: string): Promise<{ readonly server: Server; readonly url: string }> {
  await mkdir(join(folder, "package"));
  for (const [name, text] of Object.entries(OPENCLAW)) await writeFile(join(folder, "package", name), text);
  await run("tar", ["-czf", join(folder, "openclaw.tgz"), "-C", folder, "package"]);
  const tarball = await readFile(join(folder, "openclaw.tgz"));
  const image = await readFile(join(folder, "halting.qcow2"));
  const integrity = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
  const server = createServer(({ url, headers }, response) => {
    const version = { name: "openclaw", version: "2026.1.30", bin: { openclaw: "openclaw.js" } };
    const dist = { tarball: `http://${headers.host}/openclaw.tgz`, integrity };
    const answers: Readonly<Record<string, string | Buffer>> = {
      "/halting.qcow2": image,
      "/openclaw.tgz": tarball,
      "/openclaw": JSON.stringify({
        name: "openclaw",
        "dist-tags": { latest: version.version },
        versions: { [version.version]: { ...version, dist } },
      }),
    };
    const answer = answers[url ?? ""];
    response.statusCode = answer === undefined ? 404 : 200;
    response.end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, WORKSTATION, resolve));
  const at = server.address();
  return { server, url: `http://${WORKSTATION}:${typeof at === "object" ? at?.port : 0}` };
}

/** Node as nodejs.org lays its archives out: this machine's own, with its npm, which asks our registry. */
async function nodeArchive(
  folder: string,
  registry: string,
): Promise<{ readonly version: string; readonly sha256: string }> {
  const root = join(folder, "node");
  await mkdir(join(root, "bin"), { recursive: true });
  await cp(process.execPath, join(root, "bin/node"));
  await run("strip", [join(root, "bin/node")]).catch(() => undefined);
  const npm = (await npmFolder()) ?? "";
  await cp(npm, join(root, "lib/node_modules/npm"), { recursive: true });
  await writeFile(join(root, "lib/node_modules/npm/npmrc"), `registry=${registry}/\nupdate-notifier=false\n`);
  await run("ln", ["-s", "../lib/node_modules/npm/bin/npm-cli.js", join(root, "bin/npm")]);
  const archive = join(folder, "node.tar");
  await run("tar", ["-cf", archive, "-C", folder, "--owner=0", "--group=0", "node"]);
  await rm(root, { recursive: true });
  return { version: process.versions.node, sha256: sha256(await readFile(archive)) };
}

/** The secrets of the document, by their fields in its file; that of the machines' key is a real one. */
export type RackSecrets = Readonly<Record<string, string>>;

/** Lines of the stack's config that are about this rack; all others are the document's, as they are. */
async function configure(root: string, lines: Readonly<Record<string, unknown>>): Promise<void> {
  const file = join(root, "stacks/fleet/Pulumi.rack.yaml");
  const document = parseDocument(await readFile(file, "utf8"));
  for (const [key, value] of Object.entries(lines)) document.setIn(["config", `fleet:${key}`], value);
  await writeFile(file, document.toString());
}

export interface Rack {
  /** Folder of the project. */
  readonly root: string;
  readonly hypervisors: TestHypervisors;
  /** The document's, from the stack's own config. */
  readonly inventory: FleetInventory;
  readonly secrets: RackSecrets;
  /** Private keys: that of the machines' administration, and jeff's. */
  readonly keys: { readonly deploy: string; readonly jeff: string };
  /** Every event and record that was told, as text. */
  readonly told: string[];
  use<Result>(work: (orchestrator: Orchestrator) => Promise<Result>): Promise<Result>;
  configure(lines: Readonly<Record<string, unknown>>): Promise<void>;
  remove(): Promise<void>;
}

/** The rack of the document with its project: stacks/fleet as it is, in a real environment. A string says why not. */
export async function openRack(): Promise<Rack | string> {
  const why = await whyNoRack();
  if (why !== undefined) return why;
  const bodies = await bodiesRoot();
  if (typeof bodies === "string") return bodies;
  const { hosts } = referenceFleet();
  const hypervisors = await startHypervisors(
    hosts.map(({ name }) => name),
    {
      network: true,
      hardware: Object.fromEntries(
        hosts.map(({ name, memoryMiB, vcpus, pools }) => [
          name,
          { memoryMiB, vcpus, diskGiB: pools[0]?.sizeGiB ?? 0 },
        ]),
      ),
      hook: `bash ${join(import.meta.dirname, "body-hook.sh")} ${bodies.root}`,
    },
  );
  const undo: (() => unknown)[] = [() => hypervisors.stop()];
  const remove = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const { scratch } = hypervisors;
    const keys = { deploy: join(scratch, "deploy_key"), jeff: join(scratch, "jeff_key") };
    for (const key of Object.values(keys)) newKey(key);
    const secrets: RackSecrets = {
      vault_fleet_deploy_key: await readFile(keys.deploy, "utf8"),
      ...Object.fromEntries(
        [
          "openclaw_anthropic_api_key",
          "openclaw_openai_api_key",
          "openclaw_google_api_key",
          "mattermost_bot_token",
        ].map((name) => [`vault_${name}`, `canary-5up3r/53cret+${name}=`]),
      ),
    };
    await writeFile(join(scratch, "halting.img"), HALTING);
    const image = join(scratch, "halting.qcow2");
    await run("qemu-img", ["convert", "-f", "raw", "-O", "qcow2", join(scratch, "halting.img"), image]);
    const { server, url } = await mirror(scratch);
    undo.push(() => server.close());
    const shared = join(scratch, "shared");
    await mkdir(shared);
    const node = await nodeArchive(shared, url);
    for (const host of hypervisors.hosts) {
      await host.virsh("pool-define-as", "default", "dir", "--target", "/var/lib/libvirt/images/default");
      for (const step of ["pool-build", "pool-start", "pool-autostart"]) await host.virsh(step, "default");
    }

    const root = await copyReferenceProject("rack", "fleet");
    undo.push(() => rm(root, { recursive: true, force: true }));
    await writeFile(join(root, "groundplane.config.ts"), CONFIG);
    await writeFile(join(root, "passphrase"), "only for this test\n");
    const [client] = hypervisors.hosts;
    await configure(root, {
      image: { url: `${url}/halting.qcow2`, sha256: sha256(await readFile(image)) },
      access: {
        user: "root",
        privateKeyFile: client?.keys.client,
        knownHostsFile: client?.keys.knownHosts,
        bridge: "br0",
        domainType: "qemu",
      },
      admins: { jeff: (await readFile(`${keys.jeff}.pub`, "utf8")).trim() },
      deployKey: (await readFile(`${keys.deploy}.pub`, "utf8")).trim(),
      node: { ...node, url: "file:///srv/node.tar" },
      secrets: "sops",
    });
    // Stands in for SOPS: what is decrypted is read as it would be.
    const commands = await mkdtemp(join(tmpdir(), "gp-sops-"));
    undo.push(() => rm(commands, { recursive: true, force: true }));
    await writeFile(join(commands, "sops"), `#!/bin/sh\ncat <<'END'\n${JSON.stringify(secrets)}\nEND\n`, {
      mode: 0o755,
    });
    const { PATH, PULUMI_HOME } = process.env;
    undo.push(() => {
      process.env["PATH"] = PATH;
      if (PULUMI_HOME === undefined) delete process.env["PULUMI_HOME"];
      else process.env["PULUMI_HOME"] = PULUMI_HOME;
    });
    process.env["PATH"] = `${commands}${delimiter}${PATH}`;
    process.env["PULUMI_HOME"] = join(root, "pulumi-home");
    const noPlugin = await installLibvirtPlugin(process.env["PULUMI_HOME"]);
    if (noPlugin !== undefined) {
      await remove();
      return noPlugin;
    }
    await installPlugins(await loadProject(root));

    const told: string[] = [];
    const use: Rack["use"] = async (work) => {
      const orchestrator = await Orchestrator.open({
        project: await loadProject(root),
        onEvent: (event) => told.push(JSON.stringify(event)),
      });
      try {
        return await work(orchestrator);
      } finally {
        await orchestrator.close();
      }
    };
    const stackConfig = stackConfigSchema.parse(
      parse(await readFile(join(root, "stacks/fleet/Pulumi.rack.yaml"), "utf8")),
    );
    const inventory = stackConfig.config["fleet:inventory"];
    return {
      root,
      inventory,
      hypervisors,
      secrets,
      keys,
      told,
      use,
      configure: (lines) => configure(root, lines),
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
