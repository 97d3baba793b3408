import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { REFERENCE_PLACEMENT, referenceFleet } from "@groundplane/placement";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { FakeHost } from "../fake-host.fixture.ts";
import { FakeTerminal } from "../fake-terminal.fixture.ts";
import { main } from "../main.ts";
import type { ProjectHandle } from "../project-host.ts";
import { runRecord } from "../run.fixture.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fleet-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A project whose stack "fleet" has its config in the test's folder. */
class FleetHost extends FakeHost {
  override async load(): Promise<ProjectHandle> {
    const handle = await super.load();
    const stacks = new Map([["fleet", { name: "fleet", folder }]]);
    return { ...handle, project: { ...handle.project, stacks } };
  }
}

async function fleet(...argv: string[]) {
  const terminal = new FakeTerminal({ cwd: folder, columns: 200 });
  const host = new FleetHost({ run: runRecord(), stacks: ["fleet"] });
  const code = await main({ argv: ["fleet", ...argv], terminal, host, version: "1.2.3" });
  return { code, out: terminal.stdoutText, err: terminal.stderrText };
}

const configFile = (): string => join(folder, "Pulumi.dev.yaml");
const later = { name: "nike", size: "medium", diskGiB: 80, role: "Tests", phase: 3 };

/** The reference fleet as config, with a comment that has to stay. */
async function writeConfig({ placement = REFERENCE_PLACEMENT as object } = {}): Promise<string> {
  const inventory = referenceFleet();
  const machines = [...inventory.machines, later];
  const config = {
    "fleet:phase": 1,
    "fleet:placement": placement,
    "fleet:inventory": { ...inventory, machines },
  };
  const text = stringify({ config }).replace("    athena: r420\n", "    athena: r420 # always on\n");
  await writeFile(configFile(), text);
  return text;
}

describe("groundplane fleet plan", () => {
  test("shows the document's table, and writes nothing", async () => {
    const text = await writeConfig();
    const { code, out } = await fleet("plan", "dev");
    expect(code).toBe(0);
    expect(out.split("\n").slice(0, 11)).toEqual([
      "dev: 8 machines on 5 hosts; every one is in the record",
      "",
      "machine     host    address",
      "apollo      r710    10.220.1.51  recorded",
      "ares        r820    10.220.1.56  recorded",
      "artemis     r710    10.220.1.52  recorded",
      "athena      r420    10.220.1.50  recorded",
      "hermes      r8202   10.220.1.53  recorded",
      "perseus     r720xd  10.220.1.54  recorded",
      "poseidon    r820    10.220.1.57  recorded",
      "prometheus  r820    10.220.1.55  recorded",
    ]);
    expect(out).toContain("r710    2         32 of 60 GiB    53 %  8 of 16    50 %  500 of 852 GiB   59 %");
    expect(out).toContain("Nothing is written: --write puts the record into Pulumi.dev.yaml.");
    expect(await readFile(configFile(), "utf8")).toBe(text);
  });

  test("with --write adds the new machine to the record and its address to its entry, and changes nothing else", async () => {
    const text = await writeConfig();
    const { code, out } = await fleet("plan", "dev", "--phase", "3", "--write");
    expect(code).toBe(0);
    expect(out).toContain("dev, phase 3: 9 machines on 5 hosts; 1 new, nobody moves");
    expect(out).toMatch(/nike +r720xd +10\.220\.1\.58 +\+ new/);
    const written = await readFile(configFile(), "utf8");
    const added = written.split("\n").filter((line) => !text.split("\n").includes(line));
    expect(added).toEqual(["    nike: r720xd", "        address: 10.220.1.58"]);
    expect(written).toContain("    athena: r420 # always on\n");
    expect(await fleet("plan", "dev", "--phase", "3")).toMatchObject({
      out: expect.stringContaining("every one is in the record"),
    });
  });

  test("keeps what the record says of later phases, and names what it says of nobody", async () => {
    const placement = { ...REFERENCE_PLACEMENT, nike: "r420", herms: "r710" };
    const text = await writeConfig({ placement });
    const { out } = await fleet("plan", "dev");
    expect(out).toContain(
      [
        "! herms: the record names it, and the inventory has no such machine",
        "  Mend the name; the line of a machine that is gone goes with --write.",
      ].join("\n"),
    );
    expect(out).not.toContain("nike");
    expect(JSON.parse((await fleet("plan", "dev", "--json")).out)).toMatchObject({ unknown: ["herms"] });
    await fleet("evacuate", "dev", "r8202", "--write");
    const moved = text.replace("hermes: r8202", "hermes: r720xd").replace("    herms: r710\n", "");
    expect(await readFile(configFile(), "utf8")).toBe(moved);
    // A host that is emptied gets nobody later either: whoever is still to come is placed anew then.
    await writeConfig({ placement: { ...REFERENCE_PLACEMENT, nike: "r8202" } });
    await fleet("evacuate", "dev", "r8202", "--write");
    expect(await readFile(configFile(), "utf8")).not.toContain("nike: r8202");
  });

  test("is refused with what is in the way, exit code 3; with --json as an error", async () => {
    await writeConfig({ placement: { ...REFERENCE_PLACEMENT, athena: "r99" } });
    const { code, out, err } = await fleet("plan", "dev", "--write");
    expect([code, out]).toEqual([3, ""]);
    expect(err).toBe(
      "error NO_PLACEMENT: dev\n✖ athena: the record has it on r99, which is no host of the inventory\n  Give r99 back, or take athena out of the record: it is then placed anew, with an empty disk.\n",
    );
    const json = await fleet("plan", "dev", "--json");
    expect(json.code).toBe(3);
    expect(JSON.parse(json.out)).toMatchObject({
      error: { code: "NO_PLACEMENT", facts: { problems: [{ subject: "athena" }] } },
    });
  });

  test("refuses addresses that collide", async () => {
    const { machines, ...rest } = referenceFleet();
    const file = join(folder, "inventory.yaml");
    await writeFile(
      file,
      stringify({ ...rest, machines: machines.map((each) => ({ ...each, address: "10.220.1.10" })) }),
    );
    const { code, err } = await fleet("plan", "--inventory", "inventory.yaml");
    expect(code).toBe(3);
    expect(err).toContain("✖ apollo: its address 10.220.1.10 is host r720xd's");
  });
});

