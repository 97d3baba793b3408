import { expect, test } from "vitest";
import { bootSector, filesystemMiB } from "./boot-sector.ts";

test("a boot sector is GRUB's code, one partition and the mark of a boot sector", () => {
  const sector = bootSector(Buffer.alloc(512, 0xcc), 900);
  expect(sector).toHaveLength(512);
  expect(sector.subarray(0, 440).every((byte) => byte === 0xcc)).toBe(true);
  // The disk's number, which GRUB's own sector has no say in.
  expect(sector.readUInt32LE(440)).toBe(0);
  expect([sector[446], sector[450]]).toEqual([0x80, 0x83]);
  expect([sector.readUInt32LE(454), sector.readUInt32LE(458)]).toEqual([2048, 900 * 2048]);
  expect(sector.subarray(462, 510).every((byte) => byte === 0)).toBe(true);
  expect(sector.readUInt16LE(510)).toBe(0xaa55);
});

test("a file system has room for what it holds", () => {
  expect(filesystemMiB(0)).toBe(200);
  expect(filesystemMiB(801)).toBe(1202);
});
