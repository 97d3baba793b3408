import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { FakeHost } from "../fake-host.fixture.ts";
import { FakeTerminal } from "../fake-terminal.fixture.ts";
import { type ConnectivityReport, loadFleetProver, type ProofRequest } from "../fleet/fleet-prover.ts";
import { main } from "../main.ts";
import type { ProjectHandle } from "../project-host.ts";
import { outputsArtifact, runRecord } from "../run.fixture.ts";

const KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\ncanary\n-----END OPENSSH PRIVATE KEY-----\n";
const OUTPUTS = { inventory: { name: "rack" } };
const ACCESS = { user: "ops", privateKeyFile: "$HOME/rack", knownHostsFile: "$HOME/known", bridge: "br0" };

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fleet-check-"));
  await mkdir(join(folder, ".ssh"));
  await writeFile(join(folder, ".ssh/id_ed25519"), KEY);
  await writeFile(join(folder, "Pulumi.rack.yaml"), stringify({ config: { "fleet:access": ACCESS } }));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const athena = { name: "athena", address: "10.220.1.50" };
const r820 = { name: "r820", address: "10.220.1.11" };
const here = { name: "this machine", address: "10.220.1.241" };
type Flow = ConnectivityReport["flows"][number];
const flow = (seen: Flow["seen"], expected: Flow["expected"], holds: boolean, from = athena): Flow => ({
  ...{ from, to: r820, port: 22, expected, seen, holds, purposes: [], message: "" },
});
const report = (more: Partial<ConnectivityReport> = {}): ConnectivityReport => ({
  ...{ summary: "all 1 connections are as the matrix says", flows: [flow("open", "allowed", true)] },
  ...{ held: 1, broken: 0, notTried: 0, untriedSources: [], untriedRows: [] },
  ...more,
});
const untried = (failed: boolean) => ({
  notTried: 4,
  untriedSources: [{ from: r820, flows: 4, why: "r820 is off", failed }],
});

/** A project whose stack "fleet" is deployed on a real rack, and a library that says what it is told to. */
class RackHost extends FakeHost {
  asked: ProofRequest | undefined;
  given: unknown;
  readonly #report: ConnectivityReport;

  constructor(answer: ConnectivityReport) {
    super({ run: runRecord(), stacks: ["fleet"] });
    this.#report = answer;
  }

  override async load(): Promise<ProjectHandle> {
    const handle = await super.load();
    const dev = handle.project.environments.get("dev");
    if (dev === undefined) throw new TypeError("the fake has another environment");
    const environments = new Map([
      ["dev", dev],
      ["rack", { ...dev, name: "rack", cloud: "real" as const }],
    ]);
    return {
      ...handle,
      project: { ...handle.project, environments, stacks: new Map([["fleet", { name: "fleet", folder }]]) },
      open: async (options) => ({
        ...(await handle.open(options)),
        outputs: () => ({ ...outputsArtifact(), values: OUTPUTS }),
      }),
      fleetProver: async () => async (outputs, request) => {
        this.given = outputs;
        this.asked = request;
        request.onProgress({ from: athena, done: 1, of: 2 });
        request.onProgress({ from: here, done: 2, of: 2 });
        return this.#report;
      },
    };
  }
}

async function check(answer: ConnectivityReport, argv: readonly string[] = [], tty = false) {
  const terminal = new FakeTerminal({ cwd: folder, columns: 200, tty, env: { HOME: folder } });
  const host = new RackHost(answer);
  const environment = argv[0]?.startsWith("--") === false ? [] : ["rack"];
  const code = await main({
    argv: ["fleet", "check", ...environment, ...argv],
    ...{ terminal, host, version: "1.2.3" },
  });
  return { code, out: terminal.stdoutText, err: terminal.stderrText, host };
}