describe("other subcommands", () => {
  test("explain says why a machine is there, and what is in the way elsewhere", async () => {
    await writeConfig();
    expect((await fleet("explain", "dev", "apollo")).out.split("\n")).toEqual([
      "apollo is on r710: the record has it there, and nobody moves unless asked",
      "  ○  r420    it would fit, and the largest memory use of a host would be 86 %, not 53 %",
      "  ○  r720xd  it would be better there, and nobody moves unless asked: `groundplane fleet rebalance`",
      '  ✖  r820    disk in pool "default": needs 250 GiB, 101 GiB free',
      "  ○  r8202   it would fit as well",
      "",
    ]);
    expect(JSON.parse((await fleet("explain", "dev", "apollo", "--json")).out)).toMatchObject({
      fleet: "dev",
      host: "r710",
    });
    expect(await fleet("explain", "dev")).toMatchObject({
      code: 64,
      err: expect.stringContaining("name a machine: apollo, ares"),
    });
  });

  test("rebalance shows each move with its gain, and writes the record when asked", async () => {
    const text = await writeConfig();
    const { out } = await fleet("rebalance", "dev");
    expect(out.split("\n").slice(0, 2)).toEqual([
      "dev: 1 move",
      "  1  apollo  r710 → r720xd  the largest memory use goes from 53 % to 39 %",
    ]);
    expect(await readFile(configFile(), "utf8")).toBe(text);
    await fleet("rebalance", "dev", "--write");
    expect(await readFile(configFile(), "utf8")).toBe(text.replace("apollo: r710", "apollo: r720xd"));
    expect((await fleet("rebalance", "dev")).out).toBe("dev: no move is worth making\n");
  });

  test("evacuate empties a host, in the record too when asked, and is refused with the reason", async () => {
    const text = await writeConfig();
    const { out, code } = await fleet("evacuate", "dev", "r8202", "--write");
    expect(code).toBe(0);
    expect(out.split("\n").slice(0, 2)).toEqual(["dev without r8202: 1 move", "  1  hermes  r8202 → r720xd"]);
    expect(await readFile(configFile(), "utf8")).toBe(text.replace("hermes: r8202", "hermes: r720xd"));
    expect((await fleet("evacuate", "dev", "r8202")).out).toBe("dev without r8202: it has no machines\n");
    const inventory = referenceFleet({ pinned: true });
    await writeFile(
      join(folder, "pinned.json"),
      JSON.stringify({ inventory, placement: REFERENCE_PLACEMENT }),
    );
    const pinned = await fleet("evacuate", "r420", "--inventory", "pinned.json");
    expect(pinned.code).toBe(3);
    expect(pinned.err).toContain("athena is pinned to r420");
  });

  test("capacity reproduces the document's figures, and says where they do not add up", async () => {
    await writeConfig();
    const { out } = await fleet("capacity", "dev", "--document");
    expect(out).toMatch(/memory, GiB +416 +396 +0 +120 +276 +29 %/);
    expect(out).toContain(
      "  25  ✖ does not fit  392 GiB, 94 %  disk ends at 15: buy 4 like r8202 (64 GiB, 16 threads, 851 GiB disk)",
    );
    expect(out).toContain("At most 14 in all; by memory alone 22, by vCPU 25, by disk 15.");
    expect(out).toContain("✔ Total capacity: 416GB RAM");
    expect(out).toContain("✖ 15 agents: still feasible\n    Said: 15 agents. Counted: 14 agents.");
    const json = JSON.parse(
      (await fleet("capacity", "dev", "--machines", "12", "--machines", "18", "--json")).out,
    );
    expect(json).toMatchObject({
      fleet: "dev",
      scenarios: [
        { machines: 12, fits: true },
        { machines: 18, fits: false },
      ],
    });
    expect(json).not.toHaveProperty("document");
  });
});

