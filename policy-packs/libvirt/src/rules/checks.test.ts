import { type JsonValue, SECRET_MARK, UNKNOWN_MARK } from "@groundplane/contracts";
import { describe, expect, it } from "vitest";
import { creationOf } from "../../../../test/pack-examples.ts";
import {
  CLOUD_INIT_DISK,
  DOMAIN,
  HYPERVISOR,
  MACHINE_SETUP,
  POOL,
  PROVIDER,
  VOLUME,
} from "../libvirt-types.ts";
import { pack } from "../pack.ts";
import { verdicts } from "./verdicts.fixture.ts";

type Inputs = Readonly<Record<string, JsonValue>>;

/** What one rule says of a stack of these, each as `name: message`. */
async function review(
  rule: string,
  ...resources: readonly (readonly [type: string, inputs: Inputs])[]
): Promise<readonly string[]> {
  const named = resources.map(([type, inputs], index) => ({ type, name: `r${index}`, inputs }));
  const findings = await pack.review({
    changeSet: creationOf(named),
    exemptions: [],
    today: "2026-11-21",
  });
  return findings
    .filter((finding) => finding.rule === rule)
    .map(({ urn = "", message }) => `${urn.split("::").at(-1)}: ${message}`);
}

describe("how a hypervisor is reached", () => {
  const SSH = "qemu+ssh://ops@10.220.1.11/system?keyfile=k&knownhosts=h";
  it.each<[string, RegExp | undefined]>([
    [SSH, undefined],
    ["qemu:///system", undefined],
    ["qemu+unix:///system?socket=/run/a.sock", undefined],
    ["qemu+tls://10.220.1.11/system", undefined],
    ["qemu+ssh://ops@10.220.1.11/system?keyfile=k", /names no knownhosts file/],
    ["qemu+ssh://ops@10.220.1.11/system?knownhosts=", /names no knownhosts file/],
    [`${SSH}&no_verify=0`, /has no_verify/],
    [`${SSH}&known_hosts_verify=ignore`, /known_hosts_verify=ignore/],
    [`${SSH}&sshauth=privkey,ssh-password`, /logs in with a password/],
    ["qemu+tcp://10.220.1.11/system", /goes over TCP/],
    ["qemu+tls://10.220.1.11/system?no_verify=1", /has no_verify/],
    ["nonsense", /is no URI/],
  ])("%s", async (uri, fault) => {
    const found = await verdicts("hypervisor-known-hosts", PROVIDER, { uri });
    expect(found).toEqual(fault === undefined ? [] : [expect.stringMatching(fault)]);
  });

  it("is not evaluated where the URI is a secret or not known yet", async () => {
    for (const uri of [UNKNOWN_MARK, SECRET_MARK])
      expect(await verdicts("hypervisor-known-hosts", PROVIDER, { uri })).toEqual([
        expect.stringMatching(/^not-evaluated/),
      ]);
  });
});

describe("a host's capacity", () => {
  const uri = "qemu+ssh://ops@10.220.1.11/system?keyfile=/keys/r820&knownhosts=/keys/known_hosts";
  const host = (more: Inputs = {}): readonly [string, Inputs] => [
    HYPERVISOR,
    {
      uri,
      capacity: { memoryMiB: 65_536, vcpus: 8, vcpuOvercommit: 2, reserve: { memoryMiB: 4096, vcpus: 2 } },
      ...more,
    },
  ];
  const domain = (memory: number, vcpu: number): readonly [string, Inputs] => [
    DOMAIN,
    { name: "vm", memory, vcpu },
  ];

  it("is what it declares, less what it keeps, for all machines of it together", async () => {
    expect(await review("hypervisor-capacity", host(), domain(30_720, 7), domain(30_720, 7))).toEqual([]);
    expect(await review("hypervisor-capacity", host(), domain(30_720, 7), domain(30_721, 8))).toEqual([
      "r0: r0 has 61440 MiB of memory for machines, and 2 of them take 61441",
      "r0: r0 has 14 vCPUs for machines, and 2 of them take 15",
    ]);
  });

  it("counts a domain that says nothing as the provider makes it", async () => {
    const small = host({ capacity: { memoryMiB: 1023, vcpus: 2 } });
    const bare: readonly [string, Inputs] = [DOMAIN, { name: "vm" }];
    expect(await review("hypervisor-capacity", small, bare, bare)).toHaveLength(1);
  });

  it("is its own: machines of other hosts do not count, and a host that declares nothing has no limit", async () => {
    const other = host({ uri: "qemu+ssh://ops@10.220.1.9/system?knownhosts=h" });
    expect(await review("hypervisor-capacity", other, domain(1_000_000, 1))).toEqual([]);
    expect(await review("hypervisor-capacity", [HYPERVISOR, { uri }], domain(1_000_000, 1))).toEqual([]);
  });
});