describe("groundplane fleet check", () => {
  test("hands the library the outputs, the person's key and the hosts' access, and shows a count", async () => {
    const { code, out, err, host } = await check(report());
    expect([code, out, err]).toEqual([0, "rack: all 1 connections are as the matrix says\n", ""]);
    expect(host.given).toEqual(OUTPUTS);
    const { bridge: _, ...hosts } = ACCESS;
    expect(host.asked).toMatchObject({ login: { privateKey: KEY, hosts }, waitSeconds: 3, probes: {} });
    expect(host.asked?.login).not.toHaveProperty("user");
  });

  test("passes on who logs in, how long is waited, and what stands for networks", async () => {
    await writeFile(join(folder, "mine"), KEY.replace("canary", "mine"));
    await rm(join(folder, "Pulumi.rack.yaml"));
    await writeFile(join(folder, "Pulumi.rack.yaml"), "config: {}\n");
    const argv = ["--identity", "mine", "--user", "ann", "--wait", "5", "--probe", "github=140.82.121.4"];
    const { host } = await check(report(), argv);
    expect(host.asked).toMatchObject({
      login: { privateKey: expect.stringContaining("mine"), user: "ann" },
      waitSeconds: 5,
      probes: { github: { name: "140.82.121.4", address: "140.82.121.4" } },
    });
    expect(host.asked?.login).not.toHaveProperty("hosts");
  });

  test("shows what does not hold, and with --all what does; exit code 4", async () => {
    const flows = [flow("open", "allowed", true), flow("closed", "refused", false, here)];
    const broken = report({ flows, broken: 1, ...untried(true), summary: "one is not" });
    const { code, out } = await check(broken);
    expect([code, out]).toEqual([
      4,
      [
        "rack: one is not",
        "",
        "     from          to    port  expected  seen",
        "  ✖  this machine  r820  22    refused   let through, nothing listens",
        "",
        "Not tried",
        "  ✖ from r820 (4): r820 is off",
        "",
      ].join("\n"),
    ]);
    expect((await check(broken, ["--all"])).out).toContain(
      "  ✔  athena        r820  22    allowed   answered\n",
    );
  });

  test.each<[string, Partial<ConnectivityReport>, number]>([
    ["a machine that should have been logged in to was not", untried(true), 1],
    ["nobody gave a way to log in to a host", untried(false), 0],
    ["nothing was tried", { ...untried(false), held: 0 }, 1],
  ])("where %s", async (_what, more, code) => {
    expect((await check(report(more))).code).toBe(code);
  });

  test("names the rows that nothing was tried for", async () => {
    const row = { from: "agents", to: "internet", port: 443 };
    const { out } = await check(report({ untriedRows: [{ row, why: "no address is given" }] }));
    expect(out).toContain("  ○ every row agents → internet, port 443: no address is given\n");
  });

  test("as JSON has the whole report, and no key; progress is for a terminal alone", async () => {
    const { code, out, err } = await check(report(), ["--json"], true);
    expect([code, err]).toEqual([0, ""]);
    expect(JSON.parse(out)).toEqual({ fleet: "rack", ...report() });
    expect(out).not.toContain("canary");
    expect((await check(report(), [], true)).err).toContain("tried from 1 of 2 machines, last from athena");
  });

  test.each<[string, readonly string[], RegExp]>([
    ["the environment is a sandbox", ["dev"], /"dev" is a sandbox/],
    ["there is no such environment", ["nowhere"], /no environment is named "nowhere"/],
    ["the stack is another", ["--stack", "net"], /no stack "net"/],
    ["the key is not there", ["--identity", "gone"], /--identity gone cannot be read/],
    [
      "the key is a public one",
      ["--identity", "Pulumi.rack.yaml"],
      /is no private key: give one by --identity/,
    ],
    ["the wait is out of bounds", ["--wait", "0"], /wait/],
    ["a probe is none", ["--probe", "github"], /internet=203\.0\.113\.7/],
  ])("fails when %s", async (_how, argv, words) => {
    const { code, err } = await check(report(), argv);
    expect(err).toMatch(words);
    expect(code).toBe(64);
  });
});

describe("the library of the project", () => {
  test("is the stack's own, and what it says is what is shown", async () => {
    const prove = await loadFleetProver(join(import.meta.dirname, "../../../../stacks/fleet"));
    const request: ProofRequest = {
      ...{ login: { privateKey: KEY }, probes: {}, waitSeconds: 1 },
      ...{ signal: new AbortController().signal, onProgress: () => undefined },
    };
    await expect(prove({}, request)).rejects.toThrow("the outputs are not those of a fleet");
    const endpoint = { ...athena, host: "r820", macAddress: "52:54:00:00:00:01", memoryMiB: 1, vcpus: 1 };
    const fleet = {
      inventory: {
        ...{ schema: "groundplane.dev/fleet-inventory/v1", name: "rack", services: [] },
        network: { cidr: "10.220.1.0/24", gateway: "10.220.1.1", nameservers: [] },
        hosts: [{ ...r820, labels: [] }],
        machines: [{ ...endpoint, diskGiB: 1, role: "PM", user: "agent" }],
      },
      knownHosts: "",
      connectivity: {
        parties: { agents: { machines: [athena] }, hosts: { machines: [r820] } },
        flows: [{ from: "agents", to: "hosts", protocol: "ssh", port: 22, purpose: "Management" }],
      },
    };
    expect(await prove(fleet, request)).toMatchObject({
      summary: "0 of 2 connections are as the matrix says, 2 were not tried",
      untriedSources: [
        { from: athena, why: "knownHosts does not have its key", failed: false },
        { from: r820, failed: false },
      ],
    });
    // The whole library is loaded, with Pulumi.
  }, 60_000);

  test.each<[string, object, RegExp]>([
    ["has none that can be loaded", { exports: {} }, /@groundplane\/libvirt is not installed in /],
    ["has one that is too old", { main: "index.cjs" }, /is too old in /],
  ])("fails when the stack %s", async (_how, manifest, words) => {
    const old = join(folder, "node_modules/@groundplane/libvirt");
    await mkdir(old, { recursive: true });
    await writeFile(join(old, "package.json"), JSON.stringify({ name: "@groundplane/libvirt", ...manifest }));
    await writeFile(join(old, "index.cjs"), "exports.Fleet = class {};");
    await expect(loadFleetProver(folder)).rejects.toThrow(words);
  });
});
