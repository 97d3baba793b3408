import {
  DIGEST_PARTS,
  type GroundplaneEvent,
  type RunCost,
  reviewDigestSchema,
} from "@groundplane/contracts";
import { describe, expect, test } from "vitest";
import { codeOf } from "../../../../test/code-of.ts";
import { requestedRun } from "../../../../test/run-record.ts";
import { MemoryJournal } from "../journal/memory-journal.ts";
import { JournaledRun } from "../pipeline/journaled-run.ts";
import { forecastBudget } from "./budget-forecast.ts";
import { estimateOf } from "./cost.fixture.ts";
import { liftBrake, requireWithinBudget } from "./lift-brake.ts";

const RUN = "run-20261121-050000-a1b2c3";
const OTHER = "run-20261121-060000-d4e5f6";
const hash = `sha256:${"a".repeat(64)}`;
const digest = reviewDigestSchema.parse({
  digest: hash,
  parts: Object.fromEntries(DIGEST_PARTS.map((part) => [part, hash])),
});
const budget = { monthlyUsd: 100, liftedBy: ["Grace", "rita"] };
const dev = { name: "dev", protected: false, strict: false, budget };

function costOf(before: number, after: number): RunCost {
  const estimate = estimateOf(before, after);
  const own = { stack: "net", run: RUN, estimate };
  return { estimate, budget: forecastBudget({ budget, strict: false, own, others: [] }) };
}

class Desk {
  readonly events: GroundplaneEvent[] = [];
  readonly journal = new MemoryJournal();

  begin(id: string, stack: string): JournaledRun {
    return JournaledRun.create(id, requestedRun({ stack }), {
      journal: this.journal,
      runsFolder: "/nowhere",
      onEvent: (event) => this.events.push(event),
      clock: () => new Date("2026-11-21T05:00:00.000Z"),
    });
  }

  run(id: string, stack: string, cost: RunCost): JournaledRun {
    const run = this.begin(id, stack);
    run.moveTo("IN_PROGRESS");
    run.moveTo("VALIDATING");
    run.append({ type: "review.recorded", counts: { create: 1 }, findings: [], digest, confirmed: [], cost });
    run.moveTo("READY_FOR_APPLY");
    run.moveTo("WAIT_FOR_APPROVE");
    return run;
  }
}

const now = new Date("2026-11-21T05:10:00.000Z");
const lifting = (by: string, reason = "load test until Friday") => ({ by, reason, now });

describe("a run that the budget holds", () => {
  test("misses one more approval than its rule wants, until someone lifts the brake", () => {
    const desk = new Desk();
    const run = desk.run(RUN, "net", costOf(0, 90));
    expect(run.record.approvalsMissing).toBe(1);
    liftBrake(run, dev, lifting("grace"));
    expect(run.record.approvalsMissing).toBe(0);
    expect(run.record.budgetLift).toEqual({
      by: "grace",
      reason: "load test until Friday",
      digest: hash,
      at: now.toISOString(),
    });
    expect(desk.events.at(-1)).toMatchObject({
      name: "stack.budget.lifted",
      data: { by: "grace", approvalsMissing: 0 },
    });
  });

  test("fails to be lifted by someone who is not named, without a reason, or twice", () => {
    const run = new Desk().run(RUN, "net", costOf(0, 90));
    expect(codeOf(() => liftBrake(run, dev, lifting("eve")))).toBe("APPROVAL_REFUSED");
    expect(codeOf(() => liftBrake(run, dev, lifting("grace", "  why not ")))).toBe("INVALID_ARGUMENT");
    expect(run.record.approvalsMissing).toBe(1);
    liftBrake(run, dev, lifting("grace"));
    expect(codeOf(() => liftBrake(run, dev, lifting("grace")))).toBe("RUN_STATE_CONFLICT");
  });

  test("fails to be lifted by its requester where the environment is protected", () => {
    const run = new Desk().run(RUN, "net", costOf(0, 90));
    const prod = { ...dev, name: "prod", protected: true };
    expect(codeOf(() => liftBrake(run, prod, lifting("RITA")))).toBe("APPROVAL_REFUSED");
    liftBrake(run, dev, lifting("RITA"));
    expect(run.record.approvalsMissing).toBe(0);
  });

  test("a lift for another review does not count", () => {
    const run = new Desk().run(RUN, "net", costOf(0, 90));
    const lift = { by: "grace", reason: "load test until Friday", digest: `sha256:${"b".repeat(64)}` };
    run.append({ type: "budget.lifted", lift: { ...lift, at: now.toISOString() } });
    expect(run.record.approvalsMissing).toBe(1);
  });

  test("fails to lift what is not held", () => {
    const run = new Desk().run(RUN, "net", costOf(0, 10));
    expect(run.record.approvalsMissing).toBe(0);
    expect(codeOf(() => liftBrake(run, dev, lifting("grace")))).toBe("RUN_STATE_CONFLICT");
  });
});

describe("requireWithinBudget", () => {
  const project = {
    stacks: new Map([
      ["net", {}],
      ["app", {}],
    ]),
  };
  const asked =
    (run: JournaledRun, environment = dev) =>
    () =>
      requireWithinBudget({ run, stack: { name: "net" }, environment, project });

  test("lets a run pass whose review is within the budget, or was lifted", () => {
    expect(codeOf(asked(new Desk().run(RUN, "net", costOf(0, 10))))).toBeUndefined();
    const held = new Desk().run(RUN, "net", costOf(0, 90));
    expect(codeOf(asked(held))).toBe("BUDGET_BRAKE");
    liftBrake(held, dev, lifting("grace"));
    expect(codeOf(asked(held))).toBeUndefined();
  });

  test("fails when another stack became dearer since the review", () => {
    const desk = new Desk();
    const run = desk.run(RUN, "net", costOf(0, 40));
    const other = desk.run(OTHER, "app", costOf(0, 50));
    expect(codeOf(asked(run))).toBeUndefined();
    other.moveTo("APPLYING");
    expect(codeOf(asked(run))).toBe("BUDGET_BRAKE");
    const roomy = { ...dev, budget: { ...budget, monthlyUsd: 1000 } };
    expect(codeOf(asked(run, roomy))).toBeUndefined();
  });

  test("finds another stack's last change behind any number of previews", () => {
    const desk = new Desk();
    const run = desk.run(RUN, "net", costOf(0, 40));
    desk.run(OTHER, "app", costOf(0, 50)).moveTo("APPLYING");
    for (let second = 10; second < 70; second += 1) desk.begin(`run-20261121-0700${second}-d4e5f6`, "app");
    expect(codeOf(asked(run))).toBe("BUDGET_BRAKE");
  });

  test("fails when what it costs is not known", () => {
    const run = new Desk().run(RUN, "net", {});
    expect(codeOf(() => asked(run, { ...dev, budget: { monthlyUsd: 1, liftedBy: [] } })())).toBe(
      "BUDGET_BRAKE",
    );
  });
});
