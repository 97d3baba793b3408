import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { requestedRun } from "../../../../test/run-record.ts";
import { MemoryJournal } from "../journal/memory-journal.ts";
import { endOvertaken } from "./interrupted.ts";
import { JournaledRun, type RunPorts } from "./journaled-run.ts";

const TO_APPLYING = ["IN_PROGRESS", "VALIDATING", "READY_FOR_APPLY", "WAIT_FOR_APPROVE", "APPLYING"] as const;

test("who takes a stack over ends the runs that had it, and no others", () => {
  const ports: RunPorts = {
    ...{ journal: new MemoryJournal(), runsFolder: tmpdir() },
    ...{ onEvent: () => undefined, clock: () => new Date() },
  };
  let minute = 10;
  const moved = (states: number, more: object = {}): JournaledRun => {
    minute += 1;
    const run = JournaledRun.create(`run-20261121-05${minute}00-a1b2c3`, requestedRun(more), ports);
    for (const state of TO_APPLYING.slice(0, states)) run.moveTo(state);
    return run;
  };
  const [overtaken, back, waiting, elsewhere] = [moved(5), moved(5), moved(4), moved(5, { stack: "other" })];
  back.moveTo("ROLLBACK");
  const now = moved(4);
  endOvertaken(now);
  const ends = [overtaken, back, waiting, elsewhere, now].map(({ id }) => {
    const { state, outcome, reason } = now.other(id).record;
    return [state, outcome, reason?.code, reason?.message.includes(now.id)];
  });
  expect(ends).toEqual([
    ["DONE", "failed", "INTERRUPTED", true],
    ["DONE", "failed", "INTERRUPTED", true],
    ["WAIT_FOR_APPROVE", undefined, undefined, undefined],
    ["APPLYING", undefined, undefined, undefined],
    ["WAIT_FOR_APPROVE", undefined, undefined, undefined],
  ]);
  // Whose process goes on after all writes nothing any more.
  expect(() => overtaken.moveTo("DONE", { outcome: "applied" })).toThrow(
    expect.objectContaining({ code: "RUN_STATE_CONFLICT" }),
  );
});
