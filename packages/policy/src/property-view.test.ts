import { SECRET_MARK, UNKNOWN_MARK } from "@groundplane/contracts";
import { describe, expect, it } from "vitest";
import { isPropertyMap, isSecret, leaves, select, viewProperties } from "./property-view.ts";
import { UnreadableProperty } from "./unreadable-property.ts";

describe("properties as rules read them", () => {
  it("hands on plain values, lists and objects", () => {
    const props = viewProperties({ name: "a", list: [1, { deep: true }], none: null });
    expect(props["name"]).toBe("a");
    expect(JSON.stringify(props["list"])).toBe('[1,{"deep":true}]');
    expect(props["none"]).toBeNull();
    expect(props["missing"]).toBeUndefined();
    expect(Object.keys(props)).toEqual(["name", "list", "none"]);
    expect(isPropertyMap(props["list"])).toBe(false);
  });

  it("throws where an unknown is read, and names it", () => {
    const props = viewProperties({ rules: [{ cidr: UNKNOWN_MARK }], name: "a" });
    expect(props["name"]).toBe("a");
    expect(() => JSON.stringify(props)).toThrow(new UnreadableProperty("rules[0].cidr", "unknown"));
  });

  it("gives an opaque value for a secret, which throws when it is looked into", () => {
    const { password } = viewProperties({ password: SECRET_MARK });
    expect(isSecret(password)).toBe(true);
    expect(isPropertyMap(password)).toBe(false);
    expect(password === "hunter2").toBe(false);
    for (const look of [
      () => `${password}`,
      () => JSON.stringify(password),
      () => Object.keys(password ?? {}),
    ]) {
      expect(look).toThrow("password is a secret, and policies never see one");
    }
  });

  it("is not writable, and works on frozen data", () => {
    const props = viewProperties(Object.freeze({ tags: Object.freeze({ a: "b" }) }));
    expect(() => Reflect.apply(Object.assign, undefined, [props, { x: 1 }])).toThrow(TypeError);
    expect(JSON.stringify(props)).toBe('{"tags":{"a":"b"}}');
  });
});

describe("select", () => {
  const found = (path: string, props: Parameters<typeof viewProperties>[0]) =>
    select(viewProperties(props), path).map(({ path: at, unreadable }) => [at, unreadable ?? "read"]);

  it("names each element of a list, and a property that is not set", () => {
    expect(found("disks[*].encrypted", { disks: [{ encrypted: true }, {}] })).toEqual([
      ["disks[0].encrypted", "read"],
      ["disks[1].encrypted", "read"],
    ]);
    expect(found("disks[*].encrypted", {})).toEqual([]);
    expect(found("disks[*].encrypted", { disks: { encrypted: true } })).toEqual([
      ["disks.encrypted", "read"],
    ]);
    expect(found("a.b", {})).toEqual([["a.b", "read"]]);
    expect(select(viewProperties({}), "a.b")[0]?.value).toBeUndefined();
  });

  it("puts what can be read first, and stops at an unknown or a secret on the way", () => {
    expect(
      found("disks[*].encrypted", { disks: [UNKNOWN_MARK, { encrypted: SECRET_MARK }, { encrypted: 1 }] }),
    ).toEqual([
      ["disks[2].encrypted", "read"],
      ["disks[0]", "unknown"],
      ["disks[1].encrypted", "secret"],
    ]);
    expect(() => select(viewProperties({ a: UNKNOWN_MARK }), "a.b")[0]?.value).toThrow(
      "a is known only after",
    );
  });

  it("keeps the whole path when it starts from an inner object", () => {
    const { outer } = viewProperties({ outer: { inner: 1 } });
    expect(isPropertyMap(outer) && select(outer, "inner").map(({ path }) => path)).toEqual(["outer.inner"]);
  });
});

describe("leaves", () => {
  it("finds every scalar, secret and unknown, with path and innermost name", () => {
    const props = viewProperties({ a: [{ b: 1 }, "x"], s: SECRET_MARK, u: { v: UNKNOWN_MARK }, empty: [] });
    expect(leaves(props).map(({ path, name, unreadable }) => [path, name, unreadable])).toEqual([
      ["a[0].b", "b", undefined],
      ["a[1]", "a", undefined],
      ["s", "s", "secret"],
      ["u.v", "v", "unknown"],
    ]);
  });
});
