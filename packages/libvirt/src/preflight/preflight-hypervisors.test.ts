import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GroundplaneError } from "@groundplane/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestHost } from "../run-script.fixture.ts";
import type { PreflightHost } from "./preflight-host.ts";
import { type PreflightOptions, preflightHypervisors } from "./preflight-hypervisors.ts";

const VIRSH = `shift 3
case "$1 \${2:-}" in
  "version ") [ ! -e "$host/refuses" ] || { echo "error: authentication unavailable" >&2; exit 1; } ;;
  "capabilities ") echo "<secmodel><model>none</model></secmodel>" ;;
  "pool-info default") echo "Name:           default
State:          running" ;;
  "pool-dumpxml default") echo "<pool><target><path>$host</path></target></pool>" ;;
  "net-info lan") echo "Active:         yes" ;;
  *) exit 1 ;;
esac`;

let host: TestHost;
let socket: Server;
let path: string;
beforeAll(async () => {
  host = new TestHost({
    virsh: VIRSH,
    nproc: "echo 8",
    awk: 'case "$1" in *MemTotal*) echo 16384000 ;; *) exec /usr/bin/awk "$@" ;; esac',
  });
  path = mkdtempSync(join(tmpdir(), "groundplane-path-"));
  writeFileSync(join(path, "mkisofs"), "", { mode: 0o755 });
  mkdirSync(join(host.folder, "run"));
  socket = createServer();
  await new Promise<void>((resolve) => socket.listen(join(host.folder, "run", "sock"), resolve));
});
afterAll(() => {
  socket.close();
  host.remove();
  rmSync(path, { recursive: true });
});

const declared = (): PreflightHost => ({
  name: "r420",
  address: "10.220.1.7",
  connection: { type: "local", socket: join(host.folder, "run", "sock") },
  capacity: { memoryMiB: 16_384, vcpus: 8 },
  pools: { default: { existing: "default" } },
  network: { networkName: "lan" },
  domainType: "qemu",
});
/** The real script, on a host whose tools are played. */
const probe: PreflightOptions["probe"] = async (_, script) => {
  const { code, ...rest } = await host.run(script);
  return { code: code ?? 1, ...rest };
};
const preflight = (more: Partial<PreflightHost> = {}, options: PreflightOptions = {}) =>
  preflightHypervisors([{ ...declared(), ...more }], { probe, path, ...options });

describe("the script", () => {
  test("finds a host in order", async () => {
    expect(await preflight()).toEqual([]);
  });

  test("finds what is wrong", async () => {
    const found = await preflight({
      capacity: { memoryMiB: 65_536, vcpus: 16 },
      pools: { default: { existing: "default", sizeGiB: 1_000_000 }, fast: { existing: "nvme" } },
      network: { bridge: "groundplane-no" },
    });
    expect(found.map(({ problem }) => problem)).toEqual([
      "it has 16000 MiB of memory, and 65536 are declared",
      "it has 8 hardware threads, and 16 are declared",
      "the bridge groundplane-no is not there",
      expect.stringMatching(/^the pool default has \d+ GiB, and 1000000 are declared$/),
      "libvirt has no pool nvme",
    ]);
  });

  test("tells a device from a bridge, and measures where a pool will be", async () => {
    const found = await preflight({
      network: { bridge: "lo" },
      pools: { default: { path: join(host.folder, "not", "there"), name: "made", sizeGiB: 1 } },
    });
    expect(found.map(({ problem }) => problem)).toEqual(["lo is no bridge"]);
  });

  test("finds that libvirt is not there, or refuses", async () => {
    const [missing] = await preflight({ connection: { type: "local", socket: "/nowhere" } });
    expect(missing?.problem).toBe("libvirtd is not there: it has no socket");
    writeFileSync(join(host.folder, "refuses"), "");
    const [refused] = await preflight();
    rmSync(join(host.folder, "refuses"));
    expect(refused?.problem).toContain(
      "libvirt does not let this user in: error: authentication unavailable",
    );
  });
});

describe("a host that cannot be looked at", () => {
  const thrown = (error: Error) => preflight({}, { probe: () => Promise.reject(error) });
  test.each([
    [
      new GroundplaneError(
        "INVALID_ARGUMENT",
        "10.220.1.7:22: its host key is SHA256:a, and not SHA256:b as is known",
      ),
      "ssh-keygen -lf",
    ],
    [
      new GroundplaneError(
        "INVALID_ARGUMENT",
        '10.220.1.7:22: it refuses the private key for the user "ops"',
      ),
      "authorized_keys",
    ],
    [
      new GroundplaneError("INVALID_ARGUMENT", "connection.privateKeyFile cannot be read"),
      "mend the connection",
    ],
    [new Error("connect ECONNREFUSED 10.220.1.7:22"), "no firewall is in between"],
  ])("is a problem with a remedy: %s", async (error, remedy) => {
    expect(await thrown(error)).toEqual([
      { subject: "r420", problem: error.message, remedy: expect.stringContaining(remedy) },
    ]);
  });

  test("is one when its shell does something else, too", async () => {
    const answer = { code: 127, stdout: "", stderr: "motd\nsh: not found\n" };
    const [problem] = await preflight({}, { probe: () => Promise.resolve(answer) });
    expect(problem?.problem).toBe("what is there could not be seen: a script ended with 127 (sh: not found)");
  });

  test("is one when its key files are not there", async () => {
    const connection = {
      type: "ssh",
      user: "ops",
      privateKeyFile: "/no/key",
      knownHostsFile: "/no/hosts",
    } as const;
    const [problem] = await preflightHypervisors([{ ...declared(), connection }], { path });
    expect(problem?.problem).toContain('connection.privateKeyFile "/no/key" cannot be read');
  });

  test("does not hide the others", async () => {
    const hosts = ["r420", "r710", "r820"].map((name) => ({ ...declared(), name }));
    const found = await preflightHypervisors(hosts, {
      path,
      probe: (of, script, signal) =>
        of.name === "r710"
          ? Promise.reject(new Error("down"))
          : (probe?.(of, script, signal) ?? Promise.reject()),
    });
    expect(found.map(({ subject, problem }) => [subject, problem])).toEqual([["r710", "down"]]);
  });
});

test("looks for mkisofs on this machine", async () => {
  const [problem] = await preflight({}, { path: "/nowhere" });
  expect(problem).toMatchObject({
    subject: "this machine",
    problem: expect.stringContaining("mkisofs is missing"),
  });
});
