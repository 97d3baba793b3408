import type { HostCapacity } from "./hypervisor-args.ts";

/** A `HostCapacity` with its defaults. */
export interface DeclaredCapacity {
  readonly memoryMiB: number;
  readonly vcpus: number;
  readonly vcpuOvercommit: number;
  readonly reserve: { readonly memoryMiB: number; readonly vcpus: number; readonly diskGiB: number };
}

export function declaredCapacity({
  memoryMiB,
  vcpus,
  vcpuOvercommit = 1,
  reserve,
}: HostCapacity): DeclaredCapacity {
  return {
    ...{ memoryMiB, vcpus, vcpuOvercommit },
    reserve: { memoryMiB: 4096, vcpus: 0, diskGiB: 0, ...reserve },
  };
}
