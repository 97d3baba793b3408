import type { RunRecord } from "@groundplane/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runRecord } from "../../../../test/run-record.ts";
import { budgetFindings } from "./budget-findings.ts";
import { type BudgetQuestion, costOfStack, forecastBudget } from "./budget-forecast.ts";
import { estimateOf, itemOf, totalOf } from "./cost.fixture.ts";

const RUN = "run-20261121-050000-a1b2c3";
const OTHER = "run-20261121-040000-d4e5f6";

function question(
  own: BudgetQuestion["own"]["estimate"],
  more: Partial<BudgetQuestion> = {},
): BudgetQuestion {
  return {
    budget: { monthlyUsd: 100, liftedBy: ["grace"] },
    strict: false,
    own: { stack: "net", run: RUN, estimate: own },
    others: [],
    ...more,
  };
}

describe("forecastBudget", () => {
  test("sums the stack after the change and the others", () => {
    const others = [{ stack: "app", run: OTHER, after: totalOf(30, 1) }];
    expect(forecastBudget(question(estimateOf(10, 20), { others }))).toEqual({
      monthlyUsd: 100,
      forecast: totalOf(50, 1),
      percent: 50,
      stacks: [
        { stack: "app", run: OTHER, after: totalOf(30, 1) },
        { stack: "net", run: RUN, after: totalOf(20) },
      ],
      liftedBy: ["grace"],
    });
  });

  test.each([
    ["below 80 %", 0, 79.9, undefined],
    ["at 80 %", 0, 80, "80 % of the budget of 100 USD"],
    ["a hair below, which is shown as 80 %", 0, 79.96, "80 % of the budget"],
    ["above", 79, 120, "120 % of the budget"],
    ["above, and no dearer than before", 120, 120, undefined],
    ["above, and cheaper than before", 130, 120, undefined],
  ])("holds what raises the forecast to the brake: %s", (_title, before, after, brake) => {
    const found = forecastBudget(question(estimateOf(before, after)));
    if (brake === undefined) expect(found.brake).toBeUndefined();
    else expect(found.brake).toContain(brake);
  });

  test("counts the others' share for the brake", () => {
    const others = [{ stack: "app", run: OTHER, after: totalOf(75) }];
    expect(forecastBudget(question(estimateOf(0, 5), { others })).brake).toContain("80 %");
    expect(forecastBudget(question(estimateOf(0, 4), { others })).brake).toBeUndefined();
  });

  test("holds what could not be estimated", () => {
    const own = { stack: "net", run: RUN, problem: "the price table is not in order" };
    expect(forecastBudget(question(undefined, { own })).brake).toContain("the price table is not in order");
  });

  test("in a strict environment holds what comes without a figure, not what goes", () => {
    const unknown = ["this version has no figures for it"];
    const comes = estimateOf(0, 0, [
      itemOf("one", { unknown }),
      itemOf("two", { unknown, operation: "delete" }),
    ]);
    const goes = estimateOf(0, 0, [itemOf("two", { unknown, operation: "delete" })]);
    expect(forecastBudget(question(comes)).brake).toBeUndefined();
    expect(forecastBudget(question(comes, { strict: true })).brake).toMatch(/cost: one \(aws:ec2[^)]*\)$/);
    expect(forecastBudget(question(goes, { strict: true })).brake).toBeUndefined();
  });

  test("a stack that no run estimated is unknown", () => {
    const found = forecastBudget(question(estimateOf(0, 1), { others: [{ stack: "app", run: OTHER }] }));
    expect(found.forecast).toEqual(totalOf(1, 1));
  });

  test("never lets a rise from the brake on pass, and never holds what is no dearer", () => {
    const amount = fc.integer({ min: 0, max: 500 });
    fc.assert(
      fc.property(amount, amount, amount, (before, after, elsewhere) => {
        const others = [{ stack: "app", run: OTHER, after: totalOf(elsewhere) }];
        const { brake } = forecastBudget(question(estimateOf(before, after), { others }));
        expect(brake !== undefined).toBe(after > before && after + elsewhere >= 80);
      }),
    );
  });
});

describe("costOfStack", () => {
  const run = (more: Partial<RunRecord>): RunRecord =>
    runRecord({ id: OTHER, stack: "app", cost: { estimate: estimateOf(10, 20) }, ...more });

  test("is what the newest run left", () => {
    expect(costOfStack("app", [])).toBeUndefined();
    const older = run({ cost: { estimate: estimateOf(0, 99) } });
    expect(costOfStack("app", [older, run({})])).toEqual({ stack: "app", run: OTHER, after: totalOf(20) });
    expect(costOfStack("app", [run({ outcome: "unchanged" })])?.after).toEqual(totalOf(20));
  });

  test("is the dearer side of a run that did not come through", () => {
    const shrinks = { estimate: estimateOf(20, 10) };
    expect(costOfStack("app", [run({ outcome: "failed", cost: shrinks })])?.after).toEqual(totalOf(20));
    expect(costOfStack("app", [run({ outcome: "rolled-back" })])?.after).toEqual(totalOf(20));
    expect(costOfStack("app", [run({ outcome: "applied", cost: shrinks })])?.after).toEqual(totalOf(10));
  });

  test("looks past runs that wrote the state alone, and says when nothing was estimated", () => {
    const restored = run({ operation: "restore" });
    const { cost: _cost, ...bare } = run({});
    expect(costOfStack("app", [run({}), restored])?.after).toEqual(totalOf(20));
    expect(costOfStack("app", [bare])).toEqual({ stack: "app", run: OTHER });
  });
});

describe("budgetFindings", () => {
  const rules = (budget: ReturnType<typeof forecastBudget>, estimate = estimateOf(0, 1)) =>
    budgetFindings({ estimate, budget }).map(({ rule, enforcement }) => `${rule} ${enforcement}`);

  test("tells the brake, what is above the budget, and what is not in the forecast", () => {
    expect(budgetFindings({ estimate: estimateOf(0, 1) })).toEqual([]);
    expect(rules(forecastBudget(question(estimateOf(0, 10))))).toEqual([]);
    expect(rules(forecastBudget(question(estimateOf(0, 90))))).toEqual(["budget-brake advisory"]);
    expect(rules(forecastBudget(question(estimateOf(0, 120))))).toEqual([
      "budget-brake advisory",
      "budget-exceeded advisory",
    ]);
    expect(rules(forecastBudget(question(estimateOf(130, 120))))).toEqual(["budget-exceeded advisory"]);
    const others = [{ stack: "app", run: OTHER }];
    expect(rules(forecastBudget(question(estimateOf(0, 1), { others })))).toEqual([
      "budget-incomplete advisory",
    ]);
  });

  test("says who may lift the brake, also when it is nobody", () => {
    const held = question(estimateOf(0, 90));
    const [named] = budgetFindings({ estimate: estimateOf(0, 90), budget: forecastBudget(held) });
    expect(named?.remedy).toContain("lifted by grace");
    const nobody = { ...held, budget: { monthlyUsd: 100, liftedBy: [] } };
    const [unnamed] = budgetFindings({ estimate: estimateOf(0, 90), budget: forecastBudget(nobody) });
    expect(unnamed?.remedy).toContain("budget.liftedBy of the environment is empty");
  });
});
