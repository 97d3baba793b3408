import { fileURLToPath } from "node:url";
import {
  brokenFlows,
  type Connectivity,
  type ConnectivityReport,
  firewallRules,
  firewallScripts,
  fleetConnectivity,
  INVENTORY_SCHEMA,
  type ProveConnectivityOptions,
  type WaysIn,
} from "@groundplane/libvirt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NetworkNamespaces, namespacesMissing } from "./network-namespaces.ts";

const missing = namespacesMissing();
const WORKER = fileURLToPath(new URL("prove.worker.ts", import.meta.url));

const endpoints = (names: string, first: number) =>
  names.split(" ").map((name, index) => ({ name, address: `10.220.1.${first + index}` }));

const network = "10.220.1.0/24";
const parties = {
  network,
  agents: endpoints("athena apollo artemis hermes perseus prometheus ares poseidon", 50),
  hypervisors: endpoints("r420 r8202 r710 r720xd r820", 7),
  mattermost: { name: "r720xd", address: "10.220.1.10" },
  workstations: ["10.220.1.240/28"],
};
/** Where whoever proves it sits: a person, or who deploys. */
const workstation = { name: "workstation", address: "10.220.1.241" };
const internet = { name: "internet", address: "203.0.113.7" };
const stranger = { name: "stranger", address: "10.220.1.200" };
/** Is there, and drops whatever comes. */
const silent = { name: "silent", address: "10.220.1.99" };

const plain = fleetConnectivity(parties);
const outside = { networks: ["0.0.0.0/0"], except: [network], probe: internet };
const matrix: Connectivity = {
  ...plain,
  parties: { ...plain.parties, internet: outside, github: outside },
};
const machines = [...parties.hypervisors, ...parties.agents];
const ports = [443, 8065, 9100, 18_789];

/** What `AgentHost` sets up, with files of ufw that are this namespace's own. */
function firewallScript(address: string): string {
  return [
    "for folder in ufw default; do cp -a /etc/$folder /run/$folder; mount --bind /run/$folder /etc/$folder; done",
    "mkdir /run/state; export GROUNDPLANE_STATE=/run/state",
    firewallScripts(firewallRules(matrix, address)).setup,
  ].join("\n");
}

