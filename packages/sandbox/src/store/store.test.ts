import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FaultGate } from "../provider/fault-gate.ts";
import { SandboxStore } from "./store.ts";

let folder = "";
let store: SandboxStore;
const TYPE = "aws:ec2/vpc:Vpc";
const VPC = "vpc-5a4db0c5000000001";

function put(
  id: string,
  outputs: Parameters<SandboxStore["put"]>[0]["outputs"],
  inputs: typeof outputs = {},
): void {
  store.put({ type: TYPE, id, urn: `urn:pulumi:a::b::${TYPE}::${id}`, region: "eu-west-1", inputs, outputs });
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "groundplane-sandbox-"));
  store = SandboxStore.open(join(folder, "deep", "cloud.db"));
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("the store", () => {
  test("keeps its id and its content when it is opened again", () => {
    put(VPC, { cidrBlock: "10.0.0.0/16" });
    const again = SandboxStore.open(store.path);
    expect([again.id, again.list({ type: "aws:ec2/*" }).map(({ id }) => id)]).toEqual([store.id, [VPC]]);
    again.close();
  });

  test("fails when the file is no database", () => {
    const path = join(folder, "text.db");
    writeFileSync(path, "not a database, but long enough to look like a file with something in it");
    expect(() => SandboxStore.open(path)).toThrow(/cannot be opened as a sandbox database/);
  });

  test("sets and removes properties, with tags and tagsAll alike", () => {
    put(VPC, { tags: { a: "1" }, tagsAll: { a: "1", all: "x" } });
    store.set(VPC, "tags.b", "2");
    expect(store.find(TYPE, VPC)?.outputs).toEqual({
      tags: { a: "1", b: "2" },
      tagsAll: { a: "1", all: "x", b: "2" },
    });
    store.set(VPC, "tags.a", undefined);
    expect(store.find(TYPE, VPC)?.outputs["tags"]).toEqual({ b: "2" });
    expect(store.find(TYPE, VPC)?.written["tags"]).toEqual({ a: "1" });
    expect(() => store.set("vpc-none", "tags.a", "1")).toThrow(/has the id "vpc-none"/);
  });

  test("knows who names whom", () => {
    put(VPC, { mainRouteTableId: "rtb-5a4db0c5000000001" });
    put("x", { vpcId: VPC }, { nested: [{ vpcId: VPC }] });
    put("y", {}, { routeTableId: "rtb-5a4db0c5000000001" });
    expect(store.referrers(TYPE, VPC).map(({ id, path }) => [id, path])).toEqual([
      ["x", "nested[0].vpcId"],
      ["y", "routeTableId"],
    ]);
    expect(store.owners("rtb-5a4db0c5000000001").map(({ id }) => id)).toEqual([VPC]);
    store.remove(VPC);
    expect(store.owners(VPC)).toEqual([]);
  });

  test("describes itself in lines for a person", () => {
    put(VPC, {});
    expect(store.describe()).toEqual([{ type: TYPE, id: VPC, name: VPC, region: "eu-west-1" }]);
  });

  test("takes writes of several processes at once, and loses none", async () => {
    const script = `
      import { SandboxStore } from ${JSON.stringify(pathToFileURL(join(import.meta.dirname, "store.ts")).href)};
      const store = SandboxStore.open(process.argv[1]);
      for (let at = 0; at < 100; at++) store.transaction(() => {
        const row = store.find("t", "counter");
        store.put({ type: "t", id: "counter", urn: "", region: "", inputs: {}, outputs: { n: (row?.outputs.n ?? 0) + 1 } });
      });`;
    // A new file: opening it is part of the race.
    const path = join(folder, "shared.db");
    const run = () =>
      new Promise<number | null>((resolve) => {
        const child = spawn(
          process.execPath,
          [
            "--disable-warning=ExperimentalWarning",
            "--experimental-strip-types",
            "--input-type=module",
            "-e",
            script,
            path,
          ],
          { stdio: "inherit" },
        );
        child.on("exit", resolve);
      });
    expect(await Promise.all([run(), run(), run()])).toEqual([0, 0, 0]);
    const shared = SandboxStore.open(path);
    expect(shared.find("t", "counter")?.outputs).toEqual({ n: 300 });
    shared.close();
  });
});

describe("faults", () => {
  const gate = () => new FaultGate(store);

  test("strike by type and operation, as often as they say", async () => {
    store.addFault({ type: "aws:ec2/*", operation: "create", error: "ServiceUnavailable: later", times: 1 });
    expect(await gate().run(TYPE, "read", 0, () => "read")).toBe("read");
    expect(await gate().run("aws:s3/bucket:Bucket", "create", 0, () => "made")).toBe("made");
    await expect(gate().run(TYPE, "create", 0, () => "made")).rejects.toThrow(
      "api error ServiceUnavailable: later",
    );
    expect(await gate().run(TYPE, "create", 0, () => "made")).toBe("made");
    expect(store.faults()).toMatchObject([{ remaining: 0 }]);
    store.clearFaults();
    expect(store.faults()).toEqual([]);
  });

  test("afterwards leave what was done", async () => {
    store.addFault({ type: "*", operation: "*", moment: "after", error: "InternalError" });
    const run = gate().run(TYPE, "create", 0, () => put(VPC, {}));
    await expect(run).rejects.toThrow("InternalError");
    expect(store.find(TYPE, VPC)).toBeDefined();
  });

  test("delay, and give up at the resource's own timeout", async () => {
    store.addFault({ type: "*", operation: "read", delayMs: 50 });
    const begin = performance.now();
    await gate().run(TYPE, "read", 0, () => undefined);
    expect(performance.now() - begin).toBeGreaterThanOrEqual(45);
    store.addFault({ type: "*", operation: "delete", hang: true });
    await expect(gate().run(TYPE, "delete", 0.02, () => undefined)).rejects.toThrow(
      "no answer within 0.02 s",
    );
  });

  test("that hang end when the engine cancels", async () => {
    store.addFault({ type: "*", operation: "*", hang: true });
    const hanging = gate();
    const run = hanging.run(TYPE, "create", 0, () => undefined);
    hanging.cancel();
    await expect(run).rejects.toThrow("the engine cancelled");
  });

  test.each([{}, { delayMs: -1 }, { error: "" }])(
    "fails when one does nothing or is out of bounds: %j",
    (more) =>
      expect(() => store.addFault({ type: "*", operation: "create", ...more })).toThrow(/this is no fault/),
  );
});
