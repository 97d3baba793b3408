import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as placement from "./index.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

test("the README's example gives what it says", () => {
  const inventory = placement.parseInventory({
    network: {
      cidr: "10.0.0.0/24",
      gateway: "10.0.0.1",
      nameservers: ["10.0.0.1"],
      addresses: { from: "10.0.0.50", to: "10.0.0.99" },
    },
    hosts: [
      { name: "r1", address: "10.0.0.7", memoryMiB: 65_536, vcpus: 16, pools: [{ sizeGiB: 850 }] },
      {
        ...{ name: "r2", address: "10.0.0.8", memoryMiB: 131_072, vcpus: 32, pools: [{ sizeGiB: 850 }] },
        labels: ["always-on"],
      },
    ],
    machines: [
      { name: "athena", size: "light", diskGiB: 250, role: "lead", prefers: ["always-on"] },
      { name: "apollo", size: "medium", diskGiB: 250, role: "agent", apart: ["athena"] },
    ],
  });
  const plan = placement.planPlacement(inventory, { current: { apollo: "r1" } });
  expect(plan.ok && plan.assignment).toEqual({ apollo: "r1", athena: "r2" });
  expect(readme).toContain('{ apollo: "r1", athena: "r2" }');
});

test("the README's table names functions that there are", () => {
  const named = [...readme.matchAll(/^\| `(\w+)`/gm)].map(([, name = ""]) => name);
  expect(named.length).toBeGreaterThan(8);
  for (const name of named) expect(placement).toHaveProperty(name, expect.any(Function));
});
