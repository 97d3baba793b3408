import picocolors from "picocolors";
import { expect, test } from "vitest";
import { runRecord, SHA, waitingRun } from "../run.fixture.ts";
import { runListLines, runStoryLines } from "./run-story.ts";

const plain = picocolors.createColors(false);
const now = new Date("2026-11-21T05:30:00.000Z");

test("tells states and decisions in the order in which they happened", () => {
  const decisions = [
    {
      ...{ by: "grace", verdict: "approve" as const, digest: SHA, at: "2026-11-21T05:12:33.500Z" },
      comment: "looked at it\ntwice",
    },
  ];
  expect(runStoryLines(runRecord({ decisions }), plain).join("\n")).toMatchInlineSnapshot(`
    "run-20261121-051229-abc123  deploy asked by ada, 2026-11-21 05:12:29 UTC
      05:12:29  PENDING  1.0 s
      05:12:30  IN_PROGRESS  1.0 s
      05:12:31  VALIDATING  1.0 s
      05:12:32  READY_FOR_APPLY  1.0 s
      05:12:33  WAIT_FOR_APPROVE  1.0 s
      05:12:33  grace approved: "looked at it twice"
      05:12:34  APPLYING  1.0 s
      05:12:35  DONE: applied

    dev/network  ✔ applied  (sandbox)
      Changes  3 created, 1 unchanged
      Run      run-20261121-051229-abc123, deploy by ada, 12 s

    Next
      groundplane outputs dev network  what it hands on"
  `);
});

test("lists runs as a table", () => {
  expect(runListLines([waitingRun(), runRecord()], now, plain).join("\n")).toMatchInlineSnapshot(`
    "RUN                         STACK         OPERATION  STATE                 CHANGES      BY   AGE
    run-20261121-051229-abc123  prod/network  deploy     ● waits for approval  3 to create  ada  17 min
    run-20261121-051229-abc123  dev/network   deploy     ✔ applied             3 created    ada  17 min"
  `);
});

test("says how to begin when there are no runs", () => {
  expect(runListLines([], now, plain)).toEqual([
    'No runs yet. Begin with "groundplane preview <environment> <stack>".',
  ]);
});