describe("what is read", () => {
  test("a JSON file with its record is written as JSON", async () => {
    const file = join(folder, "fleet.json");
    const { machines, ...rest } = referenceFleet();
    const inventory = { ...rest, machines: [...machines, { ...later, phase: 1 }] };
    await writeFile(file, JSON.stringify({ inventory, placement: REFERENCE_PLACEMENT, note: "kept" }));
    const { code } = await fleet("plan", "--inventory", "fleet.json", "--write");
    expect(code).toBe(0);
    const written = JSON.parse(await readFile(file, "utf8"));
    expect(written).toMatchObject({ note: "kept", placement: { ...REFERENCE_PLACEMENT, nike: "r720xd" } });
    expect(written.inventory.machines.at(-1)).toMatchObject({ name: "nike", address: "10.220.1.58" });
  });

  test.each([
    [["plan"], 64, "name an environment, or give a file by --inventory"],
    [["plan", "nowhere"], 64, 'no environment is named "nowhere". The project has: dev.'],
    [
      ["plan", "dev", "--stack", "net"],
      64,
      '"dev" has no stack "net": name the one with the fleet by --stack. It has: fleet.',
    ],
    [["plan", "dev"], 64, "Pulumi.dev.yaml cannot be read"],
    [["plan", "--inventory", "none.yaml"], 64, "give the path of an inventory"],
    [["rebalance", "dev", "--steps", "0"], 64, "steps"],
  ])("fails when there is nothing to read: %j", async (argv, exit, words) => {
    const { code, err } = await fleet(...argv);
    expect(code).toBe(exit);
    expect(err).toContain(words);
  });

  test("fails when an inventory alone is to be written, or is not in order", async () => {
    await writeFile(join(folder, "alone.json"), JSON.stringify(referenceFleet()));
    const { code, err } = await fleet("plan", "--inventory", "alone.json", "--write");
    expect([code, err]).toEqual([
      64,
      expect.stringContaining('has no place for a record: put it under "inventory:"'),
    ]);
    await writeFile(join(folder, "wrong.yaml"), stringify({ ...referenceFleet(), hosts: [] }));
    expect((await fleet("plan", "--inventory", "wrong.yaml")).err).toContain(
      "the inventory is not in order: hosts:",
    );
    const { machines, ...rest } = referenceFleet();
    const huge = machines.map((one) => (one.name === "hermes" ? { ...one, size: "huge" } : one));
    await writeFile(join(folder, "wrong.yaml"), stringify({ ...rest, machines: huge }));
    const wrong = (await fleet("plan", "--inventory", "wrong.yaml")).err;
    expect(wrong).toMatch(
      /wrong\.yaml: the inventory is not in order: machines\.3 \(hermes\)\.size: light, medium, heavy/,
    );
    // The message has all of it.
    expect(wrong.trim().split("\n")).toHaveLength(1);
    await writeFile(join(folder, "broken.yaml"), "hosts: [\n");
    expect((await fleet("plan", "--inventory", "broken.yaml")).err).toMatch(/is no YAML: .*[^:]\n$/);
    await writeFile(join(folder, "broken.json"), "{");
    expect((await fleet("plan", "--inventory", "broken.json")).err).toContain("is no JSON");
  });
});
