import {
  type Connectivity,
  firewallRules,
  firewallScripts,
  fleetConnectivity,
  flowsToProve,
  proveFlows,
} from "@groundplane/libvirt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NetworkNamespaces, namespacesMissing } from "./network-namespaces.ts";

const missing = namespacesMissing();

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
const workstation = { name: "workstation", address: "10.220.1.241" };
const internet = { name: "internet", address: "203.0.113.7" };
const stranger = { name: "stranger", address: "10.220.1.200" };

const plain = fleetConnectivity(parties);
const outside = { networks: ["0.0.0.0/0"], except: [network], probe: internet };
const matrix: Connectivity = {
  ...plain,
  parties: {
    ...plain.parties,
    workstations: { networks: parties.workstations, probe: workstation },
    ...{ internet: outside, github: outside },
  },
};
const machines = [...parties.hypervisors, ...parties.agents];
const ports = [22, 443, 8065, 9100, 18_789];

/** What `AgentHost` sets up, with files of ufw that are this namespace's own. */
function firewallScript(address: string): string {
  return [
    "mount -t tmpfs none /run",
    "for folder in ufw default; do cp -a /etc/$folder /run/$folder; mount --bind /run/$folder /etc/$folder; done",
    "mkdir /run/state; export GROUNDPLANE_STATE=/run/state",
    firewallScripts(firewallRules(matrix, address)).setup,
  ].join("\n");
}

describe("the fleet's connectivity, between network namespaces", () => {
  let namespaces: NetworkNamespaces;

  beforeAll(async () => {
    if (missing !== undefined) return;
    namespaces = await NetworkNamespaces.open([...machines, workstation, internet, stranger]);
    // Everything listens everywhere: what is refused is refused by a firewall.
    for (const { address } of [...machines, internet]) await namespaces.listen(address, ports);
  }, 120_000);
  afterAll(() => namespaces?.close());

  const flows = flowsToProve(matrix, { strangers: [stranger], otherPorts: [9100] });
  const prove = (tried = flows) =>
    proveFlows(tried, ({ address }, script) => namespaces.run(address, script), { waitSeconds: 5 });

  test("without firewalls every flow gets through, so that those to be refused do not hold", async ({
    skip,
  }) => {
    skip(missing !== undefined, missing);
    const proofs = await prove();
    expect(proofs.length).toBe(flows.length);
    expect(proofs.filter(({ seen }) => seen !== "open").map(({ message }) => message)).toEqual([]);
    expect(proofs.filter(({ holds }) => holds).every(({ expected }) => expected === "allowed")).toBe(true);
  });

  test("with the firewalls of the matrix every allowed flow is answered, and every other refused", async ({
    skip,
  }) => {
    skip(missing !== undefined, missing);
    await Promise.all(machines.map(({ address }) => namespaces.run(address, firewallScript(address))));
    const proofs = await prove();
    expect(proofs.filter(({ holds }) => !holds).map(({ message }) => message)).toEqual([]);
    expect(proofs.filter(({ expected, seen }) => expected === "allowed" && seen === "open").length).toBe(86);
    expect(proofs.filter(({ expected }) => expected === "refused").length).toBeGreaterThan(800);
  });

  test("one rule less and one more are both seen", async ({ skip }) => {
    skip(missing !== undefined, missing);
    await namespaces.run(
      "10.220.1.50",
      "ufw --force delete allow from 10.220.1.240/28 to any port 22 proto tcp",
    );
    await namespaces.run("10.220.1.51", "ufw allow 18789/tcp");
    const changed = flows.filter(({ to }) => to.name === "athena" || to.name === "apollo");
    const proofs = await prove(changed);
    const broken = proofs.filter(({ holds }) => !holds);
    expect(broken.filter(({ expected }) => expected === "allowed").map(({ message }) => message)).toEqual([
      "workstation to athena port 22 is not answered; it is to be allowed",
    ]);
    const open = broken.filter(({ expected }) => expected === "refused");
    // From everyone but the workstation: 7 agents, 5 hosts and the stranger, and the internet's probe.
    expect(new Set(open.map(({ to, port }) => `${to.name} ${port}`))).toEqual(new Set(["apollo 18789"]));
    expect(open.length).toBe(14);
  });
});
