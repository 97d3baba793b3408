import { UNKNOWN_TEXT } from "@groundplane/contracts";
import type { Properties } from "@groundplane/provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SandboxFixture } from "../provider/sandbox.fixture.ts";
import { hypervisorOf } from "./hypervisor.ts";
import { libvirtCloud } from "./libvirt-cloud.ts";
import { CLOUD_INIT_DISK, DOMAIN, NETWORK, POOL, VOLUME } from "./libvirt-types.ts";

const UUID = /^5a4db0c5-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/;

let r820: SandboxFixture;
const opened: SandboxFixture[] = [];
const on = (uri: string): SandboxFixture => {
  const fixture = new SandboxFixture({ uri }, libvirtCloud, opened[0]);
  opened.push(fixture);
  return fixture;
};

beforeEach(() => {
  r820 = on("qemu+ssh://root@10.220.1.11/system?keyfile=k&knownhosts=h");
});
afterEach(() => {
  for (const fixture of opened.splice(0).reverse()) fixture.dispose();
});

const volume = (name: string, more: Properties = {}) => r820.create(VOLUME, name, { name, ...more });
const domain = (name: string, more: Properties = {}) => r820.create(DOMAIN, name, { name, ...more });

describe("a hypervisor", () => {
  test.each([
    ["qemu+ssh://root@10.220.1.11/system?keyfile=k", "10.220.1.11"],
    ["qemu+ssh://other@10.220.1.11:22/system?parallel=4", "10.220.1.11:22"],
    ["qemu:///system", "localhost"],
    ["qemu:///session", "localhost/session"],
    ["qemu+unix:///system?socket=/run/a.sock", "/run/a.sock"],
    ["qemu+ssh://root@[fd00::1]/system", "[fd00::1]"],
    ["nonsense", "nonsense"],
  ])("%s is %s", (uri, hypervisor) => expect(hypervisorOf(uri)).toBe(hypervisor));

  test("has its own volumes, domains and pools", () => {
    const r710 = on("qemu+ssh://root@10.220.1.9/system");
    const here = volume("disk.qcow2");
    const there = r710.create(VOLUME, "other", { name: "disk.qcow2" });
    expect(there.id).toBe(here.id);
    expect(() => r710.create(DOMAIN, "vm", { name: "vm", disks: [{ volumeId: "/nowhere" }] })).toThrow(
      /can't retrieve volume '\/nowhere' on 10.220.1.9/,
    );
    r710.create(DOMAIN, "vm", { name: "vm", disks: [{ volumeId: there.id }] });
    domain("vm", { disks: [{ volumeId: here.id }] });
    r710.store.set(r710.urn(VOLUME, "other"), "format", "raw");
    const read = (fixture: SandboxFixture, name: string, one: typeof here) =>
      fixture.provider.read({ urn: fixture.urn(VOLUME, name), id: one.id }, one.outputs, one.inputs).outputs;
    expect(read(r710, "other", there)["format"]).toBe("raw");
    expect(read(r820, "disk.qcow2", here)["format"]).toBe("qcow2");
    expect(() => r820.store.set(here.id, "format", "raw")).toThrow(/by its URN/);
    r710.delete(VOLUME, "other", there);
    expect(r820.store.list({ type: VOLUME })).toHaveLength(1);
    expect(r820.store.referrers(VOLUME, here.id, "10.220.1.11")).toEqual([]);
  });

  test("is the same one through another key, user or limit", () => {
    const again = on("qemu+ssh://agent@10.220.1.11/system?parallel=4");
    const made = volume("disk.qcow2");
    const subject = { urn: again.urn(VOLUME, "disk.qcow2"), id: made.id };
    expect(again.provider.read(subject, made.outputs, made.inputs).id).toBe(made.id);
  });

  test("that another URI leads to has nothing of it", () => {
    const made = volume("disk.qcow2");
    const moved = on("qemu+ssh://root@10.220.1.8/system");
    const subject = { urn: moved.urn(VOLUME, "disk.qcow2"), id: made.id };
    expect(moved.provider.read(subject, made.outputs, made.inputs).id).toBe("");
    expect(moved.provider.diffConfig({ uri: "a" }, { uri: "b" })).toEqual([]);
  });
});

