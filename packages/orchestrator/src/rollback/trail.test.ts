import {
  DIGEST_PARTS,
  type RunOperation,
  type RunOutcome,
  type RunRecord,
  reviewDigestSchema,
} from "@groundplane/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runRecord } from "../../../../test/run-record.ts";
import { EMPTY_STATE_DIGEST } from "../engine/stack-state.ts";
import { isReturnPoint, placeBefore, trailOf, wayBackOf } from "./trail.ts";

const SHA = `sha256:${"a".repeat(64)}`;
const artifact = { path: "program.mjs", sha256: SHA };

/** A run, as far as the way back goes by it. Letters stand for ids. */
function run(
  id: string,
  operation: RunOperation,
  outcome: RunOutcome,
  more: Partial<RunRecord> = {},
): RunRecord {
  const begun = outcome !== "unchanged" && outcome !== "rejected";
  const at = "2026-11-21T05:12:29.000Z";
  return runRecord({
    ...{ id, stack: "base", operation, outcome, requester: "ann", createdAt: at, updatedAt: at },
    timeline: [{ state: "PENDING", at }, ...(begun ? [{ state: "APPLYING" as const, at }] : [])],
    artifacts: operation === "destroy" ? {} : { program: artifact, "return-point": artifact },
    ...more,
  });
}

const deploy = (id: string, outcome: RunOutcome = "applied") => run(id, "deploy", outcome);
/** One that found the stack without resources. */
const first = (id: string, outcome: RunOutcome = "applied") => {
  const parts = Object.fromEntries(DIGEST_PARTS.map((part) => [part, EMPTY_STATE_DIGEST]));
  return run(id, "deploy", outcome, { digest: reviewDigestSchema.parse({ digest: SHA, parts }) });
};
const rollback = (id: string, returnTo: string, outcome: RunOutcome = "rolled-back") =>
  run(id, "rollback", outcome, { returnTo });
const rolledBack = (id: string, to: string) =>
  run(id, "deploy", "rolled-back", { rollback: { to, since: "2026-11-21T05:12:29.000Z", late: [] } });
const destroy = (id: string) => run(id, "destroy", "applied");
const without = (record: RunRecord): RunRecord => ({ ...record, artifacts: {} });

const ids = (place: ReturnType<typeof wayBackOf>): string =>
  place === undefined ? "-" : place.empty ? "empty" : place.points.map(({ id }) => id).join("") || "no point";

test.each<[string, readonly RunRecord[], string, string]>([
  // what happened, runs, where a rollback goes, where a failure of the next deployment goes back to
  ["nothing", [], "-", "-"],
  ["one deployment", [deploy("a")], "-", "a"],
  ["one deployment on an empty stack", [first("a")], "empty", "a"],
  ["two deployments", [deploy("a"), deploy("b")], "a", "b"],
  ["a deployment that failed", [deploy("a"), deploy("b", "failed")], "a", "a"],
  ["two that failed", [deploy("a"), deploy("b", "failed"), deploy("c", "cancelled")], "a", "a"],
  ["one that never began", [deploy("a"), deploy("b"), deploy("c", "rejected")], "a", "b"],
  ["a first deployment that failed", [first("a", "failed")], "empty", "empty"],
  [
    "a first one that failed, then one that went on from there",
    [first("a", "failed"), deploy("b")],
    "empty",
    "b",
  ],
  ["a rollback", [deploy("a"), deploy("b"), rollback("c", "a")], "-", "ac"],
  ["a rollback of three", [deploy("a"), deploy("b"), deploy("c"), rollback("d", "b")], "a", "bd"],
  [
    "a deployment after a rollback: not to what was undone",
    [deploy("a"), deploy("b"), rollback("c", "a"), deploy("d")],
    "ac",
    "d",
  ],
  ["there and back again", [deploy("a"), deploy("b"), rollback("c", "a"), rollback("d", "b")], "ac", "bd"],
  [
    "a rollback that found nothing to do",
    [deploy("a"), deploy("b"), rollback("c", "b", "unchanged")],
    "a",
    "bc",
  ],
  ["a rollback that failed", [deploy("a"), deploy("b"), rollback("c", "a", "failed")], "b", "b"],
  ["a failure that went back by itself", [deploy("a"), deploy("b"), rolledBack("c", "b")], "a", "b"],
  [
    "a run without changes stands where the one before stood",
    [deploy("a"), deploy("b"), deploy("c", "unchanged")],
    "a",
    "bc",
  ],
  [
    "a run without changes after a failure",
    [deploy("a"), deploy("b", "failed"), deploy("c", "unchanged")],
    "a",
    "c",
  ],
  ["a destroy", [deploy("a"), destroy("b")], "a", "empty"],
  ["a deployment after a destroy", [deploy("a"), destroy("b"), first("c")], "empty", "c"],
  ["a stack destroyed behind our back", [deploy("a"), first("b")], "empty", "b"],
  ["a restore of the state", [deploy("a"), deploy("b"), without(run("c", "restore", "applied"))], "b", "b"],
  ["a run that kept nothing", [without(deploy("a")), deploy("b")], "no point", "b"],
  ["a run that kept nothing, and the remedy", [without(deploy("a")), deploy("b", "unchanged")], "-", "b"],
])("after %s", (_what, runs, before, wayBack) => {
  const trail = trailOf(runs);
  expect([ids(placeBefore(trail)), ids(wayBackOf(trail))]).toEqual([before, wayBack]);
});

