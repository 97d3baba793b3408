import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { record, resolved } from "../../../../test/recording-mocks.ts";
import { testHost } from "../host.fixture.ts";
import { Provider } from "../resources/provider.ts";
import { macAddress } from "../virtual-machine/mac-address.ts";
import { INVENTORY } from "./fleet.fixture.ts";
import { Fleet } from "./fleet.ts";
import type { FleetArgs } from "./fleet-args.ts";

const CANARY = "canary-private-key";
const sha256 = "a".repeat(64);
const hypervisor = (name: string, address: string) =>
  testHost({
    ...{ name, address, provider: new Provider(name, { uri: `qemu+ssh://ops@${address}/system` }) },
    ssh: { host: address, user: "ops", privateKey: "no key", hostKey: "ssh-ed25519 AAAA" },
  });

const create = (args: Partial<FleetArgs> = {}) =>
  record(
    (options) =>
      new Fleet(
        "rack",
        {
          inventory: INVENTORY,
          placement: { athena: "big", apollo: "small" },
          hypervisors: { big: hypervisor("big", "10.0.0.2"), small: hypervisor("small", "10.0.0.3") },
          image: { url: "https://images.example/jammy.img", sha256 },
          administration: {
            user: "agent",
            authorizedKeys: ["ssh-ed25519 AAAAC3Nz deploy"],
            privateKey: pulumi.secret(CANARY),
          },
          workstations: ["10.0.0.240/28"],
          ...args,
        },
        options,
      ),
    ({ type }) =>
      type === "groundplane-machine:index:Setup" ? { hostKey: "ssh-ed25519 AAAAmade", fileHashes: {} } : {},
  );