describe("ids", () => {
  test("are as libvirt makes them, and only a sandbox's", () => {
    expect(domain("vm").id).toMatch(UUID);
    expect(r820.create(NETWORK, "n", { name: "n", addresses: ["10.17.3.0/24"] }).id).toMatch(UUID);
    const pool = r820.create(POOL, "p", { name: "fast", type: "dir", target: { path: "/srv/fast" } });
    expect(pool.id).toMatch(UUID);
    expect(volume("a.qcow2").id).toBe("/var/lib/libvirt/images/a.qcow2");
    expect(volume("b.qcow2", { pool: "fast" }).id).toBe("/srv/fast/b.qcow2");
    const [path, number] = r820.create(CLOUD_INIT_DISK, "c", { name: "c.iso", pool: "fast" }).id.split(";");
    expect(path).toBe("/srv/fast/c.iso");
    expect(number).toMatch(UUID);
  });
});

test("a name that the program does not give is made up, and kept", () => {
  const made = r820.create(VOLUME, "data", { size: 1024 });
  expect(made.inputs["name"]).toMatch(/^data-[0-9a-f]{7}$/);
  expect(made.id).toBe(`/var/lib/libvirt/images/${String(made.inputs["name"])}`);
  const { diffs, deleteBeforeReplace } = r820.diff(VOLUME, "data", made, { size: 2048 });
  expect(diffs).toMatchObject([{ path: "size", replaces: true }]);
  // The new one gets another name.
  expect(deleteBeforeReplace).toBe(false);
});

