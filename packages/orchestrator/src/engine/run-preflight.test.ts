import { describe, expect, test } from "vitest";
import { runPreflight } from "./run-preflight.ts";

const PROBLEM = { subject: "r820", problem: "its libvirt does not answer", remedy: "start libvirtd there" };

describe("runPreflight", () => {
  test("hands on what the preflight found", async () => {
    expect(await runPreflight(() => [], 1000)).toEqual([]);
    expect(await runPreflight(async () => [PROBLEM], 1000)).toEqual([PROBLEM]);
  });

  test.each<[string, () => unknown, RegExp]>([
    [
      "throws",
      () => {
        throw new TypeError("no route to host");
      },
      /failed: no route to host/,
    ],
    ["rejects with something that is no error", () => Promise.reject("gone"), /failed: gone/],
    ["returns nothing", () => undefined, /no list/],
    ["returns a problem without a remedy", () => [{ subject: "a", problem: "b" }], /no list/],
    ["returns an empty problem", () => [{ ...PROBLEM, problem: "" }], /no list/],
  ])("fails when it %s", async (_how, preflight, words) => {
    expect(await runPreflight(preflight, 1000)).toEqual([
      { subject: "preflight", problem: expect.stringMatching(words), remedy: expect.any(String) },
    ]);
  });

  test("fails when it does not end, and tells it to", async () => {
    let told: AbortSignal | undefined;
    const found = await runPreflight((signal) => {
      told = signal;
      return new Promise(() => undefined);
    }, 20);
    expect(found).toEqual([
      { subject: "preflight", problem: "it did not end within 0.02 s", remedy: expect.any(String) },
    ]);
    expect(told?.aborted).toBe(true);
  });
});
