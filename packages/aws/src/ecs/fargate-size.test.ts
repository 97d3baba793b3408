import { describe, expect, test } from "vitest";
import { checkFargateSize, memorySizes } from "./fargate-size.ts";

describe("the size of a Fargate task", () => {
  // The table of https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
  test.each([
    [256, 3, 512, 2048],
    [512, 4, 1024, 4096],
    [1024, 7, 2048, 8192],
    [2048, 13, 4096, 16_384],
    [4096, 23, 8192, 30_720],
    [8192, 12, 16_384, 61_440],
    [16_384, 12, 32_768, 122_880],
  ])("with %d CPU units has %d memories from %d to %d MiB", (cpu, count, min, max) => {
    const sizes = memorySizes(cpu);
    expect([sizes.length, sizes[0], sizes.at(-1)]).toEqual([count, min, max]);
    for (const size of sizes) expect(() => checkFargateSize(cpu, size)).not.toThrow();
  });

  test.each([
    [300, 512, "cpuUnits is 300; choose one of 256, 512"],
    [
      256,
      1536,
      "memoryMiB is 1536, which Fargate does not have with 256 CPU units; give one of 512, 1024, 2048",
    ],
    [1024, 1024, "memoryMiB is 1024"],
    [8192, 18_432, "memoryMiB is 18432"],
    [Number.NaN, 512, "cpuUnits is NaN"],
  ])("fails when it is %d with %d MiB", (cpu, memory, message) =>
    expect(() => checkFargateSize(cpu, memory)).toThrow(message),
  );
});
