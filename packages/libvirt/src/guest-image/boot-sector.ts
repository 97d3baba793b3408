export const SECTOR_BYTES = 512;
export const MEBIBYTE = 1024 * 1024;

/** Of the boot sector, how many bytes are code: behind it are the disk's number and the partitions. */
const CODE_BYTES = 440;

/**
 * A disk's first sector: GRUB's code, and one partition of type Linux from the first MiB on.
 *
 * @param sizeMiB Of the partition. @minimum 1
 */
export function bootSector(code: Uint8Array, sizeMiB: number): Buffer {
  const sector = Buffer.alloc(SECTOR_BYTES);
  sector.set(code.subarray(0, CODE_BYTES));
  const sectorsPerMiB = MEBIBYTE / SECTOR_BYTES;
  // It may be started from; the old addresses by heads and cylinders are beyond what they can say.
  sector.set([0x80, 0xfe, 0xff, 0xff, 0x83, 0xfe, 0xff, 0xff], 446);
  sector.writeUInt32LE(sectorsPerMiB, 454);
  sector.writeUInt32LE(sizeMiB * sectorsPerMiB, 458);
  sector.writeUInt16LE(0xaa55, 510);
  return sector;
}

/** A filesystem's size for what it holds: its tables and journal, and room to start with before it grows. */
export function filesystemMiB(contentMiB: number): number {
  return Math.ceil(contentMiB * 1.25) + 200;
}
