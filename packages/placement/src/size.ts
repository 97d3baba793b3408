/** What a machine of a named size has. */
export const SIZES = {
  light: { memoryMiB: 8 * 1024, vcpus: 2 },
  medium: { memoryMiB: 16 * 1024, vcpus: 4 },
  heavy: { memoryMiB: 32 * 1024, vcpus: 8 },
} as const;

/** A row of `SIZES`. */
export type SizeName = keyof typeof SIZES;