describe("the fleet's connectivity, between network namespaces", () => {
  let namespaces: NetworkNamespaces;
  let ways: WaysIn = {};

  beforeAll(async () => {
    if (missing !== undefined) return;
    namespaces = await NetworkNamespaces.open([...machines, workstation, internet, stranger, silent]);
    const all = [...machines, internet, stranger];
    const opened = await Promise.all(all.map(({ address }) => namespaces.sshd(address)));
    ways = Object.fromEntries(opened.map((way) => [way.host, way]));
    // Everything listens everywhere: what is refused is refused by a firewall.
    for (const { address } of [...machines, internet]) await namespaces.listen(address, ports);
    await namespaces.run(silent.address, "iptables --policy INPUT DROP");
  }, 120_000);
  afterAll(() => namespaces?.close());

  /** On the workstation, by real SSH: as `groundplane fleet check` and a stack's own check do. */
  async function prove(more: Partial<ProveConnectivityOptions> = {}): Promise<ConnectivityReport> {
    const given = { ways, strangers: [stranger], otherPorts: [9100], waitSeconds: 5, ...more };
    const said = await namespaces.node(workstation.address, WORKER, { prove: matrix, options: given });
    // The worker says what the function returned.
    return said as ConnectivityReport;
  }

  test("without firewalls every flow gets through, so that those to be refused do not hold", async ({
    skip,
  }) => {
    skip(missing !== undefined, missing);
    const { flows, untriedSources, untriedRows } = await prove();
    expect([untriedSources, untriedRows]).toEqual([[], []]);
    expect(flows.filter(({ seen }) => seen !== "open").map(({ message }) => message)).toEqual([]);
    expect(flows.filter(({ holds }) => holds).every(({ expected }) => expected === "allowed")).toBe(true);
  });

  test("with the firewalls of the matrix every allowed flow is answered, and every other refused", async ({
    skip,
  }) => {
    skip(missing !== undefined, missing);
    await Promise.all(machines.map(({ address }) => namespaces.run(address, firewallScript(address))));
    // Who comes from elsewhere than a workstation cannot be logged in to from there, and is not asked.
    const report = await prove();
    expect(brokenFlows(report).map(({ message }) => message)).toEqual([]);
    expect(report.summary).toMatch(/^all \d+ connections are as the matrix says$/);
    const { flows } = report;
    expect(flows.filter(({ expected, seen }) => expected === "allowed" && seen === "open").length).toBe(86);
    expect(flows.filter(({ expected }) => expected === "refused").length).toBeGreaterThan(800);
    expect(new Set(flows.map(({ from }) => from.name))).toContain("this machine");
  });

  test("one rule less and one more are both seen, and who cannot be logged in to is not held for proven", async ({
    skip,
  }) => {
    skip(missing !== undefined, missing);
    await namespaces.run(
      "10.220.1.50",
      "ufw --force delete allow from 10.220.1.240/28 to any port 22 proto tcp",
    );
    await namespaces.run("10.220.1.51", "ufw allow 18789/tcp");
    const report = await prove({ connectTimeoutSeconds: 3 });
    const broken = brokenFlows(report);
    expect(broken.filter(({ expected }) => expected === "allowed").map(({ message }) => message)).toEqual([
      "this machine to athena port 22 is not answered; it is to be allowed",
    ]);
    const open = broken.filter(({ expected }) => expected === "refused");
    // From everyone but the workstation and athena: 6 agents, 5 hosts, the stranger and the internet's probe.
    expect(new Set(open.map(({ to, port }) => `${to.name} ${port}`))).toEqual(new Set(["apollo 18789"]));
    expect(open.length).toBe(13);
    expect(report.untriedSources).toMatchObject([{ from: { name: "athena" }, failed: true }]);
    expect(report.notTried).toBe(report.untriedSources[0]?.flows);
  });

  test("the stack's own check fails with the first ten by name, and without the key that it logs in with", async ({
    skip,
  }) => {
    skip(missing !== undefined, missing);
    const inventory = {
      ...{ schema: INVENTORY_SCHEMA, name: "rack", services: [] },
      network: { cidr: network, gateway: "10.220.1.1", nameservers: [] },
      hosts: parties.hypervisors.map((host) => ({ ...host, labels: [] })),
      machines: parties.agents.map((agent) => ({
        ...{
          ...agent,
          host: "r820",
          macAddress: "52:54:00:00:00:01",
          memoryMiB: 1024,
          vcpus: 1,
          diskGiB: 10,
        },
        ...{ role: "PM", user: "agent" },
      })),
    };
    const known = Object.values(ways).flatMap((way) =>
      "noWay" in way ? [] : `${way.host} ${way.hostKey}\n`,
    );
    const outputs = { inventory, knownHosts: known.join(""), connectivity: matrix };
    const { path, key } = namespaces.sops("vault_fleet_deploy_key");
    const task = { check: outputs, user: "root" };
    const said = await namespaces.node(workstation.address, WORKER, task, { PATH: path });
    const { message } = said as { readonly message: string };
    // From seven agents; the hosts are not logged in to, as no access is given.
    expect(message).toMatch(
      /^\d+ of \d+ connections are as the matrix says, 7 are not, \d+ were not tried: /,
    );
    expect(message).toContain("artemis to apollo port 18789 is answered; it is to be refused");
    expect(message).toContain("this machine to athena port 22 is not answered; it is to be allowed");
    expect(message).toContain("not tried from athena: 10.220.1.50:22 cannot be reached over SSH");
    expect(message).not.toContain(key.split("\n")[2]);
  });

  test("a machine that drops whatever comes is given up in time, with plain words", async ({ skip }) => {
    skip(missing !== undefined, missing);
    const [way] = Object.values(ways);
    const said = await namespaces.node(workstation.address, WORKER, {
      connect: { ...way, host: silent.address },
      connectTimeoutSeconds: 3,
    });
    expect(said).toMatchObject({
      message: expect.stringMatching(
        /^10\.220\.1\.99:22 cannot be reached over SSH: .*; see that it is up and that port is open from here$/,
      ),
    });
    const { seconds } = said as { readonly seconds: number };
    expect(seconds).toBeGreaterThan(2);
    expect(seconds).toBeLessThan(10);
  });
});
