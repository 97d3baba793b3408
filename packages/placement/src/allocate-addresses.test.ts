import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allocateAddresses } from "./allocate-addresses.ts";
import { machine } from "./fleets.fixture.ts";
import { parseInventory } from "./inventory.ts";
import type { FleetInventory } from "./inventory-shape.ts";
import { referenceFleet } from "./reference-fleet.ts";

function network(machines: Readonly<Record<string, string | undefined>>, more: object = {}): FleetInventory {
  return parseInventory({
    network: {
      cidr: "10.0.0.0/28",
      gateway: "10.0.0.1",
      nameservers: ["10.0.0.2", "9.9.9.9"],
      addresses: { from: "10.0.0.0", to: "10.0.0.9" },
      reserved: ["10.0.0.4-10.0.0.5"],
      ...more,
    },
    hosts: [{ name: "r1", address: "10.0.0.3", memoryMiB: 1_000_000, vcpus: 64, pools: [{ sizeGiB: 1000 }] }],
    machines: Object.entries(machines).map(([name, address]) => ({
      ...machine(name, 1),
      ...(address === undefined ? {} : { address }),
    })),
  });
}

const addressesOf = (inventory: FleetInventory, current = {}) => {
  const plan = allocateAddresses(inventory, { current });
  return plan.ok ? plan.addresses : plan.problems.map(({ subject, problem }) => `${subject}: ${problem}`);
};

describe("addresses", () => {
  test("are those of the document for its machines", () => {
    expect(addressesOf(referenceFleet())).toEqual({
      ...{ athena: "10.220.1.50", apollo: "10.220.1.51", artemis: "10.220.1.52", hermes: "10.220.1.53" },
      ...{ perseus: "10.220.1.54", prometheus: "10.220.1.55", ares: "10.220.1.56", poseidon: "10.220.1.57" },
    });
  });

  test("are the lowest that are free, in the order of names, past what the network needs", () => {
    expect(addressesOf(network({ b: undefined, a: undefined, c: "10.0.0.7" }))).toEqual({
      ...{ a: "10.0.0.6", b: "10.0.0.8", c: "10.0.0.7" },
    });
  });

  test("stay with who has them, and a fixed one wins over the record", () => {
    const current = { b: "10.0.0.6", c: "10.0.0.8" };
    expect(addressesOf(network({ a: undefined, b: undefined, c: undefined }), current)).toMatchObject(
      current,
    );
    expect(addressesOf(network({ b: "10.0.0.12", c: undefined }), current)).toEqual({
      ...{ b: "10.0.0.12", c: "10.0.0.8" },
    });
  });

  test.each([
    ["the gateway's", "10.0.0.1"],
    ["a name server", "10.0.0.2"],
    ["host r1's", "10.0.0.3"],
    ["reserved (10.0.0.4-10.0.0.5)", "10.0.0.4"],
    ["the network's own", "10.0.0.0"],
    ["the broadcast address", "10.0.0.15"],
    ["not in 10.0.0.0/28", "10.0.0.16"],
  ])("are refused where the address is %s", (what, address) => {
    expect(addressesOf(network({ a: address }))).toEqual([`a: its address ${address} is ${what}`]);
    expect(addressesOf(network({ a: undefined }), { a: address })).toEqual([
      `a: its address ${address} is ${what}`,
    ]);
  });

  test("are refused where two want the same, and where none is left", () => {
    expect(addressesOf(network({ a: "10.0.0.7", b: "10.0.0.7" }))).toEqual([
      "b: its address 10.0.0.7 is taken: it is a's",
    ]);
    expect(addressesOf(network({ a: undefined, b: "10.0.0.7" }), { a: "10.0.0.7" })).toEqual([
      "a: its address 10.0.0.7 is taken: it is b's",
    ]);
    const many = Object.fromEntries(["a", "b", "c", "d", "e"].map((name) => [name, undefined]));
    expect(addressesOf(network(many))).toEqual(["e: no address is free from 10.0.0.0 to 10.0.0.9"]);
  });

  test("are the same in any order, differ from each other, and no one's changes when others come or go", () => {
    const names = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "constructor"), { maxLength: 4 });
    fc.assert(
      fc.property(names, names, (before, after) => {
        const inventoryOf = (list: readonly string[]) =>
          network(Object.fromEntries(list.map((name) => [name, undefined])));
        const first = allocateAddresses(inventoryOf(before));
        if (!first.ok) throw new TypeError("four fit");
        expect(allocateAddresses(inventoryOf(before.toReversed()))).toEqual(first);
        const second = allocateAddresses(inventoryOf(after), { current: first.addresses });
        if (!second.ok) throw new TypeError("four fit");
        expect(Object.keys(second.addresses).sort()).toEqual([...after].sort());
        expect(new Set(Object.values(second.addresses)).size).toBe(after.length);
        for (const name of after.filter((each) => before.includes(each)))
          expect(second.addresses[name]).toBe(first.addresses[name]);
      }),
    );
  });
});
