import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GroundplaneEvent } from "@groundplane/contracts";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { requestedRun } from "../../../../test/run-record.ts";
import { MemoryJournal } from "../journal/memory-journal.ts";
import { JournaledRun } from "../pipeline/journaled-run.ts";
import { endRollback, startRollback, watchRollback } from "./rollback-times.ts";

const TO = "run-20261121-051229-abc123";
const ID = "run-20261121-061229-abc123";
let folder = "";
let events: GroundplaneEvent[] = [];
const clock = (): Date => new Date();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "times-"));
  events = [];
  vi.useFakeTimers({ now: new Date("2026-11-21T06:00:00.000Z") });
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

function ports() {
  return {
    journal: new MemoryJournal(clock),
    runsFolder: folder,
    clock,
    onEvent: (event: GroundplaneEvent) => void events.push(event),
  };
}

function rollbackRun(since = new Date()): JournaledRun {
  const run = JournaledRun.create(
    ID,
    requestedRun({ stack: "base", operation: "rollback", returnTo: TO, requester: "ann" }),
    ports(),
  );
  run.append({ type: "rollback.due", to: TO, since: since.toISOString() });
  return run;
}

const alarms = () => events.flatMap(({ name, data }) => (name === "stack.rollback.late" ? [data] : []));
const minutes = (count: number): void => void vi.advanceTimersByTime(count * 60_000);

test("a way back in time raises no alarm, and its times are in the record", () => {
  const run = rollbackRun();
  const stop = watchRollback(run, clock);
  minutes(4);
  startRollback(run, clock);
  minutes(10);
  endRollback(run, clock);
  minutes(30);
  stop();
  expect(alarms()).toEqual([]);
  expect(run.record.rollback).toEqual({
    to: TO,
    since: "2026-11-21T06:00:00.000Z",
    beganAt: "2026-11-21T06:04:00.000Z",
    finishedAt: "2026-11-21T06:14:00.000Z",
    late: [],
  });
  expect(events.slice(1).map(({ name, data }) => ({ name, data }))).toEqual([
    { name: "stack.rollback.started", data: { to: TO, tookMs: 240_000 } },
    { name: "stack.rollback.finished", data: { to: TO, durationMs: 840_000 } },
  ]);
});

test("the alarm comes while it is still under way, once for each limit", () => {
  const run = rollbackRun();
  const stop = watchRollback(run, clock);
  minutes(5);
  expect(alarms()).toEqual([{ to: TO, phase: "begin", limitMs: 300_000, tookMs: 300_000 }]);
  minutes(1);
  startRollback(run, clock);
  minutes(9);
  expect(alarms().at(-1)).toEqual({ to: TO, phase: "finish", limitMs: 900_000, tookMs: 900_000 });
  minutes(60);
  stop();
  expect(run.record.rollback?.late).toEqual([
    { phase: "begin", at: "2026-11-21T06:05:00.000Z", tookMs: 300_000 },
    { phase: "finish", at: "2026-11-21T06:15:00.000Z", tookMs: 900_000 },
  ]);
});

test("one that comes to its work too late is late at once, and is told once by all who work on it", () => {
  const run = rollbackRun(new Date(Date.now() - 6 * 60_000));
  watchRollback(run, clock)();
  expect(alarms()).toEqual([{ to: TO, phase: "begin", limitMs: 300_000, tookMs: 360_000 }]);
  watchRollback(run, clock)();
  expect(alarms()).toHaveLength(1);
});

test("nothing is watched any more when the work has stopped, nor where there is no way back", () => {
  const run = rollbackRun();
  watchRollback(run, clock)();
  minutes(60);
  expect(alarms()).toEqual([]);

  run.moveTo("DONE", { outcome: "cancelled" });
  const stop = watchRollback(run, clock);
  minutes(60);
  stop();
  expect(alarms()).toEqual([]);
});
