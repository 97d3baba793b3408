import { expect, test } from "vitest";
import { stacks } from "../../../../test/browser/review.fixture.ts";
import { neighbours, placeStacks } from "./stack-graph.ts";

test("places each stack right of what it needs, and leaves out what has nothing to do with it", () => {
  const { stacks: placed, edges } = placeStacks(stacks, "shop");
  expect(placed).toEqual([
    { name: "global", column: 0, row: 0 },
    { name: "monitoring", column: 3, row: 0 },
    { name: "network", column: 1, row: 0 },
    { name: "secrets", column: 1, row: 1 },
    { name: "shop", column: 2, row: 0 },
  ]);
  // network to monitoring goes by a free place below shop.
  expect(edges.map((edge) => edge.map(({ column, row }) => `${column}.${row}`).join(" "))).toEqual([
    "1.0 2.1 3.0",
    "2.0 3.0",
    "0.0 1.0",
    "0.0 1.1",
    "1.0 2.0",
    "1.1 2.0",
  ]);
});

test("takes stacks that need each other", () => {
  const circle = [
    { name: "a", dependsOn: ["b"] },
    { name: "b", dependsOn: ["a"] },
  ];
  expect(placeStacks(circle, "a").stacks).toHaveLength(2);
});

test("knows the direct neighbours", () => {
  expect(neighbours(stacks, "network")).toEqual({ needs: ["global"], neededBy: ["shop", "monitoring"] });
});
