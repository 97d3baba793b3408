import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { type ChangeSet, nameOfUrn, type RunRecord } from "@groundplane/contracts";
import { inventoryExportSchema } from "@groundplane/libvirt";
import type { Orchestrator } from "@groundplane/orchestrator";
import type { SandboxStore } from "@groundplane/sandbox";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inCloud as inSandbox } from "../in-cloud.ts";
import { copyReferenceProject } from "../reference-project.ts";
import { secretLeaks } from "../secret-leaks.ts";
import { withOrchestrator } from "../with-orchestrator.ts";

const rack = { environment: "rack", requester: "ann" };
const FLEET = { stack: "fleet", environment: "rack" };
/** The document's table. */
const TABLE: Readonly<Record<string, string>> = {
  ...{ athena: "r420", apollo: "r710", artemis: "r710", hermes: "r8202", perseus: "r720xd" },
  ...{ prometheus: "r820", ares: "r820", poseidon: "r820" },
};
/** One for each secret of the document that the fleet has, by its field in the file. */
const CANARIES: Readonly<Record<string, string>> = Object.fromEntries(
  ["fleet_deploy_key", "openclaw_anthropic_api_key", "openclaw_openai_api_key", "openclaw_google_api_key"]
    .concat("mattermost_bot_token")
    .map((name) => [`vault_${name}`, `canary-5up3r/53cret+${name}=`]),
);

const MACHINE_SETUP = /groundplane-machine:index:Setup::[^:]+$/;

let root = "";
let commands = "";
const path = process.env["PATH"];
/** Every event, record and change set, as text. */
const told: string[] = [];

// What Node keeps compiled is looked through as well: in the project's own folder.
delete process.env["NODE_COMPILE_CACHE"];

beforeAll(async () => {
  root = await copyReferenceProject("fleet");
  // Stands in for SOPS: what is decrypted is read as it would be, and holds the canaries.
  commands = await mkdtemp(join(tmpdir(), "sops-"));
  await writeFile(join(commands, "sops"), `#!/bin/sh\ncat <<'END'\n${JSON.stringify(CANARIES)}\nEND\n`);
  await chmod(join(commands, "sops"), 0o755);
  process.env["PATH"] = `${commands}${delimiter}${path}`;
  await configure((config) => `${config}  fleet:secrets: sops\n`);
});
afterAll(async () => {
  process.env["PATH"] = path;
  await rm(commands, { recursive: true, force: true });
  await rm(root, { recursive: true, force: true });
});

async function configure(change: (config: string) => string): Promise<void> {
  const file = join(root, "stacks/fleet/Pulumi.rack.yaml");
  const before = await readFile(file, "utf8");
  const after = change(before);
  if (after === before) throw new TypeError("the config was not changed");
  await writeFile(file, after);
}

const use = <Result>(work: (orchestrator: Orchestrator) => Promise<Result>) =>
  withOrchestrator(root, work, { onEvent: (event) => told.push(JSON.stringify(event)) });
const inCloud = <Result>(work: (store: SandboxStore) => Result) => inSandbox(root, "rack", work);
/** Domains by machine: their id, and the hypervisor that they are on. */
const domains = () =>
  inCloud((store) =>
    Object.fromEntries(
      store
        .list({ type: "libvirt:index/domain:Domain" })
        .map(({ id, place, inputs }) => [String(inputs["name"]), { id, address: place.split(":")[0] }]),
    ),
  );

function violations({ findings }: RunRecord): readonly string[] {
  return findings
    .filter(({ status }) => status === "violation")
    .map(({ rule, urn = "" }) => `${rule} ${nameOfUrn(urn)}`);
}

/** Changed resources by name, with what is done to them. */
function changes({ changes: all }: ChangeSet): Readonly<Record<string, string>> {
  return Object.fromEntries(
    all
      .filter(({ operation }) => operation !== "same")
      .map(({ urn, operation }) => [nameOfUrn(urn), operation]),
  );
}

/** Deploys the fleet with these confirmations, and approves it as a second person. */
async function deploy(
  orchestrator: Orchestrator,
  more: { readonly confirm?: readonly string[]; readonly refresh?: true } = {},
): Promise<{ readonly run: RunRecord; readonly changed: Readonly<Record<string, string>> }> {
  const waiting = await orchestrator.deploy({ ...FLEET, requester: "ann", ...more });
  told.push(JSON.stringify(orchestrator.changeSet(waiting.id)));
  const changed = changes(orchestrator.changeSet(waiting.id));
  if (waiting.state !== "WAIT_FOR_APPROVE") return { run: waiting, changed };
  return { run: await orchestrator.approve({ run: waiting.id, by: "bob" }), changed };
}

async function exported(orchestrator: Orchestrator) {
  const outputs = orchestrator.outputs(FLEET);
  return inventoryExportSchema.parse(outputs?.values["inventory"]);
}

