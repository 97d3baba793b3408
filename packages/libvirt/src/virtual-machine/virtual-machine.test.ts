import { inspect } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { record, resolved } from "../../../../test/recording-mocks.ts";
import { testHost } from "../host.fixture.ts";
import type { HypervisorRef } from "../hypervisor/hypervisor.ts";
import { macAddress } from "./mac-address.ts";
import { VirtualMachine } from "./virtual-machine.ts";
import type { VirtualMachineArgs } from "./virtual-machine-args.ts";

const key = "ssh-ed25519 AAAAC3Nz jeff";
const base = {
  size: "light",
  diskGiB: 250,
  image: { volumeId: "/pool/base.qcow2" },
  address: { cidr: "10.220.1.50/24", gateway: "10.220.1.1", nameservers: ["8.8.8.8"] },
  users: [{ name: "agent", authorizedKeys: [key], sudo: true }],
} satisfies Partial<VirtualMachineArgs>;

const create = (args: Partial<VirtualMachineArgs> = {}, host: Partial<HypervisorRef> = {}) =>
  record(
    (options) => new VirtualMachine("athena", { ...base, hypervisor: testHost(host), ...args }, options),
  );
async function inputsOf(
  name: string,
  args: Partial<VirtualMachineArgs> = {},
  host: Partial<HypervisorRef> = {},
) {
  const { resources } = await create(args, host);
  return resources.find((resource) => resource.name === name)?.inputs ?? {};
}

/** Pulumi's mocks name the stack so. */
const mac = macAddress("stack/athena");

