import { invalidArgument } from "@groundplane/contracts";

/** CPU units of a Fargate task: 1024 are one vCPU. */
export type FargateCpu = 256 | 512 | 1024 | 2048 | 4096 | 8192 | 16_384;

interface MemoryRange {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

const gib = (min: number, max: number, step: number): MemoryRange => ({
  min: min * 1024,
  max: max * 1024,
  step: step * 1024,
});

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size */
const MEMORY_MIB: Readonly<Record<FargateCpu, MemoryRange>> = {
  256: { min: 512, max: 2048, step: 512 },
  512: gib(1, 4, 1),
  1024: gib(2, 8, 1),
  2048: gib(4, 16, 1),
  4096: gib(8, 30, 1),
  8192: gib(16, 60, 4),
  16384: gib(32, 120, 8),
};

/**
 * The sizes of memory that Fargate has for a CPU, in MiB, smallest first; none for a CPU that it does not have.
 */
export function memorySizes(cpuUnits: number): readonly number[] {
  const range = Object.entries(MEMORY_MIB).find(([cpu]) => Number(cpu) === cpuUnits)?.[1];
  if (range === undefined) return [];
  const { min, max, step } = range;
  const sizes = Array.from({ length: (max - min) / step + 1 }, (_, index) => min + index * step);
  // The smallest task has no 1.5 GiB.
  return cpuUnits === 256 ? sizes.filter((size) => size !== 1536) : sizes;
}

/**
 * Checks the size of a task.
 *
 * @throws {INVALID_ARGUMENT} Fargate has no such CPU, or not with that memory.
 */
export function checkFargateSize(cpuUnits: number, memoryMiB: number): void {
  const sizes = memorySizes(cpuUnits);
  if (sizes.length === 0)
    throw invalidArgument(`cpuUnits is ${cpuUnits}; choose one of ${Object.keys(MEMORY_MIB).join(", ")}`, {
      cpuUnits,
    });
  if (sizes.includes(memoryMiB)) return;
  throw invalidArgument(
    `memoryMiB is ${memoryMiB}, which Fargate does not have with ${cpuUnits} CPU units; give one of ${sizes.join(", ")}`,
    { cpuUnits, memoryMiB },
  );
}
