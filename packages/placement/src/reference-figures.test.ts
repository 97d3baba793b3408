import { expect, test } from "vitest";
import { referenceFigures } from "./reference-figures.ts";

// The document's tables once more, counted by hand here: nothing of the planner, the schema or the inventory is used.
const MEMORY = { r420: 32, r710: 64, r8202: 64, r720xd: 128, r820: 128 };
const DISK = { r420: 836, r710: 852, r8202: 851, r720xd: 852, r820: 851 };
const AGENTS = [
  { host: "r420", gb: 8 },
  { host: "r710", gb: 16 },
  { host: "r710", gb: 16 },
  { host: "r8202", gb: 16 },
  { host: "r720xd", gb: 16 },
  { host: "r820", gb: 16 },
  { host: "r820", gb: 16 },
  { host: "r820", gb: 16 },
] as const;
const HOSTS = ["r420", "r710", "r8202", "r720xd", "r820"] as const;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const memory = sum(Object.values(MEMORY));
const disk = sum(Object.values(DISK));
const used = sum(AGENTS.map(({ gb }) => gb));
const on = (host: string) => AGENTS.filter((agent) => agent.host === host);
/** Machines of 16 GB and 250 GB that fit beside those there are, with 4 GB for each host. */
const moreByMemory = sum(
  HOSTS.map((host) => Math.floor((MEMORY[host] - 4 - sum(on(host).map(({ gb }) => gb))) / 16)),
);
const more = sum(
  HOSTS.map((host) =>
    Math.min(
      Math.floor((MEMORY[host] - 4 - sum(on(host).map(({ gb }) => gb))) / 16),
      Math.floor((DISK[host] - 250 * on(host).length) / 250),
    ),
  ),
);

const COUNTED: Readonly<Record<string, readonly [counted: number, agrees: boolean]>> = {
  "memory-total": [memory, true],
  "memory-used": [used, true],
  "memory-share": [(used / memory) * 100, true],
  "memory-share-usable": [(used / (memory - 5 * 4)) * 100, false],
  "memory-available": [memory - used, false],
  "disk-total": [disk / 1000, true],
  "disk-used": [(8 * 250) / 1000, true],
  "disk-share": [(8 * 250 * 100) / disk, false],
  "disk-available": [(disk - 8 * 250) / 1000, false],
  "vcpus-used": [8 * 4, true],
  "r820-free": [128 - 3 * 16, true],
  "r820-headroom": [Math.floor((851 - 3 * 250) / 250), false],
  "services-memory": [Number.NaN, false],
  // Seven of 16 GB on 32, 64, 64, 128 and 128: one host has three on 128, and no placement has less.
  balanced: [(48 / 128) * 100, false],
  "forty-vms": [416 / 16, false],
  "per-hypervisor": [4 * 5, false],
  "ten-agents": [8 + more, true],
  "ten-agents-memory": [9 * 16 + 8, false],
  "fifteen-agents": [8 + more, false],
  "twenty-agents-memory": [8 + moreByMemory, true],
  "twenty-agents-disk": [disk, false],
  "hardware-at-25": [8 + moreByMemory, true],
  "eighteen-agents-memory": [17 * 16 + 8, false],
  "eighteen-agents": [3 + 10 + 3 + 2, true],
  "eighteen-agents-disk": [disk, false],
  "vertical-memory": [64 - 4, false],
  "vertical-disk": [
    sum(
      HOSTS.map((host) => Math.min(on(host).length, Math.floor((DISK[host] - 250 * on(host).length) / 250))),
    ),
    false,
  ],
  "athena-size": [4, false],
  "gpu-memory": [24, false],
  "gpu-model": [24, false],
  "mattermost-address": [2, false],
  "vcpus-total": [Number.NaN, false],
  "phase-numbers": [2, false],
};

const figures = referenceFigures();

test("every figure is recounted here", () => {
  expect(figures.map(({ id }) => id)).toEqual(Object.keys(COUNTED));
  // Recomputed by hand, so that a mistake above does not pass by agreeing with one below.
  expect({ memory, disk, used, more, moreByMemory }).toEqual({
    memory: 416,
    disk: 4242,
    used: 120,
    more: 6,
    moreByMemory: 14,
  });
});

test.each(figures)("$id: $says", ({ id, counted, agrees, sentence, claimed }) => {
  const [number = Number.NaN, agreed] = COUNTED[id] ?? [];
  if (Number.isNaN(number)) expect(counted).toBe("not possible");
  else expect(Number(counted.split(" ")[0]?.replaceAll(",", ""))).toBeCloseTo(number, 1);
  expect(agrees).toBe(agreed);
  expect(claimed).not.toBe("");
  expect(sentence).toMatch(/^[A-Z0-9].*\.$|^r\d.*\.$/);
});
