import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { type CloudInitSpec, cloudInitDocuments } from "./cloud-init.ts";

const spec: CloudInitSpec = {
  hostname: "athena",
  macAddress: "52:54:00:12:34:56",
  address: { cidr: "10.220.1.50/24", gateway: "10.220.1.1", nameservers: ["8.8.8.8", "8.8.4.4"] },
  users: [
    { name: "agent", authorizedKeys: ["ssh-ed25519 AAAA jeff"], sudo: true, groups: [], shell: "/bin/bash" },
  ],
  hosts: [],
  packages: [],
  runCommands: [],
  files: [],
};

/** What has a meaning in YAML, and what looks like something else than a text. */
const READABLE = [
  ..."ab \n\t'\"#:-,[]{}&*!|>%@`\\~=<?é😀",
  ...["yes", "on", "null", "0644", "1e3", "0x1F", "52:54", "2020-01-01", "- ", ": ", " #", "<<", "=", ".inf"],
];

describe("user-data", () => {
  test("is this, for a machine with nothing special", () => {
    expect(cloudInitDocuments(spec).userData).toBe(`#cloud-config
hostname: athena
preserve_hostname: false
manage_etc_hosts: false
locale: false
ssh_pwauth: false
disable_root: true
ssh_deletekeys: false
bootcmd:
  - - cloud-init-per
    - once
    - groundplane-host-keys
    - sh
    - "-c"
    - "rm -f /etc/ssh/ssh_host_*_key*"
users:
  - name: agent
    shell: /bin/bash
    lock_passwd: true
    sudo: ALL=(ALL) NOPASSWD:ALL
    ssh_authorized_keys:
      - ssh-ed25519 AAAA jeff
`);
  });

  test("has the files, packages, commands and host entries that are given", () => {
    const { userData } = cloudInitDocuments({
      ...spec,
      hosts: [{ address: "10.220.1.51", names: ["apollo", "apollo.rack"] }],
      packages: ["ufw"],
      runCommands: ["ufw enable", "echo 'a: b' # c"],
      files: [{ path: "/etc/motd", content: "Athena\n\tthe: first\n", mode: "0600", owner: "agent:agent" }],
    });
    expect(parse(userData)).toMatchObject({
      write_files: [
        {
          path: "/etc/hosts",
          content:
            "127.0.0.1 localhost\n127.0.1.1 athena\n::1 localhost ip6-localhost ip6-loopback\nff02::1 ip6-allnodes\nff02::2 ip6-allrouters\n10.220.1.51 apollo apollo.rack\n",
          permissions: "0644",
          owner: "root:root",
        },
        { path: "/etc/motd", content: "Athena\n\tthe: first\n", permissions: "0600", owner: "agent:agent" },
      ],
      package_update: true,
      packages: ["ufw"],
      runcmd: ["ufw enable", "echo 'a: b' # c"],
    });
  });

  test.each([" \n", "\n \n", "  a\n", "\t\n", "a\n \n", "\n"])("keeps the spaces of %j", (content) => {
    const { userData } = cloudInitDocuments({ ...spec, runCommands: [content] });
    expect(parse(userData).runcmd).toEqual([content]);
  });

  test("lets nobody in with a password, and reads back as it was given, whatever the texts are", () => {
    const text = fc.string({ unit: fc.constantFrom(...READABLE), maxLength: 12 });
    fc.assert(
      fc.property(text, text, fc.array(text, { maxLength: 3 }), (key, content, commands) => {
        const { userData } = cloudInitDocuments({
          ...spec,
          users: [
            { name: "agent", authorizedKeys: [key], sudo: false, groups: ["docker"], shell: "/bin/sh" },
          ],
          files: [{ path: "/x", content, mode: "0644", owner: "root:root" }],
          runCommands: commands,
        });
        const read = parse(userData);
        // As Python reads it, and as everyone else does.
        expect(parse(userData, { version: "1.1" })).toEqual(read);
        expect(userData.startsWith("#cloud-config\n")).toBe(true);
        expect(read.ssh_pwauth).toBe(false);
        expect(read.chpasswd).toBeUndefined();
        expect(read.users).toEqual([
          {
            name: "agent",
            shell: "/bin/sh",
            lock_passwd: true,
            groups: ["docker"],
            ssh_authorized_keys: [key],
          },
        ]);
        expect(read.write_files[0].content).toBe(content);
        expect(read.runcmd ?? []).toEqual(commands);
      }),
      { numRuns: 50 },
    );
  });
});

test.each(["\u0085", "\u2028", "\ufeff", "\u007f"])(
  "refuses what cloud-init does not read: %j",
  (character) => {
    const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
    expect(() => cloudInitDocuments({ ...spec, runCommands: [`echo ${character}`] })).toThrow(`U+${code}`);
  },
);

test("network-config finds the card by its MAC address, and has routes", () => {
  const { networkConfig } = cloudInitDocuments({
    ...spec,
    address: { ...spec.address, searchDomains: ["rack.internal"] },
  });
  // Without quotes this is a number to a reader of YAML 1.1, which cloud-init's is: 52 × 60⁵ and so on.
  expect(networkConfig).toContain('macaddress: "52:54:00:12:34:56"\n');
  expect(parse(networkConfig, { version: "1.1" })).toEqual(parse(networkConfig));
  expect(parse(networkConfig)).toEqual({
    version: 2,
    ethernets: {
      lan0: {
        match: { macaddress: "52:54:00:12:34:56" },
        "set-name": "lan0",
        dhcp4: false,
        dhcp6: false,
        addresses: ["10.220.1.50/24"],
        routes: [{ to: "0.0.0.0/0", via: "10.220.1.1" }],
        nameservers: { addresses: ["8.8.8.8", "8.8.4.4"], search: ["rack.internal"] },
      },
    },
  });
});

describe("meta-data", () => {
  test("names the machine and its instance", () => {
    const { metaData, instanceId } = cloudInitDocuments(spec);
    expect(parse(metaData)).toEqual({ "instance-id": instanceId, "local-hostname": "athena" });
    expect(instanceId).toMatch(/^athena-[0-9a-f]{12}$/);
  });

  test("has another instance id when, and only when, another file differs", () => {
    const text = fc.string({ maxLength: 6 });
    const variant = fc.record({ motd: text, command: text, last: fc.integer({ min: 2, max: 4 }) });
    const documents = ({ motd, command, last }: { motd: string; command: string; last: number }) =>
      cloudInitDocuments({
        ...spec,
        address: { ...spec.address, cidr: `10.220.1.${last}/24` },
        files: [{ path: "/etc/motd", content: motd, mode: "0644", owner: "root:root" }],
        runCommands: [command],
      });
    fc.assert(
      fc.property(variant, variant, (one, other) => {
        const [a, b] = [documents(one), documents(other)];
        const same = a.userData === b.userData && a.networkConfig === b.networkConfig;
        expect(a.instanceId === b.instanceId).toBe(same);
      }),
    );
  });
});
