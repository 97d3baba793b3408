import type { PreflightProblem } from "@groundplane/contracts";
import type { HostReport } from "./host-report.ts";
import type { PreflightHost } from "./preflight-host.ts";

/** Firmware and kernel keep some of what is built in: up to this share of it. */
const KEPT_BY_KERNEL = 0.05;
/** Certificates, tokens and one-time codes begin to fail beyond it. */
const CLOCK_TOLERANCE_SECONDS = 30;

type Finding = Omit<PreflightProblem, "subject"> | false;

function kvm({ domainType = "kvm" }: PreflightHost, { facts }: HostReport): Finding {
  if (domainType !== "kvm" || facts["kvm"] === "yes") return false;
  return facts["kvm"] === "unloaded"
    ? {
        problem: "there is no /dev/kvm, although the processor can virtualise",
        remedy: "load the module (modprobe kvm_intel or kvm_amd), and see what dmesg says where that fails",
      }
    : {
        problem: "there is no /dev/kvm, and the processor shows no virtualisation",
        remedy: 'switch VT-x or AMD-V on in the firmware; domainType "qemu" runs without, ten times slower',
      };
}

function libvirt({ connection }: PreflightHost, { facts }: HostReport): Finding {
  const [state = "", ...words] = (facts["libvirt"] ?? "").split(" ");
  const user = connection.type === "ssh" ? `the user "${connection.user}"` : "this user";
  if (state === "yes") return false;
  if (state === "missing")
    return {
      problem: "libvirtd is not there: it has no socket",
      remedy: "install libvirt-daemon-system, and start it (systemctl enable --now libvirtd)",
    };
  if (state === "no-virsh") return { problem: "it has no virsh", remedy: "install libvirt-clients" };
  return {
    problem: `libvirt does not let ${user} in: ${words.join(" ")}`,
    remedy: `add ${user} to the group libvirt (usermod -aG libvirt …), and see that libvirtd runs`,
  };
}

function appArmor(_: PreflightHost, { facts }: HostReport): Finding {
  if (facts["apparmor"] === "no-parser")
    return {
      problem: "libvirt confines machines with AppArmor, and apparmor_parser is missing: none would start",
      remedy: "install the package apparmor",
    };
  if (facts["apparmor"] !== "no-template") return false;
  return {
    problem: "libvirt confines machines with AppArmor, and its template is missing: none would start",
    remedy: "install libvirt-daemon-system again: /etc/apparmor.d/libvirt/TEMPLATE.qemu belongs to it",
  };
}

function network({ network: attachment }: PreflightHost, { facts }: HostReport): Finding {
  const state = facts["network"] ?? "";
  if ("bridge" in attachment) {
    if (state === "bridge") return false;
    const name = attachment.bridge;
    return state === "device"
      ? { problem: `${name} is no bridge`, remedy: `give the bridge that ${name} is a port of, or make one` }
      : {
          problem: `the bridge ${name} is not there`,
          remedy: `make it, with the network's card as a port (netplan or /etc/network/interfaces), or give another`,
        };
  }
  if (state === "active" || state === "unknown") return false;
  const name = "networkName" in attachment ? attachment.networkName : attachment.networkId;
  return state === "inactive"
    ? { problem: `the network ${name} is not active`, remedy: `start it: virsh net-start ${name}` }
    : { problem: `libvirt has no network ${name}`, remedy: "make it, or give one of virsh net-list --all" };
}

function clock(_: PreflightHost, { facts }: HostReport, now: number): Finding {
  const off = Math.round(Number(facts["clock"]) - now / 1000);
  if (Math.abs(off) <= CLOCK_TOLERANCE_SECONDS) return false;
  return {
    problem: `its clock is ${Math.abs(off)} s ${off > 0 ? "ahead of" : "behind"} this machine's`,
    remedy: "let it follow a time server (timedatectl set-ntp true), and see that this machine does",
  };
}

function memory({ capacity }: PreflightHost, { facts }: HostReport): Finding {
  const has = Math.floor(Number(facts["memory"]) / 1024);
  if (has >= capacity.memoryMiB * (1 - KEPT_BY_KERNEL)) return false;
  return {
    problem: `it has ${has} MiB of memory, and ${capacity.memoryMiB} are declared`,
    remedy: "declare what it has in capacity.memoryMiB, or look which memory it does not see",
  };
}

function vcpus({ capacity }: PreflightHost, { facts }: HostReport): Finding {
  if (Number(facts["vcpus"]) >= capacity.vcpus) return false;
  return {
    problem: `it has ${facts["vcpus"]} hardware threads, and ${capacity.vcpus} are declared`,
    remedy: "declare what it has in capacity.vcpus",
  };
}

function pool({ pools }: PreflightHost, { pools: found }: HostReport, key: string): Finding {
  const [declared, seen] = [pools[key], found[key]];
  if (declared === undefined) return false;
  const name = "path" in declared ? (declared.name ?? key) : declared.existing;
  if (seen === undefined)
    return { problem: `the pool ${name} cannot be looked at`, remedy: `see virsh pool-info ${name}` };
  const { state, sizeGiB } = seen;
  if (state === "missing" && !("path" in declared))
    return {
      problem: `libvirt has no pool ${name}`,
      remedy: "make it, or give pools.<key>.path, which makes one",
    };
  if (state !== "running" && state !== "missing")
    return { problem: `the pool ${name} is ${state}`, remedy: `start it: virsh pool-start ${name}` };
  if (declared.sizeGiB === undefined || sizeGiB >= declared.sizeGiB) return false;
  return {
    problem: `the pool ${name} has ${Math.floor(sizeGiB)} GiB, and ${declared.sizeGiB} are declared`,
    remedy: `declare what it has in pools.${key}.sizeGiB, or put it on a larger disk`,
  };
}

/**
 * What is wrong with a host. Without libvirt nothing else of it can be known: only that is said then.
 *
 * @param now When the host was asked, in milliseconds of this machine's clock.
 */
export function reportProblems(
  host: PreflightHost,
  report: HostReport,
  now: number,
): readonly PreflightProblem[] {
  const ofHost = [kvm, clock, memory, vcpus].map((check) => check(host, report, now));
  const noLibvirt = libvirt(host, report);
  const ofLibvirt = noLibvirt
    ? [noLibvirt]
    : [
        appArmor(host, report),
        network(host, report),
        ...Object.keys(host.pools).map((key) => pool(host, report, key)),
      ];
  return [...ofHost, ...ofLibvirt].flatMap((finding) =>
    finding === false ? [] : [{ subject: host.name, ...finding }],
  );
}
