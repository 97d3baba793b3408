import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { record, resolved } from "../../../../test/recording-mocks.ts";
import { Pool } from "../resources/pool.ts";
import { Provider } from "../resources/provider.ts";
import { Hypervisor } from "./hypervisor.ts";
import type { HypervisorArgs, SshHypervisorConnection } from "./hypervisor-args.ts";

const ssh = {
  type: "ssh",
  user: "ops",
  privateKeyFile: "$HOME/.ssh/rack",
  knownHostsFile: "/etc/rack/known_hosts",
} satisfies SshHypervisorConnection;
const base: HypervisorArgs = {
  address: "10.220.1.11",
  connection: ssh,
  capacity: { memoryMiB: 131_072, vcpus: 32 },
  pools: { default: { existing: "default" } },
  network: { bridge: "br0" },
};
const create = (args: Partial<HypervisorArgs>) =>
  record((options) => new Hypervisor("r820", { ...base, ...args }, options));

describe("Hypervisor", () => {
  test("is a provider of its own, and the pools that have a path", async () => {
    const { component, resources, children } = await create({
      pools: {
        default: { path: "/srv/machines", sizeGiB: 800 },
        fast: { path: "/srv/nvme", name: "nvme" },
        old: { existing: "images" },
      },
    });
    expect(resources.map(({ type, name, inputs }) => ({ type, name, inputs }))).toEqual([
      {
        type: "groundplane:libvirt:Hypervisor",
        name: "r820",
        inputs: { uri: component.uri, capacity: component.capacity },
      },
      {
        type: "libvirt:index/pool:Pool",
        name: "r820-pool-default",
        inputs: { name: "default", type: "dir", target: { path: "/srv/machines" } },
      },
      {
        type: "libvirt:index/pool:Pool",
        name: "r820-pool-fast",
        inputs: { name: "nvme", type: "dir", target: { path: "/srv/nvme" } },
      },
      {
        type: "pulumi:providers:libvirt",
        name: "r820-provider",
        inputs: {
          uri: "qemu+ssh://ops@10.220.1.11/system?keyfile=$HOME/.ssh/rack&knownhosts=/etc/rack/known_hosts&sshauth=privkey&parallel=4",
        },
      },
    ]);
    const pools = resources.filter(({ type }) => type === "libvirt:index/pool:Pool");
    expect(pools.every(({ provider }) => provider.includes("pulumi:providers:libvirt::r820-provider"))).toBe(
      true,
    );
    expect(children.find(({ name }) => name === "r820-pool-fast")?.options).toMatchObject({
      deleteBeforeReplace: true,
    });
  });

  test.each<[string, Partial<HypervisorArgs>, string]>([
    ["a port", { connection: { ...ssh, port: 2222 } }, "qemu+ssh://ops@10.220.1.11:2222/system?keyfile="],
    ["IPv6", { address: "fd00::7" }, "qemu+ssh://ops@[fd00::7]/system?"],
    ["another limit", { parallel: 8 }, "&parallel=8"],
    [
      "another socket",
      { connection: { ...ssh, socket: "/run/libvirt/virtqemud-sock" } },
      "&socket=/run/libvirt/virtqemud-sock&",
    ],
    [
      "a path that needs quoting",
      { connection: { ...ssh, knownHostsFile: "/a b&c" } },
      "&knownhosts=/a%20b%26c&",
    ],
    ["a local socket", { connection: { type: "local" } }, "qemu:///system?parallel=4"],
    [
      "another local socket",
      { connection: { type: "local", socket: "/run/x" } },
      "qemu:///system?socket=/run/x&parallel=4",
    ],
  ])("has the URI for %s", async (_, args, part) => {
    const { component } = await create(args);
    expect(component.uri).toContain(part);
    expect(component.uri).not.toContain("no_verify");
  });

  test("takes any host key only for a reason, which it shows", async () => {
    const { knownHostsFile: _, ...rest } = ssh;
    const { component, outputs } = await create({
      connection: { ...rest, unverifiedHostKey: { reason: "a rack that is thrown away" } },
    });
    expect(component.uri).toContain("&no_verify=1&");
    expect(component.uri).not.toContain("knownhosts");
    expect(outputs?.["openings"]).toEqual({ unverifiedHostKey: "a rack that is thrown away" });
  });

  test("uses a provider and pools that are there, of whichever package", async () => {
    const { component, resources } = await record((options) => {
      const provider = new Provider("theirs", { uri: "qemu:///system" });
      const pool = new Pool("their-pool", { name: "images", type: "dir" }, { provider });
      const { connection: _, ...rest } = base;
      return new Hypervisor(
        "r820",
        { ...rest, provider, pools: { default: { existing: pool.name } } },
        options,
      );
    });
    expect(resources.map(({ name }) => name)).toEqual(["r820", "their-pool", "theirs"]);
    expect(await resolved(component.pools["default"]?.name ?? "")).toBe("images");
    expect(component.uri).toBe("");
    expect(component.ssh).toBeUndefined();
  });

  test("shows what it declares", async () => {
    const { outputs } = await create({
      pools: { default: { existing: "default", sizeGiB: 800 } },
      capacity: { memoryMiB: 131_072, vcpus: 32, vcpuOvercommit: 2, reserve: { diskGiB: 20 } },
    });
    expect(outputs).toMatchObject({
      name: "r820",
      address: "10.220.1.11",
      capacity: {
        memoryMiB: 131_072,
        vcpus: 32,
        vcpuOvercommit: 2,
        reserve: { memoryMiB: 4096, vcpus: 0, diskGiB: 20 },
      },
      pools: { default: { name: "default", sizeGiB: 800 } },
      network: { bridge: "br0" },
      openings: {},
    });
  });

  describe("for setting up the host itself", () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "groundplane-"));
      writeFileSync(join(folder, "key"), "a private key");
      writeFileSync(join(folder, "known"), "[10.220.1.11]:2222 ssh-ed25519 AAAAR820\n");
    });
    afterEach(() => rmSync(folder, { recursive: true }));
    const files = (more: object = {}): Partial<HypervisorArgs> => ({
      connection: {
        ...ssh,
        port: 2222,
        privateKeyFile: join(folder, "key"),
        knownHostsFile: join(folder, "known"),
        ...more,
      },
    });

    test("reads the key and the host's key when something asks", async () => {
      const { component } = await create(files());
      expect(component.ssh).toMatchObject({
        host: "10.220.1.11",
        port: 2222,
        user: "ops",
        hostKey: "ssh-ed25519 AAAAR820",
      });
      expect(await resolved(component.ssh?.privateKey ?? "")).toBe("a private key");
    });

    test("expands variables as the provider does", async () => {
      process.env["GROUNDPLANE_TEST_FOLDER"] = folder;
      const { component } = await create(files({ privateKeyFile: "$GROUNDPLANE_TEST_FOLDER/key" }));
      expect(await resolved(component.ssh?.privateKey ?? "")).toBe("a private key");
      delete process.env["GROUNDPLANE_TEST_FOLDER"];
    });

    test("takes what is given, and reads nothing", async () => {
      const { component } = await create({
        connection: { ...ssh, setup: { privateKey: "given", hostKey: "ssh-ed25519 AAAA" } },
      });
      expect(component.ssh).toEqual({
        host: "10.220.1.11",
        user: "ops",
        privateKey: "given",
        hostKey: "ssh-ed25519 AAAA",
      });
    });

    test("fails when known_hosts does not have the host, or a file is missing", async () => {
      const other = await create(files({ port: 22 }));
      expect(() => other.component.ssh).toThrow("has no key of 10.220.1.11; compare the key");
      const missing = await create(files({ privateKeyFile: join(folder, "none") }));
      expect(() => missing.component.ssh).toThrow("connection.privateKeyFile");
    });
  });

  test.each<[Partial<HypervisorArgs>, string]>([
    [{ address: "r 820" }, 'address is "r 820"'],
    [{ connection: { ...ssh, user: "ops;reboot" } }, 'connection.user is "ops;reboot"'],
    [{ connection: { ...ssh, knownHostsFile: "" } }, "connection.knownHostsFile is empty"],
    [{ connection: { ...ssh, privateKeyFile: "" } }, "connection.privateKeyFile is empty"],
    [{ connection: { ...ssh, port: 0 } }, "connection.port is 0"],
    [
      { connection: { type: "ssh", user: "ops", privateKeyFile: "k", unverifiedHostKey: { reason: " " } } },
      "is no reason for connection.unverifiedHostKey",
    ],
    [{ pools: {} }, "pools is empty"],
    [{ pools: { default: { path: "srv" } } }, 'pools.default.path is "srv"'],
    [{ pools: { "a/b": { existing: "x" } } }, '"a/b" cannot name a pool'],
    [{ pools: { default: { existing: "-x" } } }, '"-x" cannot name a pool'],
    [{ network: { bridge: "a bridge" } }, 'network.bridge is "a bridge"'],
    [{ capacity: { memoryMiB: 2048, vcpus: 4 } }, "capacity.reserve.memoryMiB is 4096"],
    [{ capacity: { memoryMiB: 8192, vcpus: 4, vcpuOvercommit: 0.5 } }, "vcpuOvercommit is 0.5"],
    [{ parallel: 21 }, "parallel is 21"],
  ])("refuses %o before anything is made", async (args, message) => {
    await expect(create(args)).rejects.toThrow(message);
  });

  test("refuses a connection together with a provider, and neither", async () => {
    const { connection: _, ...rest } = base;
    await expect(record((options) => new Hypervisor("r820", rest, options))).rejects.toThrow("neither");
    const both = record((options) => {
      const provider = new Provider("theirs", { uri: "qemu:///system" });
      return new Hypervisor("r820", { ...base, provider }, options);
    });
    await expect(both).rejects.toThrow("both connection and provider");
  });
});
