import type { FleetInventoryInput } from "@groundplane/placement";
import { describe, expect, test } from "vitest";
import { codeOf } from "../../../../test/code-of.ts";
import { macAddress } from "../virtual-machine/mac-address.ts";
import { INVENTORY } from "./fleet.fixture.ts";
import { type FleetPlanArgs, planFleet, refuseSharedCards } from "./fleet-plan.ts";

const plan = (args: Partial<FleetPlanArgs> = {}) =>
  planFleet("rack", "prod", { inventory: INVENTORY, user: "agent", ...args });
const hostsOf = (args: Partial<FleetPlanArgs>) =>
  Object.fromEntries(plan(args).machines.map(({ name, host }) => [name, host]));
describe("planFleet", () => {
  test("puts each machine where the record says, and says which have none", () => {
    expect(hostsOf({ placement: { athena: "big", apollo: "small" } })).toEqual({
      athena: "big",
      apollo: "small",
    });
    expect(plan({ placement: { athena: "big", apollo: "small" } }).unrecorded).toEqual([]);
    const half = plan({ placement: { athena: "big" } });
    expect(half.unrecorded).toEqual(["apollo"]);
    expect(half.machines.find(({ name }) => name === "athena")?.host).toBe("big");
  });

  test("says which machines have an address that may be another one when the list changes", () => {
    const without = (name: string): FleetInventoryInput => ({
      ...INVENTORY,
      machines: INVENTORY.machines.map(({ address, ...machine }) =>
        machine.name === name ? machine : { ...machine, ...(address === undefined ? {} : { address }) },
      ),
    });
    expect(plan().unaddressed).toEqual([]);
    expect(plan({ inventory: without("apollo") }).unaddressed).toEqual(["apollo"]);
    // Of a later phase.
    expect(plan({ inventory: without("nike") }).unaddressed).toEqual([]);
  });

  test("a later phase brings machines, and moves and renumbers none of those that are there", () => {
    const placement = { athena: "big", apollo: "small" };
    const first = plan({ placement });
    const third = plan({ placement, phase: 3 });
    expect(third.machines.map(({ name }) => name)).toEqual(["athena", "apollo", "nike"]);
    expect(third.machines.slice(0, 2)).toEqual(first.machines);
    expect(third.unrecorded).toEqual(["nike"]);
  });

  test("the order of the inventory says nothing about a machine", () => {
    const turned: FleetInventoryInput = { ...INVENTORY, machines: [...INVENTORY.machines].reverse() };
    const byName = (inventory: FleetInventoryInput) =>
      new Map(plan({ inventory, phase: 3 }).machines.map((machine) => [machine.name, machine]));
    expect(byName(turned)).toEqual(byName(INVENTORY));
  });

  test("a record of machines that are gone, or still to come, is no reason to refuse, and the former are named", () => {
    const placement = { athena: "big", apollo: "small", nike: "big", zeus: "gone" };
    expect(hostsOf({ placement })).toEqual({ athena: "big", apollo: "small" });
    expect(plan({ placement }).unknown).toEqual(["zeus"]);
    expect(plan().unknown).toEqual([]);
  });

  test("exports sizes, cards and services, and nothing that the schema does not have", () => {
    const { exported } = plan({ placement: { athena: "big" }, servicePorts: { mattermost: 8065 } });
    expect(exported.machines[0]).toEqual({
      ...{ name: "athena", host: "big", address: "10.0.0.50", macAddress: macAddress("prod/athena") },
      ...{ memoryMiB: 8192, vcpus: 2, diskGiB: 20, role: "PM", user: "agent" },
    });
    expect(exported.services).toEqual([{ name: "mattermost", host: "big", address: "10.0.0.2", port: 8065 }]);
    expect(plan().exported.services).toEqual([]);
  });

  test.each<[string, Partial<FleetPlanArgs>, string]>([
    [
      "machines that fit nowhere",
      { inventory: { ...INVENTORY, hosts: INVENTORY.hosts.slice(1) }, phase: 3 },
      "NO_PLACEMENT",
    ],
    ["a record that names a host which is not there", { placement: { athena: "gone" } }, "NO_PLACEMENT"],
    ["an inventory that is not in order", { inventory: { ...INVENTORY, hosts: [] } }, "CONFIG_INVALID"],
  ])("fails for %s", (_what, args, code) => {
    expect(codeOf(() => plan(args))).toBe(code);
  });
});

describe("refuseSharedCards", () => {
  test("fails when two names make one MAC address, and names both", () => {
    // Found by trying names until the last 24 bits of a hash met: about 2^12 of them.
    const seen = new Map<string, string>();
    const pair: { name: string; macAddress: string }[] = [];
    for (let at = 0; pair.length === 0; at += 1) {
      const name = `m${at}`;
      const card = macAddress(`prod/${name}`);
      const other = seen.get(card);
      if (other !== undefined) pair.push({ name: other, macAddress: card }, { name, macAddress: card });
      seen.set(card, name);
    }
    expect(() => refuseSharedCards(pair)).toThrow(
      `"${pair[0]?.name}" and "${pair[1]?.name}" would have one MAC`,
    );
    expect(() => refuseSharedCards(pair.slice(1))).not.toThrow();
  });
});
