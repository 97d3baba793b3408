import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diffLines, foldUnchanged } from "./line-diff.ts";

const lines = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 40 });
const shown = (before: string, after: string) =>
  diffLines(before.split(""), after.split(""))
    .map(({ kind, text }) => `${{ same: " ", removed: "-", added: "+" }[kind]}${text}`)
    .join("");

describe("diffLines", () => {
  test.each([
    ["abc", "abc", " a b c"],
    ["abc", "axc", " a-b+x c"],
    ["abcabba", "cbabac", "-a-b c-a b+a b a+c"],
    ["", "ab", "+a+b"],
    ["ab", "", "-a-b"],
  ])("tells %j from %j", (before, after, expected) => {
    expect(shown(before, after)).toBe(expected);
  });

  test("tells both sides whole, in order, and no more edits than needed", () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const diff = diffLines(before, after);
        const side = (other: string) => diff.filter(({ kind }) => kind !== other).map(({ text }) => text);
        expect(side("added")).toEqual(before);
        expect(side("removed")).toEqual(after);
        const same = diff.filter(({ kind }) => kind === "same").length;
        expect(same).toBe(commonLength(before, after));
      }),
    );
  });

  test("tells long texts that share nothing as rewritten, and quickly", () => {
    const before = Array.from({ length: 20_000 }, (_, index) => `old ${index}`);
    const after = before.map((line) => line.replace("old", "new"));
    const began = process.threadCpuUsage();
    expect(diffLines(before, after)).toHaveLength(40_000);
    // What else the machine does is not its own; a comparison of each with each takes many seconds.
    expect(process.threadCpuUsage(began).user / 1000).toBeLessThan(300);
  });
});

/** Length of the longest common subsequence, by the textbook recursion. */
function commonLength(
  a: readonly string[],
  b: readonly string[],
  i = 0,
  j = 0,
  known = new Map<number, number>(),
): number {
  if (i === a.length || j === b.length) return 0;
  const key = i * 100 + j;
  const found = known.get(key);
  if (found !== undefined) return found;
  const length =
    a[i] === b[j]
      ? 1 + commonLength(a, b, i + 1, j + 1, known)
      : Math.max(commonLength(a, b, i + 1, j, known), commonLength(a, b, i, j + 1, known));
  known.set(key, length);
  return length;
}

describe("foldUnchanged", () => {
  test("folds what is further than three lines from a change", () => {
    const before = Array.from({ length: 20 }, (_, index) => `line ${index}`);
    const hunks = foldUnchanged(diffLines(before, before.with(10, "changed")));
    expect(hunks.map(({ folded, lines }) => [folded, lines.length])).toEqual([
      [true, 7],
      [false, 8],
      [true, 6],
    ]);
  });

  test("leaves no line out", () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const diff = diffLines(before, after);
        expect(foldUnchanged(diff).flatMap((hunk) => hunk.lines)).toEqual(diff);
      }),
    );
  });
});
