import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { record, resolved } from "../../../test/recording-mocks.ts";
import { CloudInitDisk, Domain, Ignition, Network, Pool, Provider, Volume } from "./index.ts";

class Everything extends pulumi.ComponentResource {
  readonly domain: Domain;
  readonly provider: Provider;

  constructor(options: pulumi.ComponentResourceOptions) {
    super("test:index:Everything", "all", {}, options);
    this.provider = new Provider("host", { uri: "qemu:///system" }, { parent: this });
    const of = { parent: this, provider: this.provider };
    const pool = new Pool("pool", { name: "default", type: "dir", target: { path: "/srv/pool" } }, of);
    const volume = new Volume("volume", { name: "disk", pool: pool.name, size: 1024 }, of);
    const disk = new CloudInitDisk("cloudinit", { name: "seed", userData: "#cloud-config\n" }, of);
    new Ignition("ignition", { name: "ignition", content: "{}" }, of);
    const network = new Network("network", { name: "inner", addresses: ["10.9.0.0/24"] }, of);
    this.domain = new Domain(
      "domain",
      {
        name: "athena",
        memory: 64,
        disks: [{ volumeId: volume.id }],
        cloudinit: disk.id,
        networkInterfaces: [{ networkId: network.id, mac: "52:54:00:00:00:01" }],
      },
      of,
    );
    this.registerOutputs({});
  }
}

const TOKENS = {
  all: "test:index:Everything",
  cloudinit: "libvirt:index/cloudInitDisk:CloudInitDisk",
  domain: "libvirt:index/domain:Domain",
  host: "pulumi:providers:libvirt",
  ignition: "libvirt:index/ignition:Ignition",
  network: "libvirt:index/network:Network",
  pool: "libvirt:index/pool:Pool",
  volume: "libvirt:index/volume:Volume",
};

test("are of the types of pulumi-libvirt 0.5.4, and ask for its version", async () => {
  const { resources, children } = await record((options) => new Everything(options));
  expect(Object.fromEntries(resources.map(({ name, type }) => [name, type]))).toEqual(TOKENS);
  expect(children.map(({ options }) => options.version)).toEqual(children.map(() => "0.5.4"));
});

test("hand on what they are given, and show what the provider computes", async () => {
  const { component, resources } = await record(
    (options) => new Everything(options),
    ({ name }) => (name === "domain" ? { emulator: "/usr/bin/qemu-system-x86_64" } : {}),
  );
  expect(resources.find(({ name }) => name === "domain")?.inputs).toEqual({
    name: "athena",
    memory: 64,
    disks: [{ volumeId: "volume-id" }],
    cloudinit: "cloudinit-id",
    networkInterfaces: [{ networkId: "network-id", mac: "52:54:00:00:00:01" }],
  });
  expect(await resolved(component.domain.emulator)).toBe("/usr/bin/qemu-system-x86_64");
  expect(await resolved(component.provider.uri)).toBe("qemu:///system");
});
