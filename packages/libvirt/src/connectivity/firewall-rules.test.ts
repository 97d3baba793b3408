import { expect, test } from "vitest";
import { flowsBetween, flowsToProve } from "./allowed-flows.ts";
import { firewallRules } from "./firewall-rules.ts";
import { MATRIX, PARTIES, STRANGER } from "./fleet.fixture.ts";
import { fleetConnectivity } from "./fleet-connectivity.ts";

test("an agent lets the workstations in, and no other agent", () => {
  expect(firewallRules(MATRIX, "10.220.1.50")).toEqual([
    { purpose: "Admin access", from: "10.220.1.240/28", port: 22 },
    { purpose: "OpenClaw UI", from: "10.220.1.240/28", port: 18_789 },
  ]);
});

test("the host that Mattermost is on has the rules of a hypervisor and of Mattermost", () => {
  const rules = firewallRules(MATRIX, "10.220.1.10");
  expect(rules.filter(({ port }) => port === 22).length).toBe(9);
  expect(rules.filter(({ port }) => port === 8065).length).toBe(9);
  expect(firewallRules(MATRIX, "10.220.1.11").every(({ port }) => port === 22)).toBe(true);
  expect(firewallRules(MATRIX, STRANGER.address)).toEqual([]);
});

test("an inference server lets the agents ask it, and people administer it", () => {
  const matrix = fleetConnectivity({ ...PARTIES, inference: { name: "ollama", address: "10.220.1.20" } });
  const rules = firewallRules(matrix, "10.220.1.20");
  expect(rules.filter(({ port }) => port === 11_434).map(({ from }) => from)).toEqual(
    PARTIES.agents.map(({ address }) => address),
  );
  expect(rules.filter(({ port }) => port !== 11_434)).toEqual([
    { purpose: "Admin access", from: "10.220.1.240/28", port: 22 },
  ]);
});

test("two rows of one source and port are one rule that says both", () => {
  const flow = { from: "agents", to: "hypervisors", protocol: "tcp" as const, port: 22, purpose: "Backup" };
  const [rule] = firewallRules({ ...MATRIX, flows: [...MATRIX.flows, flow, flow] }, "10.220.1.7");
  expect(rule?.purpose).toBe("Management, Backup");
});

test("rules let in exactly what the matrix allows, by their sources", () => {
  for (const { from, to, port, expected } of flowsToProve(MATRIX, { strangers: [STRANGER] })) {
    if (to.name === "internet" || to.name === "workstation") continue;
    const workstation = from.name === "workstation" ? "10.220.1.240/28" : from.address;
    const isIn = firewallRules(MATRIX, to.address).some(
      (rule) => rule.from === workstation && rule.port === port,
    );
    expect(isIn).toBe(expected === "allowed");
    expect(flowsBetween(MATRIX, from.address, to.address, port).length > 0).toBe(isIn);
  }
});
