import picocolors from "picocolors";
import { expect, test } from "vitest";
import { outputsArtifact } from "../run.fixture.ts";
import { doctorLines } from "./doctor.ts";
import { age, duration } from "./duration.ts";
import { outputsLines } from "./outputs.ts";
import { oneLine, plainText } from "./plain-text.ts";
import { shortType } from "./resource-name.ts";
import { table } from "./table.ts";
import { truncate, visibleLength } from "./truncate.ts";

const plain = picocolors.createColors(false);
const colored = picocolors.createColors(true);

test("words durations by their size", () => {
  expect([840, 12_400, 59_600, 185_000, 7_800_000].map(duration)).toEqual([
    "0.8 s",
    "12 s",
    "1 min 0 s",
    "3 min 5 s",
    "2 h 10 min",
  ]);
  expect([45_000, 720_000, 10_800_000, 518_400_000].map(age)).toEqual(["45 s", "12 min", "3 h", "6 days"]);
});

test("cuts a coloured line by what is seen, and closes its colour", () => {
  const line = `${colored.red("abcdef")} ghi`;
  expect(visibleLength(line)).toBe(10);
  expect(visibleLength(truncate(line, 4))).toBe(4);
  expect(truncate(line, 4)).toBe("\u001b[31mabc…\u001b[39m");
  expect(truncate("short", 10)).toBe("short");
  expect(truncate("anything", 0)).toBe("");
});

test("aligns columns by what is seen", () => {
  expect(
    table([
      ["a", "b"],
      [colored.red("long"), "c"],
    ]).map((line) => line.indexOf("c"))[1],
  ).toBeGreaterThan(0);
  expect(
    table(
      [
        ["a", "b"],
        ["long", "c"],
      ],
      "  ",
    ),
  ).toEqual(["  a     b", "  long  c"]);
});

test("makes text from outside safe to print", () => {
  expect(plainText("a\u001b]0;title\u0007b\u0000c\tok\n")).toBe("ab\ufffdc\tok\n");
  expect(oneLine("  one\r\n   two ")).toBe("one two");
});

test("shortens types to what a person reads", () => {
  expect(shortType("aws:ec2/vpc:Vpc")).toBe("aws:ec2:Vpc");
  expect(shortType("groundplane:aws:Vpc")).toBe("groundplane:aws:Vpc");
});

test("shows outputs, and secrets by reference only", () => {
  const lines = { keys: "athena ssh-ed25519 AAAA\napollo ssh-ed25519 BBBB\n" };
  expect(outputsLines({ ...outputsArtifact(), values: lines, secrets: {} }, plain).slice(1)).toEqual([
    "  keys  athena ssh-ed25519 AAAA",
    "        apollo ssh-ed25519 BBBB",
  ]);
  expect(outputsLines(outputsArtifact(), plain).join("\n")).toMatchInlineSnapshot(`
    "dev/network  version 2, 2026-11-21 05:12:40 UTC, sandbox
      privateSubnetIds  ["subnet-1","subnet-2"]
      token             (secret) pulumi://shop/dev/token
      vpcId             vpc-1"
  `);
});

test("shows what doctor found, with remedies and a verdict", () => {
  const lines = doctorLines(
    [
      { area: "node", status: "ok", message: "24.1.0" },
      { area: "engine", status: "fail", message: "none", remedy: "Install it." },
      { area: "engine", status: "warn", message: "path: nothing" },
    ],
    plain,
  );
  expect(lines.join("\n")).toMatchInlineSnapshot(`
    "✔  node    24.1.0
    ✖  engine  none
               Fix: Install it.
    !          path: nothing

    1 thing needs mending."
  `);
});