describe("images", () => {
  const hash = "0123456789abcdef".repeat(4);
  it.each<[Inputs, number]>([
    [{ name: `base-${hash}.qcow2`, source: "/images/x" }, 0],
    [{ name: "x", source: `https://images.example.com/${hash}/x.img` }, 0],
    [{ name: "x", source: "https://images.example.com/x.img" }, 1],
    [{ name: `base-${hash.slice(1)}`, source: "/images/x" }, 1],
    [{ name: "x", baseVolumeId: "/images/base" }, 0],
  ])("%j: %d findings", async (inputs, count) => {
    expect(await verdicts("vm-image-by-hash", VOLUME, inputs)).toHaveLength(count);
  });
});

describe("folders of pools", () => {
  it.each<[string, number]>([
    ["/var/lib/libvirt/images", 0],
    ["/srv/machines", 0],
    ["/var/tmpfiles", 0],
    ["/tmp", 1],
    ["//tmp//machines", 1],
    ["/srv/machines/../../tmp", 1],
    ["/home", 1],
    ["/", 1],
  ])("%s: %d findings", async (path, count) => {
    expect(
      await verdicts("pool-private-folder", POOL, { name: "p", type: "dir", target: { path } }),
    ).toHaveLength(count);
    expect(await verdicts("pool-private-folder", POOL, { name: "p", type: "dir", path })).toHaveLength(count);
  });
});

describe("what a machine is told at its first start", () => {
  const told = (rule: string, userData: JsonValue, more: Inputs = {}) =>
    verdicts(rule, CLOUD_INIT_DISK, { name: "c.iso", userData, ...more });
  const config = (text: string) => `#cloud-config\n${text}\n`;

  it.each([
    ["ssh_pwauth: yes", "ssh_pwauth is on"],
    ["ssh_pwauth: 1", "ssh_pwauth is on"],
    ["password: x", "password is set"],
    ["chpasswd: { expire: false }", "chpasswd is set"],
    ["users: [{ name: a, plain_text_passwd: x }]", "user a has plain_text_passwd"],
    ["users: [{ name: a, passwd: x }]", "user a has passwd"],
    ["users: [{ name: a, lock_passwd: false }]", "user a has lock_passwd: false"],
    ["runcmd: ['echo a:b | chpasswd']", "a command runs chpasswd"],
    [
      "write_files: [{ path: /etc/ssh/sshd_config.d/a.conf, content: 'PasswordAuthentication yes' }]",
      "sshd is told PasswordAuthentication yes",
    ],
  ])("%s lets a password in", async (text, fault) => {
    expect(await told("vm-no-password-login", config(text))).toEqual([`violation: userData: ${fault}`]);
  });

  it("fails closed where it cannot be looked into", async () => {
    expect(await told("vm-no-password-login", "#include\nhttps://example.com/x")).toHaveLength(1);
    expect((await told("vm-no-password-login", config("a: [")))[0]).toMatch(
      /^not-evaluated: the rule failed/,
    );
    expect((await told("vm-no-password-login", UNKNOWN_MARK))[0]).toMatch(/^not-evaluated/);
    expect(await told("vm-no-secret-in-cloud-init", SECRET_MARK)).toEqual([
      "violation: userData is a secret, and the disk is not",
    ]);
  });

  it.each([
    [
      "write_files: [{ path: /a, content: 'API_TOKEN=a1b2c3d4e5f6g7h8i9j0' }]",
      "what looks like a key or token (API_TOKEN)",
    ],
    ["write_files: [{ path: /a, content: 'DB_PASSWORD=\"hunter2\"' }]", "a password (DB_PASSWORD)"],
    ["runcmd: ['export ADMIN_PASSWORD=hunter2']", "a password (ADMIN_PASSWORD)"],
    ["mattermost: { db_password: hunter2 }", "a password (db_password)"],
    ["runcmd: ['git clone https://me:s3cret@example.com/x']", "a connection string with a password"],
  ])("%s holds a secret, and its value is not told", async (text, kind) => {
    const found = await told("vm-no-secret-in-cloud-init", config(text));
    expect(found).toContain(`violation: userData holds ${kind}`);
    expect(found.join("\n")).not.toMatch(/hunter2|a1b2c3|s3cret/);
  });

  it("may hold what only names a secret", async () => {
    expect(
      await told("vm-no-secret-in-cloud-init", config("runcmd: ['DB_PASSWORD=$(cat /run/secrets/db)']"), {
        networkConfig: "version: 2\n",
      }),
    ).toEqual([]);
  });
});

