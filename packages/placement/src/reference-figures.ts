import { balanceOf } from "./balance.ts";
import { type CapacityReport, capacity } from "./capacity.ts";
import { planLayout } from "./plan-placement.ts";
import { REFERENCE_PLACEMENT, referenceFleet } from "./reference-fleet.ts";
import { type MachineSize, sizeOf } from "./size.ts";

/** A figure of the architecture document, and what comes out when it is counted. */
export interface ReferenceFigure {
  readonly id: string;
  /** Heading of the document. */
  readonly section: string;
  /** In the document's words. */
  readonly says: string;
  readonly claimed: string;
  readonly counted: string;
  readonly agrees: boolean;
  /** What it means, in a sentence. */
  readonly sentence: string;
}

const GiB = 1024;
const AGENT_GB = 16;
const DISK_GB = 250;
const LARGE_DISK_GB = 500;

interface Facts {
  readonly report: CapacityReport;
  /** Largest relative memory use of a host, in percent: as the document places, and as the planner does. */
  readonly largest: { readonly document: number; readonly planner: number };
  readonly athena: MachineSize;
  /** Machines whose disk may grow to 500 GB, with all of them where they are. */
  readonly largeDisks: number;
}

/** Memory shares are counted as the document counts: with nothing set aside for hosts. */
function factsOf(): Facts {
  const fleet = referenceFleet();
  const bare = {
    ...fleet,
    hosts: fleet.hosts.map((host) => ({ ...host, reserve: { memoryMiB: 0, vcpus: 0, diskGiB: 0 } })),
  };
  const largest = (current: Readonly<Record<string, string>>): number => {
    const planned = planLayout(bare, current);
    return planned.ok ? balanceOf(planned.layout).largestMemoryShare * 100 : Number.NaN;
  };
  const report = capacity(fleet, { current: REFERENCE_PLACEMENT });
  return {
    report,
    athena: sizeOf(fleet.machines.find(({ name }) => name === "athena")?.size ?? "light"),
    largest: { document: largest(REFERENCE_PLACEMENT), planner: largest({}) },
    largeDisks: report.hosts.reduce(
      (sum, { machines, pools }) =>
        sum + Math.min(machines.length, Math.floor((pools[0]?.free ?? 0) / (LARGE_DISK_GB - DISK_GB))),
      0,
    ),
  };
}

interface Row {
  readonly id: string;
  readonly section: string;
  readonly says: string;
  readonly claimed: number;
  readonly unit: string;
  readonly count: (facts: Facts) => number;
  /**
   * How the claim is to be read: that it is so many, that there are at least so many, or that so many do not fit.
   *
   * @default equal
   */
  readonly read?: "equal" | "at least" | "more than fit";
  readonly sentence: string;
}

const hostOf = ({ report }: Facts, name: string) => report.hosts.find((host) => host.name === name);
const totalGb = ({ report }: Facts): number => report.memoryMiB.total / GiB;
const usedGb = ({ report }: Facts): number => report.memoryMiB.machines / GiB;
const atMost = ({ report }: Facts) =>
  report.scenarios[0]?.atMost ?? { memory: 0, vcpus: 0, disk: 0, together: 0 };
/** One machine, Athena, has 8 GB; the others have 16. */
const agentsGb = (agents: number): number => 8 + (agents - 1) * AGENT_GB;