test("a run whose process is gone counts as one that failed", () => {
  const { outcome: _outcome, ...standing } = deploy("b", "failed");
  const trail = trailOf([deploy("a"), { ...standing, state: "APPLYING" }]);
  expect([ids(placeBefore(trail)), trail.unsettled?.id]).toEqual(["a", "b"]);
});

describe("over any story", () => {
  /** Each step deploys, fails, or goes back to one of the return points that there are by then. */
  const step = fc.record({
    kind: fc.constantFrom("deploy", "unchanged", "fail", "back", "back-default", "auto"),
    pick: fc.nat(),
  });
  type Step = { readonly kind: string; readonly pick: number };

  function play(steps: readonly Step[]): {
    runs: RunRecord[];
    content: Map<string, number>;
    undo: number[][];
  } {
    const runs: RunRecord[] = [];
    // What each run's program is, and the same story told with an undo list.
    const content = new Map<string, number>();
    let undo: number[] = [];
    const undos: number[][] = [];
    steps.forEach(({ kind, pick }, index) => {
      const id = `r${index}`;
      const points = runs.filter(isReturnPoint);
      const target = points[pick % Math.max(1, points.length)];
      const wanted = kind === "back-default" ? placeBefore(trailOf(runs))?.points.at(-1) : target;
      if (kind === "deploy") {
        runs.push(deploy(id));
        content.set(id, index);
        undo = [...undo, index];
      } else if (kind === "fail") runs.push(deploy(id, "failed"));
      else if (kind === "unchanged" && undo.length > 0 && runs.at(-1)?.outcome !== "failed") {
        runs.push(deploy(id, "unchanged"));
        content.set(id, undo.at(-1) ?? -1);
      } else if (wanted !== undefined && kind !== "unchanged") {
        const to = content.get(wanted.id) ?? -1;
        runs.push(kind === "auto" ? rolledBack(id, wanted.id) : rollback(id, wanted.id));
        if (kind !== "auto") content.set(id, to);
        undo = undo.includes(to) ? undo.slice(0, undo.lastIndexOf(to) + 1) : [...undo, to];
      }
      undos.push(undo);
    });
    return { runs, content, undo: undos };
  }

  test("what stands, and what stood before, is what an undo list says", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const { runs, content, undo } = play(steps);
        const list = undo.at(-1) ?? [];
        const trail = trailOf(runs);
        const contentOf = (place: ReturnType<typeof wayBackOf>) =>
          new Set(place?.points.map(({ id }) => content.get(id)));
        expect(contentOf(wayBackOf(trail))).toEqual(new Set(list.slice(-1)));
        const expected = trail.unsettled === undefined ? list.slice(-2, -1) : list.slice(-1);
        expect(contentOf(placeBefore(trail))).toEqual(new Set(expected));
      }),
      { numRuns: 500 },
    );
  });

  test("a rollback is never to what stands", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const trail = trailOf(play(steps).runs);
        if (trail.unsettled !== undefined) return;
        const standing = new Set(wayBackOf(trail)?.points.map(({ id }) => id));
        for (const { id } of placeBefore(trail)?.points ?? []) expect(standing.has(id)).toBe(false);
      }),
    );
  });
});
