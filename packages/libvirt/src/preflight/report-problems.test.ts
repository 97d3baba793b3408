import { describe, expect, test } from "vitest";
import { readReport } from "./host-report.ts";
import type { PreflightHost } from "./preflight-host.ts";
import { reportProblems } from "./report-problems.ts";

const host: PreflightHost = {
  name: "r820",
  address: "10.220.1.11",
  connection: { type: "ssh", user: "ops", privateKeyFile: "key", knownHostsFile: "known_hosts" },
  capacity: { memoryMiB: 131_072, vcpus: 32 },
  pools: { default: { path: "/srv/machines", sizeGiB: 800 }, old: { existing: "images" } },
  network: { bridge: "br0" },
};
const NOW = 1_760_000_000_000;
/** As a host with 128 GiB in order answers. */
const GOOD = `Welcome to Ubuntu 22.04
clock\t1760000003
memory\t131777372
vcpus\t32
kvm\tyes
libvirt\tyes
apparmor\tyes
network\tbridge
pool/default\tmissing 884760000 870000000
pool/old\trunning 488245288 120000000
end\tyes
`;

function problems(changed: Readonly<Record<string, string>> = {}, more: Partial<PreflightHost> = {}) {
  const text = Object.entries(changed).reduce(
    (lines, [name, value]) => lines.replace(new RegExp(`^${name}\t.*$`, "m"), `${name}\t${value}`),
    GOOD,
  );
  const report = readReport(text);
  if (report === undefined) throw new TypeError("the report has no end");
  return reportProblems({ ...host, ...more }, report, NOW);
}

test("a host in order has no problems", () => {
  expect(problems()).toEqual([]);
});

test("a report without its end is none", () => {
  expect(readReport(GOOD.replace("end\tyes\n", ""))).toBeUndefined();
  expect(readReport("")).toBeUndefined();
});

describe("says in words", () => {
  test.each<[string, string, Partial<PreflightHost>, string, string]>([
    ["kvm", "no", {}, "there is no /dev/kvm, and the processor shows no virtualisation", "VT-x or AMD-V"],
    [
      "kvm",
      "unloaded",
      {},
      "there is no /dev/kvm, although the processor can virtualise",
      "modprobe kvm_intel",
    ],
    ["libvirt", "missing", {}, "libvirtd is not there: it has no socket", "install libvirt-daemon-system"],
    ["libvirt", "no-virsh", {}, "it has no virsh", "install libvirt-clients"],
    [
      "libvirt",
      "refused error: Permission denied",
      {},
      'libvirt does not let the user "ops" in: error: Permission denied',
      "usermod -aG libvirt",
    ],
    ["apparmor", "no-parser", {}, "apparmor_parser is missing", "install the package apparmor"],
    ["apparmor", "no-template", {}, "its template is missing", "TEMPLATE.qemu"],
    ["network", "missing", {}, "the bridge br0 is not there", "make it"],
    ["network", "device", {}, "br0 is no bridge", "a port of"],
    [
      "network",
      "missing",
      { network: { networkName: "lan" } },
      "libvirt has no network lan",
      "virsh net-list",
    ],
    [
      "network",
      "inactive",
      { network: { networkName: "lan" } },
      "the network lan is not active",
      "virsh net-start lan",
    ],
    ["clock", "1760000045", {}, "its clock is 45 s ahead of this machine's", "timedatectl"],
    ["clock", "1759999900", {}, "its clock is 100 s behind this machine's", "timedatectl"],
    ["memory", "65888686", {}, "it has 64344 MiB of memory, and 131072 are declared", "capacity.memoryMiB"],
    ["vcpus", "16", {}, "it has 16 hardware threads, and 32 are declared", "capacity.vcpus"],
    [
      "pool/default",
      "missing 488245288 120000000",
      {},
      "the pool default has 465 GiB, and 800 are declared",
      "pools.default.sizeGiB",
    ],
    ["pool/old", "missing 488245288 120000000", {}, "libvirt has no pool images", "make it"],
    [
      "pool/old",
      "inactive 488245288 120000000",
      {},
      "the pool images is inactive",
      "virsh pool-start images",
    ],
  ])("%s is %s", (fact, value, more, problem, remedy) => {
    expect(problems({ [fact]: value }, more)).toEqual([
      {
        subject: "r820",
        problem: expect.stringContaining(problem),
        remedy: expect.stringContaining(remedy),
      },
    ]);
  });

  test("everything at once, but of libvirt only that it is not there", () => {
    const found = problems({ kvm: "no", clock: "0", libvirt: "missing", network: "missing" });
    expect(found.map(({ problem }) => problem.slice(0, 20))).toEqual([
      "there is no /dev/kvm",
      "its clock is 1760000",
      "libvirtd is not ther",
    ]);
  });
});

describe("is content with", () => {
  test.each<[string, Readonly<Record<string, string>>, Partial<PreflightHost>]>([
    ["software emulation without KVM", { kvm: "no" }, { domainType: "qemu" }],
    ["a clock that is off by 30 s", { clock: "1760000030" }, {}],
    [
      "a pool that is to be made, and one that is there already",
      { "pool/default": "running 884760000 1" },
      {},
    ],
    ["a network that is to be made", { network: "unknown" }, { network: { networkName: "lan" } }],
    ["a host without AppArmor", { apparmor: "no" }, {}],
  ])("%s", (_, changed, more) => {
    expect(problems(changed, more)).toEqual([]);
  });
});