describe("VirtualMachine", () => {
  test("is made anew when it moves to another host: to the engine another provider alone would be no reason", async () => {
    const { children } = await create({}, { name: "r710" });
    const onHost = children.filter(({ type }) => type.startsWith("libvirt:"));
    expect(onHost.map(({ name, options }) => [name, options.replacementTrigger]).sort()).toEqual([
      ["athena-cloud-init", "r710"],
      ["athena-domain", "r710"],
      ["athena-root", "r710"],
    ]);
  });

  test("is a clone, an ISO image and a domain", async () => {
    const { resources, component } = await create();
    const instanceId = await resolved(component.instanceId);
    const others = resources.filter(({ name }) => name !== "host" && name !== "athena-cloud-init");
    expect(others.map(({ type, name, inputs }) => ({ type, name, inputs }))).toEqual([
      { type: "groundplane:libvirt:VirtualMachine", name: "athena", inputs: {} },
      {
        type: "libvirt:index/domain:Domain",
        name: "athena-domain",
        inputs: {
          name: "athena",
          type: "kvm",
          memory: 8192,
          vcpu: 2,
          autostart: true,
          metadata: '{"groundplane":{"component":"VirtualMachine","protected":false,"backup":false}}',
          cpu: { mode: "host-passthrough" },
          networkInterfaces: [{ bridge: "br0", mac, waitForLease: false }],
          consoles: [{ type: "pty", targetType: "serial", targetPort: "0" }],
          graphics: { type: "vnc", listenType: "address", listenAddress: "127.0.0.1", autoport: true },
          disks: [{ volumeId: "athena-root-id" }],
          cloudinit: "athena-cloud-init-id",
        },
      },
      {
        type: "libvirt:index/volume:Volume",
        name: "athena-root",
        inputs: {
          name: "stack-athena-root.qcow2",
          pool: "default",
          size: 250 * 1024 ** 3,
          format: "qcow2",
          baseVolumeId: "/pool/base.qcow2",
        },
      },
    ]);
    const iso = resources.find(({ name }) => name === "athena-cloud-init")?.inputs ?? {};
    expect(iso).toMatchObject({ name: `stack-athena-${instanceId.slice(-12)}.iso`, pool: "default" });
    expect(parse(String(iso["metaData"]))).toEqual({
      "instance-id": instanceId,
      "local-hostname": "athena",
    });
    expect(parse(String(iso["networkConfig"])).ethernets.lan0.match).toEqual({ macaddress: mac });
    expect(parse(String(iso["userData"])).users).toMatchObject([
      { name: "agent", lock_passwd: true, ssh_authorized_keys: [key] },
    ]);
  });

  test("puts all that has its host's provider there", async () => {
    const { resources } = await create({ disks: [{ name: "data", sizeGiB: 10 }] });
    const children = resources.filter(({ type }) => type.startsWith("libvirt:"));
    expect(
      children.map(({ name, provider }) => [name, /::pulumi:providers:libvirt::host::/.test(provider)]),
    ).toEqual([
      ["athena-cloud-init", true],
      ["athena-disk-data", true],
      ["athena-domain", true],
      ["athena-root", true],
    ]);
  });

  test("has its data disks in their order, in their pools", async () => {
    const { resources } = await create({
      pool: "fast",
      disks: [
        { name: "work", sizeGiB: 100 },
        { name: "archive", sizeGiB: 500, pool: "default" },
      ],
    });
    const inputs = (name: string) => resources.find((resource) => resource.name === name)?.inputs;
    expect(inputs("athena-disk-work")).toEqual({
      name: "stack-athena-disk-work.qcow2",
      pool: "nvme",
      size: 100 * 1024 ** 3,
      format: "qcow2",
    });
    expect(inputs("athena-disk-archive")).toMatchObject({ pool: "default" });
    expect(inputs("athena-root")).toMatchObject({ pool: "nvme" });
    expect(inputs("athena-domain")).toMatchObject({
      disks: [
        { volumeId: "athena-root-id" },
        { volumeId: "athena-disk-work-id" },
        { volumeId: "athena-disk-archive-id" },
      ],
    });
  });

  test("replaces what has a name of its own by deleting it first, and the domain where the provider changes nothing", async () => {
    const { children } = await create({ protected: true });
    const options = Object.fromEntries(children.map((child) => [child.name, child.options]));
    expect(options["athena-root"]).toMatchObject({ deleteBeforeReplace: true, protect: true });
    expect(options["athena-domain"]).toMatchObject({
      deleteBeforeReplace: true,
      replaceOnChanges: [
        "networkInterfaces[*].bridge",
        "networkInterfaces[*].networkId",
        "networkInterfaces[*].networkName",
        "networkInterfaces[*].mac",
      ],
    });
    expect(options["athena-cloud-init"]).not.toHaveProperty("deleteBeforeReplace");
  });

  test.each<[string, Partial<VirtualMachineArgs>, Partial<HypervisorRef>, object]>([
    [
      "a network of libvirt",
      {},
      { network: { networkName: "inner" } },
      { networkInterfaces: [{ networkName: "inner", mac, waitForLease: false }] },
    ],
    [
      "a MAC address of its own",
      { macAddress: "52:54:00:AB:CD:EF" },
      {},
      { networkInterfaces: [{ mac: "52:54:00:ab:cd:ef" }] },
    ],
    ["no autostart", { autostart: false }, {}, { autostart: false }],
    ["own numbers", { size: { memoryMiB: 48, vcpus: 3 } }, {}, { memory: 48, vcpu: 3 }],
  ])("has %s", async (_, args, host, expected) => {
    expect(await inputsOf("athena-domain", args, host)).toMatchObject(expected);
  });

  test("leaves out what software emulation and a machine without a console have not", async () => {
    const inputs = await inputsOf("athena-domain", { console: false }, { domainType: "qemu" });
    expect(inputs).toMatchObject({ type: "qemu" });
    expect(Object.keys(inputs)).not.toEqual(expect.arrayContaining(["cpu"]));
    expect(Object.keys(inputs)).not.toEqual(expect.arrayContaining(["consoles"]));
  });

  test("hands over PCI devices", async () => {
    const { xml } = await inputsOf("athena-domain", { passthrough: ["0000:65:00.0", "0000:65:00.1"] });
    const xslt = JSON.stringify(xml);
    expect(xslt.match(/<hostdev/g)).toHaveLength(2);
    expect(xslt).toContain(String.raw`bus=\"0x65\" slot=\"0x00\" function=\"0x1\"`);
  });

  test("installs the guest's agent", async () => {
    const { userData } = await inputsOf("athena-cloud-init", { guestAgent: true });
    expect(parse(String(userData))).toMatchObject({
      packages: ["qemu-guest-agent"],
      runcmd: ["systemctl enable --now qemu-guest-agent || true"],
    });
  });

  test("sets up backups on its host", async () => {
    const { resources, component } = await create({ backup: { schedule: "daily", keep: 7 } });
    expect(resources.find(({ name }) => name === "athena-backup")?.type).toBe(
      "groundplane:libvirt:DiskBackup",
    );
    const setup = resources.find(({ name }) => name === "athena-backup-setup");
    expect(setup?.inputs["connection"]).toMatchObject({ value: { host: "10.220.1.11", user: "ops" } });
    expect(component.nodes.backup?.folder).toBe("/var/backups/groundplane/athena");
  });

  test("is reached at its address, whatever becomes of the domain", async () => {
    const { component } = await create();
    const connection = component.connection({ user: "agent", privateKey: "given" });
    expect(connection).toMatchObject({ host: "10.220.1.50", user: "agent", privateKey: "given" });
    const known = component.connection({ user: "agent", privateKey: "given", hostKey: "ssh-ed25519 AAAA" });
    expect(known.hostKey).toBe("ssh-ed25519 AAAA");
  });

  test("is another machine to who knows its key only when its first disk is made anew", async () => {
    const identity = async (args: Partial<VirtualMachineArgs>) =>
      resolved((await create(args)).component.diskIdentity);
    const one = await identity({});
    expect(await identity({ size: "heavy", packages: ["ufw"], disks: [{ name: "data", sizeGiB: 1 }] })).toBe(
      one,
    );
    const others = [{ diskGiB: 300 }, { pool: "fast" }, { image: { volumeId: "/pool/other.qcow2" } }];
    expect((await Promise.all(others.map(identity))).filter((other) => other === one)).toEqual([]);
  });

  test.each<[Partial<VirtualMachineArgs>, string]>([
    [{ pool: "slow" }, 'r820 has no pool "slow"; choose one of default, fast'],
    [{ diskGiB: 0 }, "diskGiB is 0"],
    [{ size: { memoryMiB: 8, vcpus: 1 } }, "size.memoryMiB is 8"],
    [{ address: { ...base.address, cidr: "10.220.1.50" } }, 'address.cidr is "10.220.1.50"'],
    [{ address: { ...base.address, gateway: "10.220.2.1" } }, 'address.gateway is "10.220.2.1"'],
    [{ address: { ...base.address, gateway: "10.220.1.50" } }, "another address of 10.220.1.50/24"],
    [{ address: { ...base.address, nameservers: [] } }, "address.nameservers is empty"],
    [{ users: [] }, "users is empty"],
    [{ users: [{ name: "root", authorizedKeys: [key] }] }, 'users is "root"'],
    [{ users: [{ name: "agent", authorizedKeys: [] }] }, "there are no passwords"],
    [
      { users: [{ name: "agent", authorizedKeys: ["secret"] }] },
      'authorizedKeys[0] of "agent" is no public key',
    ],
    [{ macAddress: "01:54:00:00:00:01" }, "a unicast MAC address"],
    [
      {
        disks: [
          { name: "a", sizeGiB: 1 },
          { name: "a", sizeGiB: 1 },
        ],
      },
      'disks has "a" twice',
    ],
    [{ packages: ["ufw; reboot"] }, 'packages is "ufw; reboot"'],
    [{ files: [{ path: "etc/x", content: "" }] }, 'files.path is "etc/x"'],
    [
      { files: [{ path: "/etc/hosts", content: "" }], hosts: [{ address: "10.0.0.1", names: ["x"] }] },
      'files has "/etc/hosts" twice',
    ],
    [{ passthrough: ["65:00.0"] }, 'passthrough is "65:00.0"'],
    [{ backup: { schedule: "daily\nExecStart=x", keep: 1 } }, "backup.schedule is"],
    [{ backup: { schedule: "daily", keep: 0 } }, "backup.keep is 0"],
    [{ backup: { schedule: "daily", keep: 1, folder: "/var/../etc" } }, 'backup.folder is "/var/../etc"'],
  ])("refuses %o before anything is made", async (args, message) => {
    await expect(create(args)).rejects.toThrow(message);
  });

  test("does not say what stands in the place of a public key", async () => {
    const attempt = create({ users: [{ name: "agent", authorizedKeys: [key, "-----BEGIN canary-5up3r"] }] });
    const error = await attempt.then(
      () => undefined,
      (caught: unknown) => caught,
    );
    expect(String(error)).toContain('authorizedKeys[1] of "agent" is no public key');
    expect(inspect(error, { depth: null })).not.toContain("canary-5up3r");
  });

  test("refuses a backup on a host that is not reached over SSH", async () => {
    const attempt = create({ backup: { schedule: "daily", keep: 1 } }, { ssh: undefined });
    await expect(attempt).rejects.toThrow("r820 is not reached over SSH");
  });
});

describe("a secret among what cloud-init gets", () => {
  test.each<[string, Partial<VirtualMachineArgs>]>([
    [
      "users.authorizedKeys",
      { users: [{ name: "agent", authorizedKeys: [pulumi.secret("ssh-rsa TOKEN")] }] },
    ],
    ["files.content", { files: [{ path: "/etc/token", content: pulumi.secret("TOKEN") }] }],
    ["runCommands", { runCommands: [pulumi.interpolate`echo ${pulumi.secret("TOKEN")}`] }],
  ])("in %s is an error of the program, and no document has it", async (what, args) => {
    const errors = vi.spyOn(pulumi.log, "error").mockResolvedValue();
    const { resources } = await create(args);
    expect(errors.mock.calls.map(([message]) => message)).toEqual([
      expect.stringContaining(`${what} of the machine "athena" holds a secret`),
    ]);
    const iso = resources.find(({ name }) => name === "athena-cloud-init")?.inputs;
    expect(String(iso?.["userData"])).toMatch(/^#cloud-config\n/);
    expect(JSON.stringify(resources) + JSON.stringify(errors.mock.calls[0]?.[0])).not.toContain("TOKEN");
    errors.mockRestore();
  });
});
