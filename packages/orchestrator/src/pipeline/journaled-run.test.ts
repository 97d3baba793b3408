import { tmpdir } from "node:os";
import { describe, expect, test } from "vitest";
import { requestedRun } from "../../../../test/run-record.ts";
import { MemoryJournal } from "../journal/memory-journal.ts";
import { JournaledRun, type RunPorts } from "./journaled-run.ts";

/** Runs of one stack, each of which began to change it. */
function ports(): RunPorts {
  return {
    journal: new MemoryJournal(),
    runsFolder: tmpdir(),
    onEvent: () => undefined,
    clock: () => new Date(),
  };
}
function applied(id: `run-${string}`, sandbox: boolean, to: RunPorts): JournaledRun {
  const run = JournaledRun.create(id, requestedRun({ sandbox }), to);
  for (const state of [
    "IN_PROGRESS",
    "VALIDATING",
    "READY_FOR_APPLY",
    "WAIT_FOR_APPROVE",
    "APPLYING",
  ] as const)
    run.moveTo(state);
  return run;
}

describe("the runs of a stack", () => {
  test("on the sandbox say nothing of the real cloud, where the environment became a real one", () => {
    const all = ports();
    const first = applied("run-20261121-050000-a1b2c3", true, all);
    const second = applied("run-20261121-060000-a1b2c3", false, all);
    expect(first.ofSameStack().map(({ id }) => id)).toEqual([first.id]);
    expect(second.ofSameStack().map(({ id }) => id)).toEqual([second.id]);
    expect(second.ofOtherStack("net").map(({ id }) => id)).toEqual([second.id]);
    expect(JournaledRun.ofStack(first.record, all).map(({ id }) => id)).toEqual([first.id]);
  });
});
