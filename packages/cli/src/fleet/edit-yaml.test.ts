import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { withEntry, withRecord } from "./edit-yaml.ts";

const PATH = ["config", "fleet:placement"];
const CONFIG = `# top
config:
  fleet:phase: 1   # the phase
  # who is where
  fleet:placement:
    athena: r420 # always on
    # the two of r710
    apollo: "r710"
    artemis: r710
  fleet:inventory:
    hosts: [ {name: r420},   {name: r710} ]
`;

describe("a record in YAML", () => {
  test("is changed line by line, with all else as it was", () => {
    const record = { athena: "r820", apollo: "r710", hermes: "r8202" };
    expect(withRecord("f", CONFIG, PATH, record)).toBe(`# top
config:
  fleet:phase: 1   # the phase
  # who is where
  fleet:placement:
    athena: r820 # always on
    # the two of r710
    apollo: "r710"
    hermes: r8202
  fleet:inventory:
    hosts: [ {name: r420},   {name: r710} ]
`);
  });

  test("stays as it is when nothing changes", () => {
    expect(withRecord("f", CONFIG, PATH, { athena: "r420", apollo: "r710", artemis: "r710" })).toBe(CONFIG);
  });

  test.each([
    [
      "is not there",
      "config:\n  fleet:phase: 1 # one\n# end\n",
      "config:\n  fleet:phase: 1 # one\n  fleet:placement:\n    a: r1\n# end\n",
    ],
    [
      "is empty",
      "config:\n  fleet:placement: {} # none\n  fleet:phase: 1\n",
      "config:\n  fleet:placement:\n    a: r1 # none\n  fleet:phase: 1\n",
    ],
    [
      "has no value",
      "config:\n  fleet:placement:\n  fleet:phase: 1\n",
      "config:\n  fleet:placement:\n    a: r1\n  fleet:phase: 1\n",
    ],
    ["is on one line", "config:\n  fleet:placement: { b: r2 }\n", "config:\n  fleet:placement:\n    a: r1\n"],
    [
      "is at the end, without a line's end",
      "config:\n  fleet:placement:\n    b: r2\n    a: r2",
      "config:\n  fleet:placement:\n    a: r1",
    ],
    [
      "has a last line without an end",
      "config:\n  fleet:phase: 1",
      "config:\n  fleet:phase: 1\n  fleet:placement:\n    a: r1\n",
    ],
  ])("is written where it %s", (_, text, expected) => {
    expect(withRecord("f", text, PATH, { a: "r1" })).toBe(expected);
  });

  test("comes out as it was given, whatever was there", () => {
    const names = fc.constantFrom("a", "b", "c-1", "constructor");
    const records = fc.dictionary(names, fc.constantFrom("r1", "r2"), { minKeys: 1, noNullPrototype: true });
    fc.assert(
      fc.property(records, records, fc.boolean(), (before, after, behind) => {
        const lines = Object.entries(before).map(([name, host]) => `    ${name}: ${host} # ${name}\n`);
        const text = `config:\n  fleet:placement:\n${lines.join("")}${behind ? "  fleet:phase: 1\n" : ""}`;
        const written = withRecord("f", text, PATH, after);
        expect(parse(written)).toEqual({
          config: { "fleet:placement": after, ...(behind ? { "fleet:phase": 1 } : {}) },
        });
      }),
    );
  });

  test("fails when the file is no YAML, or all of it is on one line", () => {
    expect(() => withRecord("f.yaml", "a: [", PATH, { a: "r1" })).toThrow(/f\.yaml is no YAML/);
    expect(() => withRecord("f.yaml", "{ config: {} }", PATH, { a: "r1" })).toThrow(
      /cannot be written without/,
    );
    expect(() => withRecord("f.yaml", CONFIG, PATH, {})).toThrow(/cannot be written without/);
  });
});

test("an entry is added to a map in lines, and to one on a line", () => {
  const path = ["machines", 0, "address"];
  expect(
    withEntry(
      "f",
      "machines:\n  - name: a # first\n    size: light # small\n  - name: b\n",
      path,
      "10.0.0.5",
    ),
  ).toBe("machines:\n  - name: a # first\n    size: light\n    address: 10.0.0.5 # small\n  - name: b\n");
  expect(withEntry("f", "machines:\n  - { name: a, near: [b] }\n", path, "10.0.0.5")).toBe(
    "machines:\n  - { name: a, near: [b], address: 10.0.0.5 }\n",
  );
  expect(withEntry("f", "machines:\n  - {\n      name: a,\n      phase: 3,\n    }\n", path, "10.0.0.5")).toBe(
    "machines:\n  - {\n      name: a,\n      phase: 3, address: 10.0.0.5,\n    }\n",
  );
  expect(
    withEntry(
      "f",
      "machines:\n  - name: a\n    near:\n      - b\n    size:\n      vcpus: 4\n\n# end\n",
      path,
      "10.0.0.5",
    ),
  ).toBe(
    "machines:\n  - name: a\n    near:\n      - b\n    size:\n      vcpus: 4\n    address: 10.0.0.5\n\n# end\n",
  );
});
