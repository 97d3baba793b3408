import { joinPath } from "@groundplane/provider";
import { describe, expect, test } from "vitest";
import { parsePath, withValueAt } from "./property-path.ts";

describe("a property path", () => {
  test("is read as it is written", () => {
    for (const path of [
      ["tags", "Owner"],
      ["ingress", 0, "fromPort"],
      ["tags", "a.b"],
      ["tags", 'q"x'],
    ]) {
      const text = path.reduce<string>((at, segment) => joinPath(at, segment), "");
      expect(parsePath(text)).toEqual(path);
    }
  });

  test.each(["", "a[", "[x]"])("fails when it is %j", (text) =>
    expect(() => parsePath(text)).toThrow(/property path/),
  );

  test("sets, makes what is missing on the way, and removes", () => {
    expect(withValueAt({ tags: { a: "1" } }, ["tags", "b"], "2")).toEqual({ tags: { a: "1", b: "2" } });
    expect(withValueAt({}, ["rules", 0, "port"], 80)).toEqual({ rules: [{ port: 80 }] });
    expect(withValueAt({ tags: { a: "1", b: "2" } }, ["tags", "a"], undefined)).toEqual({ tags: { b: "2" } });
    expect(withValueAt({ list: [1, 2, 3] }, ["list", 1], undefined)).toEqual({ list: [1, 3] });
  });
});