describe("firewalls", () => {
  const config =
    'version: 2\nethernets: { lan0: { addresses: ["10.220.1.50/24", "fd00::50/64"], nameservers: { addresses: [10.220.1.2] } } }\n';
  const disk: readonly [string, Inputs] = [CLOUD_INIT_DISK, { name: "c.iso", networkConfig: config }];
  const setup = (host: JsonValue, text: JsonValue): readonly [string, Inputs] => [
    MACHINE_SETUP,
    { connection: { host, user: "a", privateKey: SECRET_MARK, hostKey: "k" }, setup: text },
  ];
  const ON = "set -eu\nufw --force enable\n";

  it("are on where a setup of the machine's own address switches them on", async () => {
    expect(await review("vm-firewall", disk, setup("10.220.1.50", ON))).toEqual([]);
    expect(await review("vm-firewall", disk, setup("10.220.1.51", ON))).toEqual([
      "r0: nothing switches on the firewall of 10.220.1.50, fd00::50",
    ]);
    expect(await review("vm-firewall", disk, setup("10.220.1.50", "true"))).toHaveLength(1);
    // That of the machine that it asks for names is not its own.
    expect(await review("vm-firewall", disk, setup("10.220.1.2", ON))).toHaveLength(1);
  });

  it("are not evaluated where the script is a secret or not known yet", async () => {
    for (const text of [SECRET_MARK, UNKNOWN_MARK]) {
      const found = await verdicts("vm-dashboards-closed", MACHINE_SETUP, { ...setup("h", text)[1] });
      expect(found).toEqual([expect.stringMatching(/^not-evaluated/)]);
    }
  });

  it("name every dashboard that a line opens", async () => {
    const found = await verdicts("vm-dashboards-closed", MACHINE_SETUP, {
      ...setup("10.220.1.50", "ufw allow 8000:20000/tcp\nufw allow 22/tcp\n")[1],
    });
    expect(found).toHaveLength(3);
    expect(found[0]).toContain('"ufw allow 8000:20000/tcp" opens port 18789');
  });
});

describe("screens and consoles", () => {
  const screen = (graphics: JsonValue) => verdicts("vm-screen-local", DOMAIN, { name: "vm", graphics });

  it.each<[JsonValue, number]>([
    [{ listenType: "address" }, 0],
    [{ listenType: "address", listenAddress: "::1" }, 0],
    [{ listenType: "none", listenAddress: "0.0.0.0" }, 0],
    [{ listenType: "address", listenAddress: "10.220.1.11" }, 1],
    [{ listenType: "address", listenAddress: "127.0.0.1.example.com" }, 1],
    [{ listenType: "network" }, 1],
  ])("%j: %d findings", async (graphics, count) => {
    expect(await screen(graphics)).toHaveLength(count);
  });
});

describe("machines", () => {
  const shown = (more: Inputs): JsonValue =>
    JSON.stringify({ groundplane: { component: "VirtualMachine", ...more } });

  it("that are not protected, or not of Groundplane, are asked for nothing", async () => {
    for (const metadata of [shown({ protected: false, backup: false }), "<x/>", "{}"])
      for (const rule of ["vm-autostart", "vm-backup"])
        expect(await verdicts(rule, DOMAIN, { name: "vm", metadata })).toEqual([]);
  });

  it("that are protected are asked for both", async () => {
    const inputs = { name: "vm", metadata: shown({ protected: true, backup: false }) };
    expect(await verdicts("vm-autostart", DOMAIN, inputs)).toHaveLength(1);
    expect(await verdicts("vm-backup", DOMAIN, inputs)).toHaveLength(1);
    expect((await verdicts("vm-backup", DOMAIN, { ...inputs, metadata: "{ not JSON" }))[0]).toMatch(
      /^not-evaluated/,
    );
  });

  it("may hold one MAC address once, whatever its letters", async () => {
    const vm = (...macs: readonly string[]): readonly [string, Inputs] => [
      DOMAIN,
      { name: "vm", networkInterfaces: macs.map((mac) => ({ mac, bridge: "br0" })) },
    ];
    expect(await review("vm-unique-mac", vm("52:54:00:00:00:0a"), vm("52:54:00:00:00:0b"))).toEqual([]);
    expect(await review("vm-unique-mac", vm("52:54:00:00:00:0a"), vm("52:54:00:00:00:0A"))).toHaveLength(2);
    expect(await review("vm-unique-mac", vm("52:54:00:00:00:0a", "52:54:00:00:00:0a"))).toHaveLength(1);
  });
});
