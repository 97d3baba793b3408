/** What a machine of a named size has. */
export const SIZES = {
  light: { memoryMiB: 8 * 1024, vcpus: 2 },
  medium: { memoryMiB: 16 * 1024, vcpus: 4 },
  heavy: { memoryMiB: 32 * 1024, vcpus: 8 },
} as const satisfies Record<string, MachineSize>;

/** A row of `SIZES`. */
export type SizeName = keyof typeof SIZES;

export interface MachineSize {
  readonly memoryMiB: number;
  readonly vcpus: number;
}

/** What a machine has: a row of `SIZES`, or the size itself. */
export function sizeOf(size: SizeName | MachineSize): MachineSize {
  return typeof size === "string" ? SIZES[size] : size;
}
