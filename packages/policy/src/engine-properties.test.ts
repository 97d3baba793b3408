import { SECRET_MARK, UNKNOWN_MARK } from "@groundplane/contracts";
import deserialize from "@pulumi/policy/deserialize.js";
import { describe, expect, it } from "vitest";
import { keepSecretsMarked, markedProperties, markWireValue } from "./engine-properties.ts";

const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

describe("properties off the engine's wire", () => {
  it("mark secrets and unknowns at any depth", () => {
    expect(
      markWireValue({
        plain: "a",
        list: [secret("s"), { deep: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }],
        both: secret("04da6b54-80e4-46f7-96ec-b56ff0331ba9"),
        none: null,
      }),
    ).toEqual({ plain: "a", list: [SECRET_MARK, { deep: UNKNOWN_MARK }], both: SECRET_MARK, none: null });
  });

  it("reach policies marked, through @pulumi/policy's own deserializer", () => {
    keepSecretsMarked();
    const read: unknown = Reflect.get(deserialize, "deserializeProperties");
    const struct = { toJavaScript: () => ({ password: secret("hunter2"), name: "a" }) };
    expect(typeof read === "function" && read(struct, false)).toEqual({ password: SECRET_MARK, name: "a" });
  });

  it("are read off the wire once for all rules, and anew for each resource", () => {
    keepSecretsMarked();
    const read: unknown = Reflect.get(deserialize, "deserializeProperties");
    let reads = 0;
    const structOf = (name: string) => ({
      toJavaScript: () => {
        reads += 1;
        return { name };
      },
    });
    const [one, other] = [structOf("one"), structOf("other")];
    const told = [one, one, other, one].map((struct) => typeof read === "function" && read(struct, false));
    expect(told).toEqual([{ name: "one" }, { name: "one" }, { name: "other" }, { name: "one" }]);
    expect(reads).toBe(2);
  });

  it("come off a policy's proxies as plain data", () => {
    const proxied = new Proxy({ a: [1, { b: "c" }], d: null }, {});
    expect(markedProperties(proxied)).toEqual({ a: [1, { b: "c" }], d: null });
  });
});
