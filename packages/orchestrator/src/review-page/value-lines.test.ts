import { type JsonValue, SECRET_MARK, UNKNOWN_MARK } from "@groundplane/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonLayout } from "./json-layout.ts";
import { SECRET_SIGN, UNKNOWN_SIGN, valueLines } from "./value-lines.ts";

describe("jsonLayout", () => {
  test("lays a document out as JSON.stringify does", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const value: unknown = JSON.parse(text);
        const isDocument = typeof value === "object" && value !== null;
        expect(jsonLayout(text)?.join("\n")).toBe(isDocument ? JSON.stringify(value, null, 2) : undefined);
      }),
    );
  });

  test("hides no duplicate key, long number or escape", () => {
    expect(jsonLayout('{"Effect":"Deny","Effect":"Allow","n":1e400000,"s":"\\u0041"}')).toEqual([
      "{",
      '  "Effect": "Deny",',
      '  "Effect": "Allow",',
      '  "n": 1e400000,',
      '  "s": "\\u0041"',
      "}",
    ]);
  });

  test.each(["", "plain", '"text"', "12", "{broken", "[1,]"])("leaves %j alone", (text) => {
    expect(jsonLayout(text)).toBeUndefined();
  });
});

describe("valueLines", () => {
  test.each<[JsonValue, readonly string[]]>([
    ["text", ['"text"']],
    [["a", 1, true, null], ['["a", 1, true, null]']],
    [{ a: { "b c": [] } }, ['{ a: { "b c": [] } }']],
    [{ ...SECRET_MARK }, [SECRET_SIGN]],
    [{ key: { ...UNKNOWN_MARK } }, [`{ key: ${UNKNOWN_SIGN} }`]],
    ["a\nb  \n", ["a", "b··", ""]],
    [{ __defaults: ["name"], name: "x" }, ['{ name: "x" }']],
  ])("lays out %j", (value, lines) => {
    expect(valueLines(value)).toEqual(lines);
  });

  test("lays long values out as in YAML, with documents and texts as blocks", () => {
    const long = "x".repeat(60);
    expect(
      valueLines({
        rules: [{ name: long, ports: [80, 443], script: "a\nb" }],
        policy: `{"a":"${long}","b":1}`,
      }),
    ).toEqual([
      "rules:",
      `  - name: "${long}"`,
      "    ports: [80, 443]",
      "    script: |",
      "      a",
      "      b",
      "policy: |",
      "  {",
      `    "a": "${long}",`,
      '    "b": 1',
      "  }",
    ]);
  });

  test("lets no text pass for a secret or an unknown", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
        expect(valueLines(value as JsonValue).join("\n")).not.toMatch(/[\uE000\uE001]/);
      }),
    );
    expect(valueLines([SECRET_SIGN, `${UNKNOWN_SIGN}\n`]).join("")).not.toMatch(/[\uE000\uE001]/);
  });
});
