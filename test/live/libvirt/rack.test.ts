// The document's fleet (spec/003), whole: stacks/fleet itself on five real libvirtds, through the pipeline of a real
// environment. What stands in for what is said in rack.ts, hypervisor-init.sh and body-hook.sh.

import { opendir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { nameOfUrn, type RunRecord } from "@groundplane/contracts";
import {
  brokenFlows,
  deployedFleetSchema,
  firewallScripts,
  flowsToProve,
  inventoryExportSchema,
  proveFleet,
  proveFlows,
} from "@groundplane/libvirt";
import { type RemoteResult, runOverSsh } from "@groundplane/machine";
import type { Orchestrator } from "@groundplane/orchestrator";
import { evacuate, REFERENCE_PLACEMENT } from "@groundplane/placement";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { story } from "../../story.ts";
import type { TestHypervisor } from "./hypervisors.ts";
import { openRack, type Rack } from "./rack.ts";
import { GATEWAY, OUTSIDE } from "./rack-network.ts";

const FLEET = { stack: "fleet", environment: "rack" };
const MACHINES = Object.keys(REFERENCE_PLACEMENT);
const firewallSchema = z.record(
  z.string(),
  z.array(z.object({ purpose: z.string(), from: z.string(), port: z.int() })),
);
let why: string | undefined;
let rack: Rack;
let knownHosts = new Map<string, string>();
const begin = performance.now();
const since = (): string => `${Math.round((performance.now() - begin) / 1000)} s`;

beforeAll(async () => {
  const opened = await openRack();
  if (typeof opened === "string") why = opened;
  else rack = opened;
});
afterAll(() => rack?.remove());

/** Deploys, and approves as a second person. */
async function deploy(
  orchestrator: Orchestrator,
  more: { readonly confirm?: readonly string[]; readonly refresh?: true } = {},
): Promise<RunRecord> {
  const waiting = await orchestrator.deploy({ ...FLEET, requester: "ann", ...more });
  if (waiting.state !== "WAIT_FOR_APPROVE") return waiting;
  return orchestrator.approve({ run: waiting.id, by: "bob" });
}

/** Every plain file; what is mounted on the way is left to whoever mounted it. */
async function* filesBelow(folder: string): AsyncGenerator<string> {
  for await (const entry of await opendir(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile()) yield path;
  }
}

const addressOf = (machine: string): string => `10.220.1.${50 + MACHINES.indexOf(machine)}`;

/** As root, by the key that the machines are set up with. */
async function onMachine(machine: string, script: string): Promise<RemoteResult> {
  const host = addressOf(machine);
  const privateKey = await readFile(rack.keys.deploy, "utf8");
  return runOverSsh({ host, user: "deploy", privateKey, hostKey: knownHosts.get(host) ?? "" }, script, {
    asRoot: true,
    timeoutSeconds: 120,
  });
}

/** As root, by the key of whoever deploys. */
async function onHost({ address, keys }: TestHypervisor, script: string): Promise<RemoteResult> {
  const lines = (await readFile(keys.knownHosts, "utf8")).split("\n");
  const hostKey = lines.find((line) => line.startsWith(`${address} `))?.slice(address.length + 1) ?? "";
  const privateKey = await readFile(keys.client, "utf8");
  return runOverSsh({ host: address, user: "root", privateKey, hostKey }, script, { timeoutSeconds: 120 });
}

async function readOutputs(orchestrator: Orchestrator): Promise<void> {
  const values = orchestrator.outputs(FLEET)?.values ?? {};
  knownHosts = new Map(
    String(values["knownHosts"])
      .trim()
      .split("\n")
      .map((line) => {
        const [names = "", ...key] = line.split(" ");
        return [names.split(",")[1] ?? "", key.join(" ")];
      }),
  );
}

const agentScript = (machine: string): string => `
hostname
systemctl is-enabled openclaw-${machine}.service
systemctl is-active openclaw-${machine}.service
stat -c '%a %U' ~agent/.openclaw/.env
grep -c canary-5up3r ~agent/.openclaw/.env
ufw status verbose | grep -e '^Status' -e '^Default'
getent hosts r820 | sed 's/  */ /'
grep -c '^10.220.1.' /etc/hosts
for try in $(seq 60); do curl -sf http://127.0.0.1:18789 && break; sleep 0.5; done`;

test("the document's fleet is deployed whole, and has nothing to change then", async ({ skip, annotate }) => {
  if (why !== undefined) skip(why);
  await annotate(`the rack was up after ${since()}`);
  await rack.use(async (orchestrator) => {
    expect(story(await deploy(orchestrator))).toBe("DONE | applied");
    await annotate(`deployed after ${since()}`);
    await readOutputs(orchestrator);
    const { machines } = inventoryExportSchema.parse(orchestrator.outputs(FLEET)?.values["inventory"]);
    expect(Object.fromEntries(machines.map(({ name, host }) => [name, host]))).toEqual(REFERENCE_PLACEMENT);
    for (const machine of MACHINES) {
      const { stdout } = await onMachine(machine, agentScript(machine));
      expect(stdout).toBe(
        [
          ...[machine, "enabled", "active", "600 agent", "4", "Status: active"],
          "Default: deny (incoming), allow (outgoing), disabled (routed)",
          ...["10.220.1.11 r820", "12", "openclaw", ""],
        ].join("\n"),
      );
    }
    await annotate(`looked at after ${since()}`);
    expect(story(await deploy(orchestrator))).toBe("DONE | unchanged");
    expect((await orchestrator.drift(FLEET)).items).toEqual([]);
    await annotate(`unchanged and without drift after ${since()}`);
  });
});

/** Hypervisors have no firewall by themselves: this is what an owner would do with the stack's output. */
async function protectHosts(orchestrator: Orchestrator): Promise<void> {
  const rules = firewallSchema.parse(orchestrator.outputs(FLEET)?.values["firewall"]);
  for (const host of rack.hypervisors.hosts) {
    const { setup } = firewallScripts(rules[host.name] ?? []);
    const script = `export GROUNDPLANE_STATE=/run/firewall; mkdir -p $GROUNDPLANE_STATE\n${setup}`;
    const done = await onHost(host, script);
    expect([host.name, done.code, done.stderr]).toEqual([host.name, 0, expect.any(String)]);
  }
}

test("who may connect to whom is as the matrix says, tried over SSH from every machine and host", async ({
  skip,
  annotate,
}) => {
  if (why !== undefined) skip(why);
  const { network, hosts } = rack.hypervisors;
  const privateKeyFile = hosts[0]?.keys.client ?? "";
  const knownHostsFile = hosts[0]?.keys.knownHosts ?? "";
  const { outside, gateway } = {
    outside: { name: "outside", address: OUTSIDE },
    gateway: { name: "gateway", address: GATEWAY },
  };
  const { unguarded, ...connectivity } = await rack.use(async (orchestrator) => {
    await protectHosts(orchestrator);
    return deployedFleetSchema.parse(orchestrator.outputs(FLEET)?.values).connectivity;
  });
  // Nobody promises that hosts have a firewall; these have.
  expect(unguarded?.length).toBe(hosts.length);
  const outputs = {
    ...(await rack.use(async (orchestrator) => orchestrator.outputs(FLEET)?.values)),
    connectivity,
  };
  // As a person would: jeff's key on the machines, this machine is a workstation.
  const privateKey = await readFile(rack.keys.jeff, "utf8");
  const prove = () =>
    proveFleet(outputs, {
      login: { privateKey, hosts: { user: "root", privateKeyFile, knownHostsFile } },
      probes: { internet: outside, github: outside },
      otherPorts: [9100],
      waitSeconds: 5,
    });
  const report = await prove();
  expect(brokenFlows(report).map(({ message }) => message)).toEqual([]);
  expect([report.broken, report.notTried, report.untriedRows]).toEqual([0, 0, []]);
  const allowed = report.flows.filter(({ expected }) => expected === "allowed");
  expect(allowed.length).toBe(86);
  await annotate(
    `${report.held} connections are as the matrix says, ${allowed.length} of them allowed, after ${since()}`,
  );

  // From whom the matrix does not name nothing comes in.
  const strangers = flowsToProve(connectivity, { strangers: [outside, gateway], otherPorts: [9100] }).filter(
    ({ from }) => [outside, gateway].includes(from),
  );
  const proofs = await proveFlows(
    strangers,
    ({ address }, script) => {
      if (network === undefined) throw new TypeError("the rack has no network");
      return address === OUTSIDE ? network.outside(script) : network.run(script);
    },
    { waitSeconds: 5 },
  );
  expect(proofs.length).toBeGreaterThan(100);
  expect(proofs.filter(({ holds }) => !holds).map(({ message }) => message)).toEqual([]);

  // By hand, on one machine: a rule less, and one more.
  await onMachine(
    "athena",
    "ufw --force delete allow from 10.220.1.240/28 to any port 18789 proto tcp; ufw allow 9100/tcp",
  );
  const broken = brokenFlows(await prove());
  expect(broken.filter(({ expected }) => expected === "allowed").map(({ message }) => message)).toEqual([
    "this machine to athena port 18789 is not answered; it is to be allowed",
  ]);
  const open = broken.filter(({ expected }) => expected === "refused");
  expect(new Set(open.map(({ to, port }) => `${to.name} ${port}`))).toEqual(new Set(["athena 9100"]));
  expect(open.length).toBe(MACHINES.length - 1 + hosts.length + 1);
  await annotate(`a rule less and one more were seen after ${since()}`);
});

const hostOf = (name: string): TestHypervisor => {
  const host = rack.hypervisors.hosts.find((one) => one.name === name);
  if (host === undefined) throw new TypeError(`there is no host ${name}`);
  return host;
};

test("what somebody changes on hosts and machines is seen, and mended", async ({ skip, annotate }) => {
  if (why !== undefined) skip(why);
  await hostOf("r420").virsh("autostart", "--disable", "athena");
  // As its owner would switch it off; whoever cannot be asked is not as it should be either.
  await hostOf("r8202").virsh("destroy", "hermes");
  await rack.use(async (orchestrator) => {
    const { items } = await orchestrator.drift(FLEET);
    expect(items.map(({ urn }) => nameOfUrn(urn)).sort()).toEqual([
      ...["athena-domain", "athena-firewall", "hermes-agent", "hermes-domain", "hermes-firewall"],
      ...["hermes-hosts", "hermes-packages", "hermes-users"],
    ]);
    await annotate(`drift was seen after ${since()}`);
    expect(story(await deploy(orchestrator, { refresh: true }))).toBe("DONE | applied");
    await annotate(`and mended after ${since()}`);
  });
  expect(await hostOf("r420").virsh("dominfo", "athena")).toMatch(/Autostart: +enable/);
  expect(await hostOf("r8202").names("list", "--state-running")).toEqual(["hermes"]);
  expect((await onMachine("hermes", agentScript("hermes"))).stdout).toContain("\nactive\n");
  expect((await onMachine("athena", "ufw show added")).stdout).toContain(
    "from 10.220.1.240/28 to any port 18789",
  );
});

/** The document's machines, some of them otherwise. */
const machinesWith = (changed: Readonly<Record<string, object>>): readonly object[] =>
  rack.inventory.machines.map((machine) => ({ ...machine, ...changed[machine.name] }));

test("a host goes down half-way through a deployment: the run ends and says so, and the next one finishes", async ({
  skip,
  annotate,
}) => {
  if (why !== undefined) skip(why);
  const smaller = { size: { memoryMiB: 12_288, vcpus: 4 } };
  const r820 = hostOf("r820");
  const before = (
    await onMachine("ares", "cat /etc/machine-id; ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub")
  ).stdout;
  await rack.configure({
    inventory: {
      ...rack.inventory,
      machines: machinesWith({ prometheus: smaller, ares: smaller, poseidon: smaller }),
    },
  });
  // As it is stopped, to be started with less memory: the two others are done with that by then, or are not.
  await writeFile(join(r820.state, "goes-down-with-ares"), "");
  await rack.use(async (orchestrator) => {
    const run = await deploy(orchestrator);
    expect([run.state, run.outcome, run.reason?.code]).toEqual(["DONE", "failed", "ENGINE_FAILED"]);
    expect(run.reason?.message).toMatch(/prometheus-domain|ares-domain|poseidon-domain/);
    await annotate(`the run had ended after ${since()}: ${run.reason?.message.slice(0, 300)}`);
    // While it is down nothing is done.
    expect((await deploy(orchestrator)).reason).toMatchObject({
      code: "PREFLIGHT_FAILED",
      message: expect.stringContaining("r820"),
    });
    await r820.stop();
    await r820.start();
    const again = await deploy(orchestrator, { refresh: true });
    // Machines that came up with their host between review and approval: what was reviewed has moved, and one asks again.
    const done =
      again.reason?.code === "APPROVAL_VOID" ? await deploy(orchestrator, { refresh: true }) : again;
    expect(story(done)).toBe("DONE | applied");
    expect(story(await deploy(orchestrator))).toBe("DONE | unchanged");
  });
  expect(await r820.names("list", "--state-running")).toEqual(["ares", "poseidon", "prometheus"]);
  expect(await r820.virsh("dominfo", "ares")).toMatch(/Max memory: +12582912 KiB/);
  // The same machine, restarted, with what was set up on it.
  const seen = await onMachine(
    "ares",
    "cat /etc/machine-id; ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub",
  );
  expect(seen.stdout).toBe(before);
  expect((await onMachine("ares", agentScript("ares"))).stdout).toContain("\nactive\n");
  await annotate(`whole again after ${since()}`);
});

test("a host is emptied: its machine is made anew elsewhere once its loss is confirmed, and nobody else is touched", async ({
  skip,
  annotate,
}) => {
  if (why !== undefined) skip(why);
  const plan = evacuate(rack.inventory, "r8202", { current: REFERENCE_PLACEMENT });
  if (!plan.ok) throw new TypeError("r8202 cannot be emptied");
  const [move] = plan.moves;
  expect(plan.moves).toMatchObject([{ machine: "hermes", from: "r8202" }]);
  const others = MACHINES.filter((machine) => machine !== "hermes");
  const uptimes = async () =>
    Promise.all(others.map(async (machine) => (await onMachine(machine, "stat -c %Y /proc/1")).stdout));
  const before = await uptimes();
  await rack.configure({ placement: plan.assignment });
  await rack.use(async (orchestrator) => {
    const blocked = await deploy(orchestrator);
    const confirm = blocked.findings.flatMap(({ rule, urn }) =>
      rule === "data-loss" && urn !== undefined ? [urn] : [],
    );
    expect([blocked.state, confirm.map(nameOfUrn)]).toEqual(["BLOCKED", ["hermes-root"]]);
    expect(story(await deploy(orchestrator, { confirm }))).toBe("DONE | applied");
    await readOutputs(orchestrator);
  });
  expect(await hostOf("r8202").names("list", "--all")).toEqual([]);
  expect(await hostOf(move?.to ?? "").names("list", "--state-running")).toContain("hermes");
  expect((await onMachine("hermes", agentScript("hermes"))).stdout).toContain("\nactive\n");
  expect(await uptimes()).toEqual(before);
  await annotate(`moved after ${since()}`);
});

test("the document's secrets are in no byte that was written: hosts, state, plans, journal, logs, plugins", async ({
  skip,
}) => {
  if (why !== undefined) skip(why);
  const [, ...lines] = rack.secrets["vault_fleet_deploy_key"]?.trim().split("\n") ?? [];
  const values = [...Object.values(rack.secrets).filter((text) => !text.includes("\n")), lines[2] ?? "none"];
  const forms = values.flatMap((value) => [value, Buffer.from(value).toString("base64").slice(0, 40)]);
  // What decrypts the secrets holds them, and the agents' own files do: that is where they belong.
  const { scratch, network } = rack.hypervisors;
  const held = new Set([rack.keys.deploy]);
  const folders = [rack.root, network?.path(scratch) ?? scratch];
  const leaks: string[] = [];
  let files = 0;
  for (const folder of folders) {
    for await (const file of filesBelow(folder)) {
      if (
        held.has(file.replace(network?.path("") ?? "", "")) ||
        /\/bodies\/.*\/\.openclaw\/\.env$/.test(file)
      )
        continue;
      files += 1;
      const bytes = await readFile(file);
      for (const form of forms) if (bytes.includes(form)) leaks.push(`${file}: ${form}`);
    }
  }
  expect(leaks).toEqual([]);
  expect(files).toBeGreaterThan(500);
  expect(rack.told.filter((text) => forms.some((form) => text.includes(form)))).toEqual([]);
});

test("it is destroyed to nothing", async ({ skip, annotate }) => {
  if (why !== undefined) skip(why);
  await rack.use(async (orchestrator) => {
    const blocked = await orchestrator.destroy({ ...FLEET, requester: "ann" });
    const confirm = blocked.findings.flatMap(({ rule, urn }) =>
      rule === "data-loss" && urn !== undefined ? [urn] : [],
    );
    expect(confirm.map(nameOfUrn).sort()).toEqual(MACHINES.map((machine) => `${machine}-root`).sort());
    const waiting = await orchestrator.destroy({ ...FLEET, requester: "ann", confirm });
    expect(story(await orchestrator.approve({ run: waiting.id, by: "bob" }))).toBe("DONE | applied");
  });
  for (const host of rack.hypervisors.hosts) {
    expect(await host.names("list", "--all")).toEqual([]);
    expect(await host.virsh("vol-list", "default")).toBe("");
  }
  await annotate(`gone after ${since()}`);
});