const ROWS: readonly Row[] = [
  {
    ...{ id: "memory-total", section: "Physical Infrastructure", says: "Total capacity: 416GB RAM" },
    ...{ claimed: 416, unit: "GB", count: totalGb },
    sentence: "The five hosts' memory adds up.",
  },
  {
    ...{ id: "memory-used", section: "Physical Infrastructure", says: "Utilization: 120GB RAM" },
    ...{ claimed: 120, unit: "GB", count: usedGb },
    sentence:
      "The eight machines' memory adds up; Mattermost, PostgreSQL and the hosts themselves are not in it.",
  },
  {
    ...{ id: "memory-share", section: "Physical Infrastructure", says: "120GB RAM (29%)" },
    ...{ claimed: 29, unit: "%", count: (facts) => (usedGb(facts) / totalGb(facts)) * 100 },
    sentence: "28.8 % of all memory.",
  },
  {
    ...{ id: "memory-share-usable", section: "Scalability", says: "RAM | 120GB | 416GB | 29%" },
    ...{
      claimed: 29,
      unit: "%",
      count: ({ report }) => (report.memoryMiB.machines / report.memoryMiB.usable) * 100,
    },
    sentence:
      "A host needs memory too, and none is set aside: with 4 GB each, 396 GB are usable, and 30 % are used.",
  },
  {
    ...{ id: "memory-available", section: "Scalability", says: "RAM | Available 416GB" },
    ...{ claimed: 416, unit: "GB", count: (facts) => totalGb(facts) - usedGb(facts) },
    sentence:
      "The column says available and shows the total: 296 GB are available, 276 GB with 4 GB set aside for each host.",
  },
  {
    ...{ id: "disk-total", section: "Physical Infrastructure", says: "4.2TB storage across 5 servers" },
    ...{ claimed: 4.2, unit: "TB", count: ({ report }) => report.diskGiB.total / 1000 },
    sentence: "4,242 GB.",
  },
  {
    ...{ id: "disk-used", section: "Physical Infrastructure", says: "2TB storage" },
    ...{ claimed: 2, unit: "TB", count: ({ report }) => report.diskGiB.machines / 1000 },
    sentence: "Eight disks of 250 GB.",
  },
  {
    ...{ id: "disk-share", section: "Physical Infrastructure", says: "2TB storage (48%)" },
    ...{
      claimed: 48,
      unit: "%",
      count: ({ report }) => (report.diskGiB.machines / report.diskGiB.total) * 100,
    },
    sentence: "2,000 of 4,242 GB are 47 %; 48 % is 2 of 4.2, both rounded before.",
  },
  {
    ...{ id: "disk-available", section: "Scalability", says: "Disk | Available 4.2TB" },
    ...{ claimed: 4.2, unit: "TB", count: ({ report }) => report.diskGiB.free / 1000 },
    sentence: "The column says available and shows the total: 2.2 TB are available.",
  },
  {
    ...{ id: "vcpus-used", section: "Scalability", says: "vCPUs | 32" },
    ...{ claimed: 32, unit: "vCPU", count: ({ report }) => report.vcpus.machines },
    sentence: "Eight machines of four.",
  },
  {
    ...{ id: "r820-free", section: "Decision 7", says: "r820: 3 VMs (48GB) - leaves 80GB free" },
    ...{
      claimed: 80,
      unit: "GB",
      count: (facts) =>
        ((hostOf(facts, "r820")?.memoryMiB.total ?? 0) - (hostOf(facts, "r820")?.memoryMiB.machines ?? 0)) /
        GiB,
    },
    sentence: "128 less 48; with 4 GB for the host itself, 76.",
  },
  {
    ...{ id: "r820-headroom", section: "Decision 7", says: "r820 has headroom for future expansion" },
    ...{
      claimed: 1,
      unit: "more on r820",
      read: "at least",
      count: (facts) => Math.floor((hostOf(facts, "r820")?.pools[0]?.free ?? 0) / DISK_GB),
    },
    sentence:
      "Not on its disk: three of 250 GB leave 101 of 851 GB, and a fourth machine does not fit, however much memory is free.",
  },
  {
    ...{ id: "services-memory", section: "Decision 7", says: "r720xd: 1 VM + services (16GB)" },
    ...{ claimed: 16, unit: "GB", count: () => Number.NaN },
    sentence: "That is Perseus alone: what Mattermost and PostgreSQL take is counted nowhere.",
  },
  {
    ...{ id: "balanced", section: "Decision 7", says: "Balanced distribution across hypervisors" },
    ...{ claimed: 50, unit: "% on the fullest host", count: ({ largest }) => largest.planner },
    sentence:
      "r710 has half of its memory in use and r720xd an eighth; the planner's own placement uses at most 37.5 % of any host.",
  },
  {
    ...{
      id: "forty-vms",
      section: "Scalability",
      says: "Add more agents (up to ~40 VMs), each 16GB RAM, 4 vCPUs, 250GB disk",
    },
    ...{
      claimed: 40,
      unit: "machines",
      read: "at least",
      count: (facts) => Math.floor(totalGb(facts) / AGENT_GB),
    },
    sentence:
      "416 GB are 26 times 16 GB, 4,242 GB are 16 times 250 GB, and 40 times 4 vCPU are 160: by disk, host by host, 15 fit, and by all together 14.",
  },
  {
    ...{ id: "per-hypervisor", section: "Scalability", says: "up to ~40 VMs: 3-4 VMs per hypervisor" },
    ...{ claimed: 40, unit: "machines", read: "at least", count: ({ report }) => report.hosts.length * 4 },
    sentence: "Four on each of five hosts are 20, not 40; and three is all that a disk of 850 GB takes.",
  },
  {
    ...{ id: "ten-agents", section: "Growth scenarios", says: "10 agents: fits comfortably" },
    ...{ claimed: 10, unit: "agents", read: "at least", count: (facts) => atMost(facts).together },
    sentence: "They fit.",
  },
  {
    ...{ id: "ten-agents-memory", section: "Growth scenarios", says: "10 agents (160GB RAM)" },
    ...{ claimed: 160, unit: "GB", count: () => agentsGb(10) },
    sentence: "Athena has 8 GB, so 10 agents take 152 GB; likewise 15 take 232, and 20 take 312.",
  },
  {
    ...{ id: "fifteen-agents", section: "Growth scenarios", says: "15 agents: still feasible" },
    ...{ claimed: 15, unit: "agents", read: "at least", count: (facts) => atMost(facts).together },
    sentence:
      "By memory yes; by disk no: with 250 GB each, 14 is the most, as r420's memory takes only two of the three its disk has room for.",
  },
  {
    ...{ id: "twenty-agents-memory", section: "Growth scenarios", says: "20 agents: approaching limit" },
    ...{ claimed: 20, unit: "agents", read: "at least", count: (facts) => atMost(facts).memory },
    sentence: "By memory they fit, as the document counts: 22 is the most with 4 GB for each host.",
  },
  {
    ...{ id: "twenty-agents-disk", section: "Growth scenarios", says: "20 agents: approaching limit" },
    ...{ claimed: 20 * DISK_GB, unit: "GB of disk", count: ({ report }) => report.diskGiB.total },
    sentence: "20 disks of 250 GB are 5,000 GB, and there are 4,242.",
  },
  {
    ...{ id: "hardware-at-25", section: "Growth scenarios", says: "25+ agents: need additional hardware" },
    ...{ claimed: 25, unit: "agents", read: "more than fit", count: (facts) => atMost(facts).memory },
    sentence:
      "True by memory, if hosts keep 4 GB each: 22 fit. With nothing set aside 25 would, at 96 %. By disk hardware is needed at 15.",
  },
  {
    ...{ id: "eighteen-agents-memory", section: "Phase 3", says: "Total: 18 agents (~300GB RAM)" },
    ...{ claimed: 300, unit: "GB", count: () => agentsGb(18) },
    sentence: "17 times 16 and Athena's 8 are 280 GB; with 16 for each, 288.",
  },
  {
    ...{
      id: "eighteen-agents",
      section: "Phase 3",
      says: "Product 3, Development 10, QA 3, DevOps 2: 18 agents",
    },
    ...{ claimed: 18, unit: "agents", count: () => 3 + 10 + 3 + 2 },
    sentence: "The teams add up.",
  },
  {
    ...{ id: "eighteen-agents-disk", section: "Phase 3", says: "Total: 18 agents" },
    ...{ claimed: 18 * DISK_GB, unit: "GB of disk", count: ({ report }) => report.diskGiB.total },
    sentence:
      "18 disks of 250 GB are 4,500 GB, and there are 4,242: phase 3 needs thin volumes, smaller disks, or another host.",
  },
  {
    ...{ id: "vertical-memory", section: "Scalability", says: "Increase RAM: 16GB → 32GB" },
    ...{
      claimed: 64,
      unit: "GB for machines on r710",
      count: (facts) => (hostOf(facts, "r710")?.memoryMiB.usable ?? 0) / GiB,
    },
    sentence: "r710's two machines would take all 64 GB of it, and leave its host nothing.",
  },
  {
    ...{ id: "vertical-disk", section: "Scalability", says: "Increase disk: 250GB → 500GB" },
    ...{ claimed: 8, unit: "machines", read: "at least", count: ({ largeDisks }) => largeDisks },
    sentence:
      "With all where they are, four of the eight can have it: one of Apollo and Artemis, and none of r820's three.",
  },
  {
    ...{ id: "athena-size", section: "Resource Planning", says: "Light workload: 8GB RAM, 2 vCPUs" },
    ...{ claimed: 2, unit: "vCPU", count: ({ athena }) => athena.vcpus },
    sentence: "Athena has 8 GB with 4 vCPU, which is none of the three sizes.",
  },
  {
    ...{ id: "gpu-memory", section: "Phase 2", says: "RTX 4090 (24GB VRAM); requirements: 48GB+ VRAM" },
    ...{ claimed: 48, unit: "GB", read: "at least", count: () => 24 },
    sentence: "The card that is named has half of what is required.",
  },
  {
    ...{ id: "gpu-model", section: "Phase 2", says: "RTX 4090 (24GB VRAM), Llama 3 70B (quantized)" },
    ...{ claimed: (70 * 4) / 8, unit: "GB", read: "at least", count: () => 24 },
    sentence: "70 billion parameters of 4 bits are 35 GB, before any context: more than one such card has.",
  },
  {
    ...{ id: "mattermost-address", section: "Network Topology", says: "Mattermost: 10.220.1.10:8065" },
    ...{
      claimed: 1,
      unit: "with 10.220.1.10",
      count: () => 1 + referenceFleet().hosts.filter(({ address }) => address === "10.220.1.10").length,
    },
    sentence:
      "That is r720xd's own address: Mattermost runs on the hypervisor itself, which its firewall, its backup and its memory have to allow for.",
  },
  {
    ...{ id: "vcpus-total", section: "Scalability", says: "vCPUs | Available ~100+" },
    ...{ claimed: 100, unit: "vCPU", count: () => Number.NaN },
    sentence:
      "Cannot be counted: the table of hosts says lower, medium and high. The reference inventory assumes 12, 16, 16, 24 and 32 threads.",
  },
  {
    ...{
      id: "phase-numbers",
      section: "Decision 3",
      says: "Phase 3: Local inference; later: Phase 2: Local Inference",
    },
    ...{ claimed: 3, unit: "is the phase of local inference", count: () => 2 },
    sentence:
      "Decision 3 has individual accounts as phase 2 and local inference as phase 3; the outlook has local inference as phase 2. The stack follows the outlook.",
  },
];

const numberText = (number: number): string =>
  Number.isNaN(number)
    ? "not possible"
    : Number.isInteger(number)
      ? number.toLocaleString("en-US")
      : number.toFixed(1);

/** As exactly as the claim is written: 29 % agrees with 28.8. */
function agrees({ claimed, read = "equal" }: Row, counted: number): boolean {
  if (read === "at least") return counted >= claimed;
  if (read === "more than fit") return counted < claimed;
  const digits = Number.isInteger(claimed) ? 1 : 10;
  return Math.round(counted * digits) / digits === claimed;
}

/** Each figure of the document that can be counted, with what comes out. */
export function referenceFigures(): readonly ReferenceFigure[] {
  const facts = factsOf();
  return ROWS.map((row) => {
    const counted = row.count(facts);
    const { id, section, says, sentence, unit } = row;
    return {
      ...{ id, section, says, sentence },
      claimed: `${numberText(row.claimed)} ${unit}`,
      counted: Number.isNaN(counted) ? numberText(counted) : `${numberText(counted)} ${unit}`,
      agrees: agrees(row, counted),
    };
  });
}
