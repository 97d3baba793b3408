import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { flowsBetween, flowsToProve } from "./allowed-flows.ts";
import { parseConnectivity } from "./connectivity.ts";
import { MATRIX, STRANGER } from "./fleet.fixture.ts";
import { FLEET_FLOWS } from "./fleet-connectivity.ts";

const ATHENA = "10.220.1.50";
const APOLLO = "10.220.1.51";
const R720XD = "10.220.1.10";
const R820 = "10.220.1.11";
const WORKSTATION = "10.220.1.250";

describe("the document's matrix", () => {
  test("is the document's, row by row", () => {
    expect(FLEET_FLOWS.map(({ from, to, protocol, port }) => `${from} ${to} ${protocol} ${port}`)).toEqual([
      "agents hypervisors ssh 22",
      "agents mattermost http 8065",
      "agents internet https 443",
      "agents github ssh 22",
      "workstations agents ssh 22",
      "workstations mattermost http 8065",
      "workstations agents http 18789",
    ]);
    expect(parseConnectivity(MATRIX)).toEqual(MATRIX);
  });

  test.each<[string, string, string, number, boolean]>([
    ["an agent to a hypervisor", ATHENA, R820, 22, true],
    ["an agent to Mattermost", ATHENA, R720XD, 8065, true],
    ["an agent to Mattermost's port on another host", ATHENA, R820, 8065, false],
    ["an agent to another agent's SSH", ATHENA, APOLLO, 22, false],
    ["an agent to another agent's dashboard", ATHENA, APOLLO, 18_789, false],
    ["an agent to GitHub's SSH", ATHENA, "140.82.121.4", 22, true],
    ["an agent to the internet by another port", ATHENA, "140.82.121.4", 25, false],
    ["a workstation to a dashboard", WORKSTATION, APOLLO, 18_789, true],
    ["a workstation to a hypervisor's SSH", WORKSTATION, R820, 22, true],
    ["someone else in the network to a dashboard", STRANGER.address, APOLLO, 18_789, false],
    ["a hypervisor to an agent", R820, ATHENA, 22, false],
  ])("%s: port %s of %s, %s", (_who, from, to, port, allowed) => {
    expect(flowsBetween(MATRIX, from, to, port).length > 0).toBe(allowed);
  });
});

describe("flowsToProve", () => {
  const flows = flowsToProve(MATRIX, { strangers: [STRANGER], otherPorts: [9100] });

  test("holds every machine against every other at every port, once", () => {
    const keys = flows.map(({ from, to, port }) => `${from.address} ${to.address} ${port}`);
    expect(new Set(keys).size).toBe(keys.length);
    // 13 machines (Mattermost is on one of them), a workstation, the internet's probe and a stranger; ports 22, 443, 8065,
    // 9100 and 18789. From each of 16 to each of 13 others, less a machine to itself.
    const toMachines = flows.filter(({ to }) => to.name !== "internet" && to.name !== "workstation");
    expect(toMachines.length).toBe((16 * 13 - 13) * 5);
    expect(flows.filter(({ to }) => to.name === "internet").map(({ port }) => port)).toEqual(
      Array.from({ length: 8 }, () => [22, 443]).flat(),
    );
  });

  test("allows what a row of the matrix says, and nothing else", () => {
    for (const { from, to, port, expected, purposes } of flows) {
      const rows = flowsBetween(MATRIX, from.address, to.address, port);
      expect([expected, purposes]).toEqual([
        rows.length > 0 ? "allowed" : "refused",
        rows.map(({ purpose }) => purpose),
      ]);
    }
    const allowed = flows.filter(({ expected, to }) => expected === "allowed" && to.name !== "internet");
    // 8 agents to 5 hypervisors and to Mattermost; a workstation to 8 agents at two ports, to 5 hypervisors and Mattermost.
    expect(allowed.length).toBe(8 * 5 + 8 + 8 * 2 + 5 + 1);
    expect(
      flows.filter(({ from }) => from.name === "stranger").every((one) => one.expected === "refused"),
    ).toBe(true);
  });
});

describe("a matrix", () => {
  const machine = { name: "a", address: "10.0.0.1" };

  test.each<[string, object, RegExp]>([
    [
      "names a party that is not there",
      { parties: {}, flows: [{ ...FLEET_FLOWS[0] }] },
      /flows\.0\.from: no party is named "agents"/,
    ],
    [
      "has an address that is none",
      { parties: { a: { machines: [{ ...machine, address: "10.0.0.256" }] } }, flows: [] },
      /parties\.a/,
    ],
    [
      "has a network that is none",
      { parties: { a: { networks: ["10.0.0.0/33"] } }, flows: [] },
      /parties\.a/,
    ],
    [
      "lets connections in from a network with exceptions",
      {
        parties: { a: { networks: ["0.0.0.0/0"], except: ["10.0.0.0/8"] }, b: { machines: [machine] } },
        flows: [{ from: "a", to: "b", protocol: "ssh", port: 22, purpose: "x" }],
      },
      /has exceptions/,
    ],
  ])("fails when it %s", (_how, matrix, words) => {
    expect(() => parseConnectivity(matrix)).toThrow(words);
  });

  test("of any shape: a flow is expected to be allowed exactly where a row's parties have both ends", () => {
    const address = fc.integer({ min: 1, max: 6 }).map((last) => `10.0.0.${last}`);
    const party = fc.oneof(
      fc.uniqueArray(address, { minLength: 1, maxLength: 4 }).map((addresses) => ({
        machines: addresses.map((one) => ({ name: one, address: one })),
      })),
      fc.constantFrom("10.0.0.0/30", "10.0.0.4/32").map((cidr) => ({ networks: [cidr] })),
    );
    const name = fc.constantFrom("p", "q", "r");
    const flow = fc.record({
      ...{ from: name, to: name, protocol: fc.constant("tcp" as const) },
      ...{ port: fc.constantFrom(22, 80), purpose: fc.constant("any") },
    });
    const matrices = fc.record({
      parties: fc.record({ p: party, q: party, r: party }),
      flows: fc.array(flow),
    });
    fc.assert(
      fc.property(matrices, (matrix) => {
        const inside = (which: "p" | "q" | "r", one: string): boolean => {
          const found = matrix.parties[which];
          if ("machines" in found) return found.machines.some((machine) => machine.address === one);
          const last = Number(one.split(".")[3]);
          return found.networks.includes("10.0.0.0/30") ? last <= 3 : last === 4;
        };
        for (const { from, to, port, expected } of flowsToProve(matrix)) {
          const row = matrix.flows.some(
            (one) => one.port === port && inside(one.from, from.address) && inside(one.to, to.address),
          );
          expect(expected).toBe(row ? "allowed" : "refused");
          expect(from.address).not.toBe(to.address);
        }
      }),
    );
  });
});
