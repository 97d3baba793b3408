import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { VirtualMachineArgs } from "./virtual-machine-args.ts";
import { planVirtualMachine } from "./virtual-machine-plan.ts";

/** The plan reads neither the hypervisor nor the image. */
type Shape = Omit<VirtualMachineArgs, "hypervisor" | "image">;
const base: Shape = {
  size: "medium",
  diskGiB: 250,
  address: { cidr: "10.220.1.50/24", gateway: "10.220.1.1", nameservers: ["8.8.8.8"] },
  users: [{ name: "agent", authorizedKeys: ["ssh-ed25519 AAAA jeff"] }],
};

const name = fc.stringMatching(/^[a-z]{1,8}$/);
const shape = fc.record({
  size: fc.constantFrom("light", "medium", "heavy"),
  diskGiB: fc.integer({ min: 1, max: 65_536 }),
  disks: fc.uniqueArray(fc.record({ name, sizeGiB: fc.integer({ min: 1, max: 65_536 }) }), {
    selector: (disk) => disk.name,
    maxLength: 24,
  }),
  guestAgent: fc.boolean(),
  packages: fc.array(name),
}) satisfies fc.Arbitrary<Partial<Shape>>;

describe("the plan of a machine", () => {
  test("has the sizes that are named", () => {
    const sizes = (["light", "medium", "heavy"] as const).map((size) => {
      const { memoryMiB, vcpus } = planVirtualMachine("athena", "rack", { ...base, size });
      return [size, memoryMiB, vcpus];
    });
    expect(sizes).toEqual([
      ["light", 8192, 2],
      ["medium", 16_384, 4],
      ["heavy", 32_768, 8],
    ]);
  });

  test("is the same each time, and never means a volume of another stack, machine or disk", () => {
    fc.assert(
      fc.property(name, name, name, name, shape, (machine, stack, other, otherStack, some) => {
        fc.pre(machine !== other || stack !== otherStack);
        const plan = planVirtualMachine(machine, stack, { ...base, ...some });
        expect(planVirtualMachine(machine, stack, { ...base, ...some })).toEqual(plan);
        const names = [plan.root, ...plan.disks].map((volume) => volume.name);
        const others = planVirtualMachine(other, otherStack, { ...base, ...some });
        expect(new Set(names).size).toBe(names.length);
        expect(names).not.toContain(others.root.name);
      }),
    );
  });

  test("keeps the first disk and the address whatever else changes", () => {
    fc.assert(
      fc.property(shape, shape, (one, other) => {
        const [before, after] = [one, other].map((some) =>
          planVirtualMachine("athena", "rack", { ...base, ...some, diskGiB: 250 }),
        );
        expect(after?.root).toEqual(before?.root);
        expect([after?.macAddress, after?.ipAddress]).toEqual([before?.macAddress, before?.ipAddress]);
      }),
    );
  });

  test("counts disks in GiB, and leaves those that stay as they are when one is added", () => {
    fc.assert(
      fc.property(shape, (some) => {
        const plan = planVirtualMachine("athena", "rack", { ...base, ...some });
        expect([plan.root, ...plan.disks].map(({ sizeBytes }) => sizeBytes / 1024 ** 3)).toEqual([
          some.diskGiB,
          ...some.disks.map(({ sizeGiB }) => sizeGiB),
        ]);
        const fewer = planVirtualMachine("athena", "rack", { ...base, ...some, disks: some.disks.slice(1) });
        expect(fewer.disks).toEqual(plan.disks.slice(1));
      }),
    );
  });

  test("installs the agent once", () => {
    const { packages } = planVirtualMachine("athena", "rack", {
      ...base,
      guestAgent: true,
      packages: ["ufw", "qemu-guest-agent"],
    });
    expect(packages).toEqual(["ufw", "qemu-guest-agent"]);
  });

  test("says what policies ask of it", () => {
    const of = (some: Partial<Shape>) =>
      JSON.parse(planVirtualMachine("athena", "rack", { ...base, ...some }).metadata);
    expect(of({})).toEqual({
      groundplane: { component: "VirtualMachine", protected: false, backup: false },
    });
    expect(of({ protected: true, backup: { schedule: "daily", keep: 7 } })).toEqual({
      groundplane: {
        component: "VirtualMachine",
        protected: true,
        backup: { schedule: "daily", keep: 7 },
      },
    });
  });
});
