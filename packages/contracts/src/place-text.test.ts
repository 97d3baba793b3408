import { expect, test } from "vitest";
import { placeText } from "./place-text.ts";

const inventory = { hosts: [{ name: "r820", pools: [{ name: "default", sizeGiB: 0 }] }, { nmae: "r710" }] };

test.each([
  [["hosts", 0, "pools", 0, "sizeGiB"], "hosts.0 (r820).pools.0 (default).sizeGiB"],
  [["hosts", 1, "name"], "hosts.1.name"],
  [["hosts", 7, "pools"], "hosts.7.pools"],
  [["hosts"], "hosts"],
  [[], ""],
])("the place %j is %j", (path, text) => {
  expect(placeText(inventory, path)).toBe(text);
});