describe("the rack of the reference project", () => {
  test("is previewed, waits for a person, is deployed whole, and has nothing to change then", async () => {
    await use(async (orchestrator) => {
      const previewed = await orchestrator.previewEnvironment(rack);
      for (const run of previewed.runs.values())
        expect([run.stack, violations(run)]).toEqual([run.stack, []]);
      expect(inCloud((store) => store.list())).toEqual([]);

      const waiting = await orchestrator.deployEnvironment(rack);
      expect([...waiting.runs.values()].map(({ stack, state }) => `${stack} ${state}`).sort()).toEqual([
        "fleet WAIT_FOR_APPROVE",
        "mattermost WAIT_FOR_APPROVE",
      ]);
      expect(inCloud((store) => store.list())).toEqual([]);
      const { digest } = orchestrator.reviewedSet("rack");
      const { runs } = await orchestrator.approveEnvironment({ environment: "rack", by: "bob", digest });
      for (const run of runs.values())
        expect([run.stack, run.outcome, run.reason]).toEqual([run.stack, "applied", undefined]);

      expect(told.join("\n")).toContain("not tried, as a sandbox has no machines");

      const again = await orchestrator.deployEnvironment(rack);
      expect([...again.runs.values()].map(({ outcome }) => outcome)).toEqual(["unchanged", "unchanged"]);
    });
  });

  test("has each machine on the host of the document's table, under the document's address", async () => {
    const { hosts, machines, services } = await use(exported);
    expect(Object.fromEntries(machines.map(({ name, host }) => [name, host]))).toEqual(TABLE);
    expect(machines.map(({ address }) => address)).toEqual(
      Array.from({ length: 8 }, (_, index) => `10.220.1.${50 + index}`),
    );
    expect(services).toEqual([{ name: "mattermost", host: "r720xd", address: "10.220.1.10", port: 8065 }]);
    const addressOf = new Map(hosts.map(({ name, address }) => [name, address]));
    const made = domains();
    for (const [machine, host] of Object.entries(TABLE))
      expect([machine, made[machine]?.address]).toEqual([machine, addressOf.get(host)]);
  });

  test("shows drift, and brings it back", async () => {
    const athena = domains()["athena"]?.id ?? "none";
    inCloud((store) => store.set(athena, "autostart", "false"));
    await use(async (orchestrator) => {
      const { items } = await orchestrator.drift(FLEET);
      expect(items.map(({ urn }) => nameOfUrn(urn))).toEqual(["athena-domain"]);
      const { run, changed } = await deploy(orchestrator, { refresh: true });
      expect([run.outcome, changed]).toEqual(["applied", { "athena-domain": "update" }]);
    });
    expect(domains()["athena"]?.id).toBe(athena);
    expect(inCloud((store) => store.get(athena)[0]?.outputs["autostart"])).toBe(true);
  });

  test("does not lose a disk on a plain approval", async () => {
    const athena = (config: string, gib: number) =>
      config.replace(/(name: athena,[\s\S]*?diskGiB: )\d+/, `$1${gib}`);
    await configure((config) => athena(config, 260));
    await use(async (orchestrator) => {
      const { run } = await deploy(orchestrator);
      expect([run.state, violations(run)]).toEqual(["BLOCKED", ["data-loss athena-root"]]);
    });
    await configure((config) => athena(config, 250));
  });

  test("a host is emptied through the record: that machine alone is made anew, elsewhere, once its loss is confirmed", async () => {
    await configure((config) => config.replace("hermes: r8202", "hermes: r710"));
    const before = domains();
    await use(async (orchestrator) => {
      const blocked = await deploy(orchestrator);
      expect([blocked.run.state, blocked.run.reason?.message, violations(blocked.run)]).toEqual([
        "BLOCKED",
        expect.any(String),
        ["data-loss hermes-root"],
      ]);
      const confirm = blocked.run.findings.flatMap(({ rule, urn = "" }) => (rule === "data-loss" ? urn : []));
      const { run, changed } = await deploy(orchestrator, { confirm });
      expect([run.outcome, run.reason]).toEqual(["applied", undefined]);
      const touched = Object.keys(changed).filter((name) => !name.startsWith("hermes-"));
      // The image goes from the host that nobody is on any more.
      expect(touched.every((name) => name.startsWith("rack-r8202"))).toBe(true);
      expect((await exported(orchestrator)).machines.find(({ name }) => name === "hermes")?.host).toBe(
        "r710",
      );
    });
    const after = domains();
    expect(after["hermes"]?.address).toBe("10.220.1.9");
    for (const machine of Object.keys(TABLE).filter((name) => name !== "hermes"))
      expect([machine, after[machine]]).toEqual([machine, before[machine]]);
  });

  test("phases 2 and 3, and what else its owner switches on, are config: nobody moves, and no disk is touched", async () => {
    const pinned = { version: "1.25.3", sha256: "a".repeat(64) };
    const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIPOgQ2MvTFhROlQ4qWeCpz0whiP7RsFzJ4rpzkfFWNu";
    const switchedOn = {
      backup: { schedule: "*-*-* 02:30:00", keep: 7, folder: "/mnt/backups" },
      development: { tools: { go: { ...pinned, url: "https://mirror.example/go.tar.gz" } } },
      hostKeys: { athena: hostKey },
      hypervisorFirewall: true,
      npmRegistry: "https://npm.example/",
      inference: {
        ...{ name: "ollama", address: "10.220.1.20", user: "deploy", hostKey, ollama: pinned },
        ...{ models: [{ name: "llama3:8b", digest: pinned.sha256 }], driverPackages: ["nvidia-driver"] },
      },
    };
    const lines = Object.entries(switchedOn).map(([key, to]) => `  fleet:${key}: ${JSON.stringify(to)}\n`);
    await configure((config) => config.replace("fleet:phase: 1", "fleet:phase: 3") + lines.join(""));
    const before = domains();
    await use(async (orchestrator) => {
      const { run, changed } = await deploy(orchestrator);
      expect([run.outcome, run.reason]).toEqual(["applied", undefined]);
      const [made, others] = [true, false].map((wanted) =>
        Object.entries(changed).filter(([, operation]) => (operation === "create") === wanted),
      );
      // What there was gets to know the others, its backup and its models; one is reached by another key. Hosts are not touched.
      expect(others?.map(([name, operation]) => `${name} ${operation}`).sort()).toEqual(
        Object.keys(TABLE)
          .flatMap((machine) => [`${machine}-agent`, `${machine}-domain`, `${machine}-hosts`])
          .concat("athena-firewall", "athena-packages", "athena-users")
          .map((name) => `${name} update`)
          .sort(),
      );
      expect(made?.map(([name]) => name)).toEqual(
        expect.arrayContaining(
          Object.keys(TABLE)
            .flatMap((machine) => [`${machine}-backup-setup`, `${machine}-development`])
            .concat("ollama-firewall", "ollama-server"),
        ),
      );
      // Mattermost's host has a firewall of its own stack's.
      expect(made?.flatMap(([name]) => (name.endsWith("-host-firewall") ? name : [])).sort()).toEqual(
        ["r420", "r710", "r820", "r8202"].map((host) => `${host}-host-firewall`),
      );
      const { machines } = await exported(orchestrator);
      expect(machines.length).toBe(18);
      expect(new Set(machines.map(({ address }) => address)).size).toBe(18);
      const teams = machines.map(({ team }) => team);
      expect(
        ["product", "development", "qa", "devops"].map((team) => teams.filter((one) => one === team).length),
      ).toEqual([3, 10, 3, 2]);
      const outputs = orchestrator.outputs(FLEET);
      expect(outputs?.values["unrecorded"]).toHaveLength(10);
    });
    const after = domains();
    expect(Object.keys(after).length).toBe(18);
    for (const machine of Object.keys(TABLE))
      expect([machine, after[machine]]).toEqual([machine, before[machine]]);
    const setups = inCloud((store) => store.list({ type: "groundplane-machine:index:Setup" }));
    const setup = (name: string) => JSON.stringify(setups.find(({ urn }) => nameOfUrn(urn) === name)?.inputs);
    expect(setup("athena-agent")).toContain("--registry https://npm.example/");
    expect(setup("athena-agent")).toContain(hostKey);
    expect(setup("apollo-agent")).not.toContain(hostKey);
    expect(setup("apollo-agent")).toContain("ollama/llama3:8b");
    expect(setup("apollo-development")).toContain("https://mirror.example/go.tar.gz");
    expect(setup("ollama-server")).toContain("nvidia-driver");
    expect(setup("hermes-backup-setup")).toContain("/mnt/backups/hermes");
  });

  test("is destroyed to nothing, once each loss was confirmed by name and a person approved", async () => {
    let machines: ReadonlySet<string> = new Set();
    await use(async (orchestrator) => {
      const outputs = inventoryExportSchema.parse(orchestrator.outputs(FLEET)?.values["inventory"]);
      machines = new Set(outputs.machines.map(({ name }) => name));
      const blocked = await orchestrator.destroyEnvironment({ ...rack, keepGoing: true });
      const confirm = [...blocked.runs.values()].flatMap(({ findings }) =>
        findings.flatMap(({ rule, urn = "" }) => (rule === "data-loss" ? urn : [])),
      );
      expect(confirm.map(nameOfUrn).filter((name) => name.endsWith("-root")).length).toBe(18);
      await orchestrator.destroyEnvironment({ ...rack, confirm });
      const { digest } = orchestrator.reviewedSet("rack");
      const { runs } = await orchestrator.approveEnvironment({ environment: "rack", by: "bob", digest });
      for (const run of runs.values())
        expect([run.stack, run.outcome, run.reason]).toEqual([run.stack, "applied", undefined]);
    });
    // What is set up on a machine goes with its disk: the engine does not ask for it, so the sandbox still has a row of each.
    const left = inCloud((store) => store.list().map(({ urn }) => urn));
    const ofMachines = left.filter(
      (urn) => MACHINE_SETUP.test(urn) && machines.has(nameOfUrn(urn).split("-")[0] ?? ""),
    );
    expect(left.filter((urn) => !ofMachines.includes(urn))).toEqual([]);
  });
});

test("the secrets of the document are in no byte that was written or told: user-data, plan, state, journal, inventory", async () => {
  const where = { folder: root, atLeast: 60, told: { told: told.join("\n") } };
  expect(await secretLeaks(Object.values(CANARIES), where)).toEqual([]);
});
