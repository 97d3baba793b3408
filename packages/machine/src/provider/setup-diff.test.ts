import { UNKNOWN_TEXT } from "@groundplane/contracts";
import { type Properties, secretOf } from "@groundplane/provider";
import { describe, expect, test } from "vitest";
import { diffSetup, needsSetup } from "./setup-diff.ts";

const connection = { host: "a", user: "root", privateKey: secretOf("k"), hostKey: "h" };
const base: Properties = {
  connection,
  files: [{ path: "/a", content: secretOf("x") }],
  ...{ setup: "true", reset: "true", check: "true", triggers: { version: "1" } },
};
const healthy: Properties = { healthy: true };

describe("what differs in a setup", () => {
  test.each<[Properties, string[], boolean]>([
    [{}, [], false],
    [{ connection: { ...connection, user: "agent" } }, ["connection.user"], false],
    [{ connection: { ...connection, privateKey: secretOf("other") } }, ["connection.privateKey"], false],
    [{ connection: { ...connection, privateKey: "k" } }, [], false],
    [{ connection: { ...connection, port: 2222 } }, ["connection.port"], false],
    [{ files: [{ path: "/a", content: secretOf("y") }] }, ["files[0].content"], true],
    [{ files: [] }, ["files[0]"], true],
    [{ files: [{ path: "/a", content: UNKNOWN_TEXT }] }, ["files[0].content"], true],
    [{ setup: "false" }, ["setup"], true],
    [{ triggers: { version: "2", "a b": "1" } }, ['triggers["a b"]', "triggers.version"], true],
    [{ reset: "false" }, ["reset"], false],
    [{ check: "false", timeoutSeconds: 3 }, ["check", "timeoutSeconds"], false],
  ])("%o", (change, paths, setup) => {
    const news = { ...base, ...change };
    const diffs = diffSetup(base, news, healthy);
    expect(diffs.map(({ path }) => path)).toEqual(paths);
    expect(diffs.some(({ replaces }) => replaces)).toBe(false);
    expect(needsSetup(base, news, healthy)).toBe(setup);
  });

  test("another host replaces", () => {
    expect(diffSetup(base, { ...base, connection: { ...connection, host: "b" } }, healthy)).toEqual([
      { path: "connection.host", kind: "update", replaces: true, input: true },
    ]);
  });

  test("another machine behind the address is set up again", () => {
    const first = (machineId: string) => ({
      ...base,
      connection: { ...connection, hostKey: { trustOnFirstUse: { reason: "new", machineId } } },
    });
    expect(needsSetup(first("1"), first("2"), healthy)).toBe(true);
    expect(needsSetup(first("1"), first("1"), healthy)).toBe(false);
  });

  test("a machine that drifted is set up again", () => {
    expect(diffSetup(base, base, { healthy: false })).toEqual([
      { path: "healthy", kind: "update", replaces: false, input: false },
    ]);
    expect(needsSetup(base, base, { healthy: false })).toBe(true);
  });
});
