import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeDurably } from "./durable-file.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "durable-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("writes a file whole, into a folder that it makes, and takes the place of an older one", () => {
  const file = join(folder, "a/b.json");
  writeDurably(file, "first");
  writeDurably(file, "zweite Fassung, ä");
  expect(readFileSync(file, "utf8")).toBe("zweite Fassung, ä");
  expect(readdirSync(join(folder, "a"))).toEqual(["b.json"]);
});

test("fails when the file cannot take its place, and leaves what stood there and nothing half", () => {
  const file = join(folder, "taken");
  mkdirSync(join(file, "inside"), { recursive: true });
  expect(() => writeDurably(file, "text")).toThrow(expect.objectContaining({ code: "WRITE_FAILED" }));
  expect(readdirSync(folder)).toEqual(["taken"]);
  expect(readdirSync(file)).toEqual(["inside"]);
});