describe("Fleet", () => {
  test("makes an image for each host, and each machine on the provider of its host", async () => {
    const { resources } = await create();
    const named = (type: string) =>
      resources
        .filter((one) => one.type === type)
        .map(({ name, provider }) => `${name} ${/::(big|small)::/.exec(provider)?.[1] ?? "none"}`)
        .sort();
    expect(named("libvirt:index/domain:Domain")).toEqual(["apollo-domain small", "athena-domain big"]);
    expect(named("libvirt:index/volume:Volume")).toEqual([
      ...["apollo-root small", "athena-root big", "rack-big-volume big", "rack-small-volume small"],
    ]);
    expect(
      resources
        .filter(({ type }) => type.startsWith("libvirt:") && type !== "pulumi:providers:libvirt")
        .every(({ provider }) => provider !== ""),
    ).toBe(true);
    const domain = resources.find(({ name }) => name === "athena-domain");
    expect(domain?.inputs).toMatchObject({ name: "athena", memory: 8192, vcpu: 2 });
    expect(domain?.inputs["networkInterfaces"]).toEqual([
      { bridge: "br0", mac: macAddress("stack/athena"), waitForLease: false },
    ]);
  });

  test("tells every machine the names of all others, over SSH and not through cloud-init", async () => {
    const { resources } = await create({ domain: "rack.example" });
    const hosts = resources.find(({ name }) => name === "athena-hosts");
    expect(hosts?.inputs).toMatchObject({
      files: [
        {
          path: "/etc/hosts",
          content: `127.0.0.1 localhost
127.0.1.1 athena
::1 localhost ip6-localhost ip6-loopback
ff02::1 ip6-allnodes
ff02::2 ip6-allrouters
10.0.0.2 big.rack.example big
10.0.0.3 small.rack.example small
10.0.0.51 apollo.rack.example apollo
`,
        },
      ],
    });
    const before = await create();
    const after = await create({ phase: 3 });
    const cloudInit = (recording: typeof before) =>
      recording.resources.find(({ name }) => name === "athena-cloud-init")?.inputs;
    // So that a machine more restarts none of those that are there.
    expect(cloudInit(after)).toEqual(cloudInit(before));
  });

  test("has each machine's rules, and the matrix that they are made from", async () => {
    const { component } = await create();
    expect(component.firewall["athena"]).toEqual([
      { purpose: "Admin access", from: "10.0.0.240/28", port: 22 },
      { purpose: "OpenClaw UI", from: "10.0.0.240/28", port: 18_789 },
    ]);
    expect(component.firewall["big"]?.map(({ from, port }) => `${from} ${port}`)).toEqual([
      ...["10.0.0.50 22", "10.0.0.51 22", "10.0.0.50 8065", "10.0.0.51 8065"],
      ...["10.0.0.240/28 8065", "10.0.0.240/28 22"],
    ]);
    expect(component.firewall["small"]?.every(({ port }) => port === 22)).toBe(true);
  });

  test("hands on the inventory and the machines' keys, and no secret", async () => {
    const { component, resources } = await create();
    expect(await resolved(component.knownHosts)).toBe(
      "athena,10.0.0.50 ssh-ed25519 AAAAmade\napollo,10.0.0.51 ssh-ed25519 AAAAmade\n",
    );
    expect(component.inventory.machines.map(({ name, host }) => [name, host])).toEqual([
      ["athena", "big"],
      ["apollo", "small"],
    ]);
    for (const { type, name, inputs } of resources) {
      if (type === "groundplane-machine:index:Setup") continue;
      expect([name, JSON.stringify(inputs).includes(CANARY)]).toEqual([name, false]);
    }
    expect(JSON.stringify(component.inventory)).not.toContain(CANARY);
  });

  test("runs an agent on each machine, with the matrix's firewall and the fleet's Mattermost; its secrets stay secret", async () => {
    const agent = {
      admins: {
        jeff: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE2VLHToZxOngfcnHXSW3lC6ILJFTcfYV7aZTAE76zIE jeff",
      },
      node: { version: "22.21.1", sha256 },
      openclaw: { version: "2026.1.30" },
      secrets: { ANTHROPIC_API_KEY: "canary-api-key" },
    };
    const { resources, component } = await create({ agent });
    const setups = resources
      .filter(({ type }) => type === "groundplane-machine:index:Setup")
      .map(({ name }) => name);
    expect(setups.filter((name) => name.startsWith("athena-")).sort()).toEqual([
      ...["athena-agent", "athena-firewall", "athena-hosts", "athena-packages", "athena-users"],
    ]);
    const inputsOf = (name: string) => JSON.stringify(resources.find((one) => one.name === name)?.inputs);
    expect(inputsOf("athena-firewall")).toContain(
      "allow from 10.0.0.240/28 to any port 18789 proto tcp comment 'OpenClaw UI'",
    );
    expect(inputsOf("athena-agent")).toContain("http://10.0.0.2:8065");
    // People log in as the agent's user, not as the one that sets the machine up.
    expect(component.inventory.machines.map(({ user }) => user)).toEqual(["agent", "agent"]);
    const holding = resources.filter(({ inputs }) => JSON.stringify(inputs).includes("canary-api-key"));
    expect(holding.map(({ name }) => name).sort()).toEqual(["apollo-agent", "athena-agent"]);
    for (const { inputs } of holding) {
      // Everything but the file's content, which is marked as a secret.
      const { files, ...rest } = inputs;
      expect(JSON.stringify(rest)).not.toContain("canary-api-key");
      expect(JSON.stringify(files).split("canary-api-key").length).toBe(2);
    }
  });

  test("sets the matrix's firewall up on hosts where that is asked for, but not on Mattermost's", async () => {
    const { component, resources } = await create({ hypervisorFirewall: true });
    expect(Object.keys(component.nodes.hostFirewalls)).toEqual(["small"]);
    const setup = String(resources.find(({ name }) => name === "small-host-firewall")?.inputs["setup"]);
    expect(setup).toContain("allow from 10.0.0.240/28 to any port 22 proto tcp comment 'Admin access'");
    expect(setup).toContain("allow from 10.0.0.50 to any port 22 proto tcp comment 'Management'");
    expect(setup).toContain("ufw default allow routed\n");
    expect(component.connectivity.unguarded).not.toContain("10.0.0.3");
    expect((await create()).component.connectivity.unguarded).toContain("10.0.0.3");
  });

  test.each<[string, Partial<FleetArgs>, RegExp]>([
    [
      "hosts are to have a firewall, and one is not reached over SSH",
      {
        hypervisorFirewall: true,
        hypervisors: {
          big: hypervisor("big", "10.0.0.2"),
          small: { ...hypervisor("small", "10.0.0.3"), ssh: undefined },
        },
      },
      /hypervisorFirewall is on, and small is not reached over SSH/,
    ],
    [
      "hosts are to have a firewall, and no row lets SSH in at their port",
      {
        hypervisorFirewall: true,
        hypervisors: {
          big: hypervisor("big", "10.0.0.2"),
          small: {
            ...hypervisor("small", "10.0.0.3"),
            ssh: { host: "10.0.0.3", port: 2222, user: "ops", privateKey: "no key", hostKey: "none" },
          },
        },
      },
      /no firewall rule lets SSH in, on port 2222/,
    ],
    [
      "a host of a machine has no hypervisor",
      { hypervisors: {} },
      /placed on big, small, and hypervisors has none/,
    ],
    ["a network of the workstations is none", { workstations: ["10.0.0.0/33"] }, /parties\.workstations/],
    ["Mattermost is on a host that is not there", { mattermost: "gone" }, /mattermost is "gone"/],
    [
      "the inference server has a machine's address",
      { inference: { name: "ollama", address: "10.0.0.51" } },
      /10\.0\.0\.51, which is apollo's/,
    ],
    [
      "a host key is of a machine that is not there",
      {
        administration: {
          ...{ user: "deploy", authorizedKeys: [], privateKey: CANARY },
          hostKeys: { nike: "ssh-ed25519 AAAA", apolo: "ssh-ed25519 AAAA" },
        },
      },
      /hostKeys names apolo,/,
    ],
    ["nothing fits", { placement: { athena: "gone" } }, /gone/],
  ])("fails when %s", async (_why, args, words) => {
    await expect(create(args)).rejects.toThrow(words);
  });
});
