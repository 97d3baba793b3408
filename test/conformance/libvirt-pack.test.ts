import { type JsonValue, jsonValueSchema, SECRET_MARK } from "@groundplane/contracts";
import {
  BaseImage,
  firewallScripts,
  Hypervisor,
  type HypervisorArgs,
  VirtualMachine,
} from "@groundplane/libvirt";
import { MachineSetup } from "@groundplane/machine";
import { lossOf } from "@groundplane/orchestrator";
import { pack } from "@groundplane/policy-libvirt";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { type RecordedResource, record } from "../recording-mocks.ts";

// What the pack goes by is what the components write: nothing else ties the two.

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const secretSchema = z.object({ [SIGNATURE]: z.string(), value: jsonValueSchema });
const inputsSchema = z.record(z.string(), jsonValueSchema);

/** With secrets as a review has them. Pulumi's mocks call a whole connection secret for the key in it; the engine does not. */
function marked(name: string, value: JsonValue): JsonValue {
  const secret = secretSchema.safeParse(value);
  if (!secret.success) return value;
  const { value: inner } = secret.data;
  const isConnection = name === "connection" && typeof inner === "object" && inner !== null;
  return isConnection ? { ...inner, privateKey: SECRET_MARK } : SECRET_MARK;
}

function inputsOf({ inputs }: RecordedResource): Record<string, JsonValue> {
  const all = inputsSchema.parse(JSON.parse(JSON.stringify(inputs)));
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, marked(name, value)]));
}

const urnOf = ({ type, name }: RecordedResource): string => `urn:pulumi:stack::project::${type}::${name}`;

interface Rack {
  readonly connection?: HypervisorArgs["connection"];
  readonly memoryMiB?: number;
  readonly machine?: Partial<ConstructorParameters<typeof VirtualMachine>[1]>;
  readonly firewall?: readonly string[];
}

const SETUP = { privateKey: "a key of the tests", hostKey: "ssh-ed25519 AAAA" };
const CONNECTION: NonNullable<HypervisorArgs["connection"]> = {
  ...{ type: "ssh", user: "ops", privateKeyFile: "/keys/r820", knownHostsFile: "/keys/known_hosts" },
  setup: SETUP,
};
const RULES = firewallScripts([{ purpose: "SSH", from: "10.220.1.0/24", port: 22 }]).setup;

/** A host with two machines, and what the pack says of it, as `rule name`. */
async function rack({ connection = CONNECTION, memoryMiB = 65_536, machine, firewall }: Rack = {}) {
  const { resources } = await record((options) => {
    const host = new Hypervisor(
      "r820",
      {
        ...{ address: "10.220.1.11", connection, capacity: { memoryMiB, vcpus: 32 } },
        pools: { default: { path: "/srv/machines" } },
        network: { bridge: "br0" },
      },
      options,
    );
    const image = new BaseImage(
      "ubuntu",
      {
        hypervisor: host,
        image: { url: "https://images.example.com/ubuntu.img", sha256: "0123456789abcdef".repeat(4) },
      },
      options,
    );
    for (const [index, name] of ["athena", "apollo"].entries()) {
      const address = `10.220.1.${50 + index}`;
      const made = new VirtualMachine(
        name,
        {
          ...{ hypervisor: host, image, size: "medium", diskGiB: 250 },
          address: { cidr: `${address}/24`, gateway: "10.220.1.1", nameservers: ["10.220.1.1"] },
          users: [{ name: "agent", authorizedKeys: ["ssh-ed25519 AAAA ops"], sudo: true }],
          ...machine,
        },
        options,
      );
      const on = made.connection({ user: "agent", privateKey: "a key of the tests" });
      for (const [at, setup] of (firewall ?? [RULES]).entries())
        new MachineSetup(`${name}-firewall-${at}`, { connection: on, setup }, options);
    }
    return host;
  });
  const findings = await pack.review({
    changeSet: {
      ...{ schema: "groundplane.dev/change-set/v1", project: "project", stack: "stack", environment: "rack" },
      ...{ operation: "update", counts: {}, changes: [], outputs: [] },
      planned: resources.map((resource) => ({
        ...{ urn: urnOf(resource), type: resource.type, name: resource.name, operation: "create" },
        ...{
          custom: resource.custom,
          provider: resource.provider.replace(
            /^.*[:$]pulumi:providers/,
            "urn:pulumi:stack::project::pulumi:providers",
          ),
        },
        inputs: inputsOf(resource),
      })),
    },
    exemptions: [],
    today: "2026-11-21",
  });
  return {
    resources,
    said: findings.map(({ rule, urn = "", status }) => `${status} ${rule} ${urn.split("::").at(-1)}`),
  };
}

describe("what the components make", () => {
  test("passes every rule", async () => {
    expect((await rack()).said).toEqual([]);
  });

  test("is reported when a machine has no firewall", async () => {
    const { said } = await rack({ firewall: [] });
    expect(said).toEqual([
      "violation vm-firewall apollo-cloud-init",
      "violation vm-firewall athena-cloud-init",
    ]);
  });

  test("is reported when everybody may see the dashboard", async () => {
    const open = firewallScripts([
      { purpose: "SSH", from: "10.220.1.0/24", port: 22 },
      { purpose: "dashboard", port: 18_789 },
    ]).setup;
    const { said } = await rack({ firewall: [open] });
    expect(said).toEqual([
      "violation vm-dashboards-closed apollo-firewall-0",
      "violation vm-dashboards-closed athena-firewall-0",
    ]);
  });

  test("is reported when a host has less memory than its machines take together", async () => {
    const medium = 16_384;
    const reserve = 4096;
    expect((await rack({ memoryMiB: 2 * medium + reserve })).said).toEqual([]);
    expect((await rack({ memoryMiB: 2 * medium + reserve - 1 })).said).toEqual([
      "violation hypervisor-capacity r820",
    ]);
  });

  test("is reported when nobody looks at the host's key", async () => {
    const { said } = await rack({
      connection: {
        ...{ type: "ssh", user: "ops", privateKeyFile: "/keys/r820", setup: SETUP },
        unverifiedHostKey: { reason: "a lab" },
      },
    });
    expect(said).toEqual(["violation hypervisor-known-hosts r820-provider"]);
  });

  test("is reported when a protected machine is not copied, or does not start with its host", async () => {
    const { said } = await rack({ machine: { protected: true, autostart: false } });
    expect(said.sort()).toEqual([
      "violation vm-autostart apollo-domain",
      "violation vm-autostart athena-domain",
      "violation vm-backup apollo-domain",
      "violation vm-backup athena-domain",
    ]);
    const kept = await rack({ machine: { protected: true, backup: { schedule: "daily", keep: 7 } } });
    expect(kept.said).toEqual([]);
  });
});

test("the data guard asks for machines' disks, and not for their image or cloud-init disk", async () => {
  const { resources } = await rack();
  const losses = resources
    .filter(({ type }) => type.startsWith("libvirt:"))
    .map((resource) => [resource.name, lossOf(resource.type, inputsOf(resource)) !== undefined]);
  expect(Object.fromEntries(losses)).toEqual({
    "apollo-cloud-init": false,
    "apollo-domain": false,
    "apollo-root": true,
    "athena-cloud-init": false,
    "athena-domain": false,
    "athena-root": true,
    "r820-pool-default": true,
    "ubuntu-volume": false,
  });
});