describe("libvirt refuses", () => {
  const pool = () => r820.create(POOL, "p", { name: "fast", type: "dir", target: { path: "/srv/fast" } });

  test("a name that the host has already", () => {
    domain("vm");
    expect(() => r820.create(DOMAIN, "again", { name: "vm" })).toThrow(/domain 'vm' already exists/);
    pool();
    expect(() =>
      r820.create(POOL, "again", { name: "fast", type: "dir", target: { path: "/srv/b" } }),
    ).toThrow(/storage pool 'fast' already exists/);
    volume("a");
    expect(() => r820.create(CLOUD_INIT_DISK, "c", { name: "a" })).toThrow(/exists already/);
    r820.create(NETWORK, "n", { name: "n" });
    expect(() => r820.create(NETWORK, "again", { name: "n" })).toThrow(/network 'n' already exists/);
  });

  test("a pool that is not there, one of another's folder, and one of another kind", () => {
    expect(() => volume("a", { pool: "fast" })).toThrow(/can't find storage pool 'fast' on 10.220.1.11/);
    pool();
    volume("a", { pool: "fast" });
    expect(() =>
      r820.create(POOL, "q", { name: "slow", type: "dir", target: { path: "/srv/fast" } }),
    ).toThrow(/Storage source conflict with pool: 'fast'/);
    expect(r820.problems(POOL, { name: "x", type: "iscsi" })).toMatchObject([{ property: "type" }]);
  });

  test("to delete a pool with a volume or a cloud-init disk in it", () => {
    const made = pool();
    const held = r820.create(CLOUD_INIT_DISK, "c", { name: "c.iso", pool: "fast" });
    expect(() => r820.delete(POOL, "p", made)).toThrow(/Directory not empty/);
    r820.delete(CLOUD_INIT_DISK, "c", held);
    r820.delete(POOL, "p", made);
    expect(r820.store.list({ type: POOL })).toEqual([]);
  });

  test("a base volume that is not on the host, and a clone that is smaller", () => {
    expect(() => volume("clone", { baseVolumeId: "/var/lib/libvirt/images/base" })).toThrow(
      /can't retrieve base volume/,
    );
    expect(() => volume("clone", { baseVolumeName: "base" })).toThrow(/can't retrieve base volume/);
    const base = volume("base", { size: 4096 });
    expect(() => volume("clone", { baseVolumeId: base.id, size: 1024 })).toThrow(/at least as large/);
    expect(volume("clone", { baseVolumeId: base.id }).outputs["size"]).toBe(4096);
    expect(volume("named", { baseVolumeName: "base", size: 8192 }).outputs["size"]).toBe(8192);
    expect(r820.problems(VOLUME, { name: "x", source: "http://x", size: 1 })).toHaveLength(1);
    expect(r820.problems(VOLUME, { name: "x", baseVolumeName: "a", baseVolumeId: "b" })).toHaveLength(1);
  });

  test("a domain whose disk, cloud-init disk or network is not there", () => {
    expect(() => domain("vm", { disks: [{ volumeId: "/x" }] })).toThrow(/can't retrieve volume '\/x'/);
    expect(() => domain("vm", { cloudinit: "/x.iso;5d48ff09-0000-4000-8000-000000000000" })).toThrow(
      /not of the sandbox/,
    );
    const gone = r820.create(CLOUD_INIT_DISK, "c", { name: "c.iso" });
    r820.delete(CLOUD_INIT_DISK, "c", gone);
    expect(() => domain("vm", { cloudinit: gone.id })).toThrow(/does not exist/);
    expect(() => domain("vm", { networkInterfaces: [{ networkName: "lan" }] })).toThrow(
      /can't retrieve network 'lan'/,
    );
    const elsewhere = on("qemu+ssh://root@10.220.1.8/system").create(NETWORK, "n", { name: "n" });
    expect(() => domain("vm", { networkInterfaces: [{ networkId: elsewhere.id }] })).toThrow(
      /can't retrieve network ID/,
    );
    domain("vm", { networkInterfaces: [{ networkName: "default" }, { bridge: "br0" }] });
  });

  test("a disk that another domain has", () => {
    const disk = volume("disk");
    domain("one", { disks: [{ volumeId: disk.id }] });
    expect(() => domain("two", { disks: [{ volumeId: disk.id }] })).toThrow(/Failed to get "write" lock/);
  });

  test("a MAC address twice on a network, on create and on update, and not on another network or host", () => {
    const card = (mac: string, bridge: string) => ({ networkInterfaces: [{ mac, bridge }] });
    domain("one", card("52:54:00:aa:bb:cc", "br0"));
    expect(() => domain("two", card("52:54:00:AA:BB:CC", "br0"))).toThrow(/is that of domain 'one'/);
    const other = domain("two", card("52:54:00:AA:BB:CC", "br1"));
    expect(() =>
      r820.update(DOMAIN, "two", other, { name: "two", ...card("52:54:00:AA:BB:CC", "br0") }),
    ).toThrow(/is that of domain 'one'/);
    expect(() =>
      domain("three", {
        networkInterfaces: [card("52:54:00:00:00:01", "br0"), card("52:54:00:00:00:01", "br0")].flatMap(
          ({ networkInterfaces }) => networkInterfaces,
        ),
      }),
    ).toThrow(/two cards of the domain/);
    on("qemu+ssh://root@10.220.1.8/system").create(DOMAIN, "one", {
      name: "one",
      ...card("52:54:00:aa:bb:cc", "br0"),
    });
  });

  test("a network whose addresses or bridge another one has", () => {
    const first = r820.create(NETWORK, "a", { name: "a", addresses: ["10.17.0.0/16"] });
    expect(first.outputs).toMatchObject({ bridge: "virbr1", dhcp: { enabled: true }, mode: "nat" });
    expect(() => r820.create(NETWORK, "b", { name: "b", addresses: ["10.17.3.0/24"] })).toThrow(
      /already in use by interface virbr1/,
    );
    expect(() => r820.create(NETWORK, "b", { name: "b", bridge: "virbr1" })).toThrow(/already in use/);
    expect(r820.create(NETWORK, "b", { name: "b" }).outputs["bridge"]).toBe("virbr2");
    expect(r820.problems(NETWORK, { name: "x", mode: "bridge" })).toMatchObject([{ property: "bridge" }]);
    expect(r820.problems(NETWORK, { name: "x", mode: "moat" })).toMatchObject([{ property: "mode" }]);
  });
});

describe("a domain", () => {
  test("has the provider's defaults, and cards with addresses", () => {
    const network = r820.create(NETWORK, "n", { name: "n", addresses: ["10.17.3.0/24"] });
    const made = domain("vm", {
      networkInterfaces: [
        { networkId: network.id, waitForLease: true },
        { bridge: "br0", mac: "52:54:00:00:00:0a" },
      ],
      graphics: { listenType: "address" },
    });
    expect(made.outputs).toMatchObject({
      ...{ memory: 512, vcpu: 1, type: "kvm", running: true, arch: "x86_64", autostart: false },
      graphics: { type: "spice", listenType: "address", listenAddress: "127.0.0.1" },
    });
    expect(made.outputs["networkInterfaces"]).toMatchObject([
      {
        mac: expect.stringMatching(/^52:54:00(:[0-9A-F]{2}){3}$/),
        addresses: [expect.stringMatching(/^198\.51\.100\.\d+$/)],
      },
      { mac: "52:54:00:00:00:0A", addresses: [] },
    ]);
    // What it made up it keeps.
    const later = r820.update(DOMAIN, "vm", made, { ...made.inputs, autostart: true });
    expect(later.outputs["networkInterfaces"]).toEqual(made.outputs["networkInterfaces"]);
    const subject = { urn: r820.urn(DOMAIN, "vm"), id: made.id };
    expect(r820.provider.read(subject, later.outputs, later.inputs)).toEqual({ ...later, id: made.id });
  });

  test("has cards without addresses in a preview", () => {
    const { inputs } = r820.check(DOMAIN, "vm", {
      ...{ name: "vm", networkInterfaces: [{ bridge: "br0", waitForLease: true }] },
    });
    const { outputs } = r820.provider.create(r820.urn(DOMAIN, "vm"), inputs, true);
    expect(outputs["networkInterfaces"]).toMatchObject([
      { bridge: "br0", mac: UNKNOWN_TEXT, addresses: UNKNOWN_TEXT },
    ]);
  });

  test.each<[Properties, readonly [string, boolean][]]>([
    [{ memory: 1024 }, [["memory", true]]],
    [{ vcpu: 2 }, [["vcpu", true]]],
    [{ autostart: true }, [["autostart", false]]],
    [{ disks: [{ volumeId: "/b" }] }, [["disks", true]]],
    [{ consoles: [{ type: "pty", targetPort: "0" }] }, [["consoles", true]]],
    [{ networkInterfaces: [{ bridge: "br1" }] }, [["networkInterfaces", false]]],
    [{ cloudinit: "x" }, [["cloudinit", false]]],
    [{ xml: { xslt: "<x/>" } }, [["xml", true]]],
  ])("that gets %j is updated, or replaced where the provider does", (more, expected) => {
    const made = domain("vm");
    const { diffs, deleteBeforeReplace } = r820.diff(DOMAIN, "vm", made, { name: "vm", ...more });
    expect(diffs.map(({ path, replaces }) => [path, replaces])).toEqual(expected);
    // As the bridge: a name that the program gives cannot be held by the old one and the new one.
    expect(deleteBeforeReplace).toBe(expected.some(([, replaces]) => replaces));
  });
});

test("of a network's dns, forwarders and services replace it, and hosts do not", () => {
  const network = { name: "n", dns: { hosts: [{ ip: "10.0.0.1", hostname: "a" }] } };
  const made = r820.create(NETWORK, "n", network);
  const replaces = (dns: Properties) =>
    r820
      .diff(NETWORK, "n", made, { ...network, dns: { ...network.dns, ...dns } })
      .diffs.map((one) => one.replaces);
  expect(replaces({ hosts: [{ ip: "10.0.0.2", hostname: "a" }] })).toEqual([false]);
  expect(replaces({ forwarders: [{ address: "10.0.0.1" }] })).toEqual([true]);
});

test("a function has no answer, and says so", () => {
  expect(() => r820.provider.invoke("libvirt:index/getNodeInfo:getNodeInfo", {})).toThrow(
    /the sandbox has no answer for the function/,
  );
});

test("every type of the schema is made with the least that it needs, and is the same on check, diff and read", () => {
  const least: Readonly<Record<string, Properties>> = {
    [POOL]: { name: "p", type: "dir", target: { path: "/srv/p" } },
    "libvirt:index/ignition:Ignition": { name: "i", content: "{}" },
    "libvirt:index/combustion:Combustion": { name: "c", content: "#!/bin/sh" },
  };
  const types = Object.keys(r820.catalog.shard("libvirt:index/x:X").resources).filter(
    (type) => !type.startsWith("pulumi:"),
  );
  expect(types).toHaveLength(7);
  for (const type of types) {
    const made = r820.create(type, "it", least[type] ?? { name: "it" });
    const subject = { urn: r820.urn(type, "it"), id: made.id };
    expect(r820.diff(type, "it", made, least[type] ?? { name: "it" }).diffs, type).toEqual([]);
    expect(r820.provider.read(subject, made.outputs, made.inputs), type).toEqual(made);
    expect(r820.provider.update(subject, made.outputs, made.inputs, true).outputs, type).toEqual(
      made.outputs,
    );
    r820.delete(type, "it", made);
  }
  expect(r820.store.list()).toEqual([]);
});
