import { describe, expect, test } from "vitest";
import { RUN_STATES, RUN_TRANSITIONS, type RunState } from "./run-state.ts";

function reachableFrom(state: RunState, seen = new Set<RunState>([state])): ReadonlySet<RunState> {
  for (const next of RUN_TRANSITIONS[state]) {
    if (seen.has(next)) continue;
    seen.add(next);
    reachableFrom(next, seen);
  }
  return seen;
}

describe("RUN_TRANSITIONS", () => {
  test("reaches every state from PENDING", () => {
    expect([...reachableFrom("PENDING")].sort()).toEqual([...RUN_STATES].sort());
  });

  test.each(RUN_STATES)("reaches DONE from %s", (state) => {
    expect(reachableFrom(state)).toContain("DONE");
  });

  test("never comes back to a state", () => {
    for (const state of RUN_STATES)
      for (const next of RUN_TRANSITIONS[state]) expect(reachableFrom(next)).not.toContain(state);
  });

  test("DONE is the one end", () => {
    expect(RUN_STATES.filter((state) => RUN_TRANSITIONS[state].length === 0)).toEqual(["DONE"]);
  });

  test("applies only what waited for approval, and what is blocked never", () => {
    expect(RUN_STATES.filter((state) => RUN_TRANSITIONS[state].includes("APPLYING"))).toEqual([
      "WAIT_FOR_APPROVE",
    ]);
    expect(reachableFrom("BLOCKED")).not.toContain("APPLYING");
  });
});
