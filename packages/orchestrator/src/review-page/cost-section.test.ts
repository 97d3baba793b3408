import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { approvableChangeSet, environment, waitingRun } from "../../../../test/browser/review.fixture.ts";
import { forecastBudget } from "../cost/budget-forecast.ts";
import { estimateOf, itemOf, totalOf } from "../cost/cost.fixture.ts";
import { costSection } from "./cost-section.ts";
import { reviewFacts } from "./review-facts.ts";
import { reviewPage } from "./review-page.ts";

const RUN = "run-20261121-050000-a1b2c3";
const [first] = approvableChangeSet.changes;

const item = itemOf("nat", {
  ...(first === undefined ? {} : { urn: first.urn }),
  after: { low: 30, expected: 33, high: 40 },
  charges: [
    {
      what: "hours",
      unit: "hour",
      unitUsd: 0.045,
      quantity: { low: 730, expected: 730, high: 730 },
      monthlyUsd: { low: 30, expected: 33, high: 40 },
    },
  ],
});
const odd = itemOf("odd", { unknown: ["this version has no figures for aws:odd/thing:Thing"] });

function pageOf(monthlyUsd: number, lifted = false): string {
  const run = waitingRun();
  const estimate = {
    ...estimateOf(10, 43, [item, odd]),
    assumptions: [
      {
        ...{ name: "natGatewayGb", unit: "GB", about: "data through a NAT gateway" },
        ...totalOf(100),
        given: true,
      },
    ],
  };
  const own = { stack: run.stack, run: run.id, estimate };
  const question = {
    budget: { monthlyUsd, liftedBy: ["grace"] },
    strict: false,
    own,
    others: [{ stack: "app", run: RUN }],
  };
  return reviewPage({
    run: {
      ...run,
      cost: { estimate, budget: forecastBudget(question) },
      ...(lifted
        ? {
            budgetLift: {
              ...{ by: "grace", reason: "load test <until> Friday", at: "2026-11-21T05:10:00.000Z" },
              digest: run.digest?.digest ?? "",
            },
          }
        : {}),
    },
    changeSet: approvableChangeSet,
    environment,
  });
}

describe("the cost on the review page", () => {
  test("says what is added, by resource, what it rests on and what is unknown", () => {
    const page = pageOf(1000);
    expect(page).toContain("<strong>+33.00 plus 1 unknown</strong>");
    expect(page).toContain("+33.00 (+30.00 to +40.00)");
    expect(page).toContain("no figure: this version has no figures for aws:odd/thing:Thing");
    expect(page).toContain("data through a NAT gateway, as the environment says");
    expect(page).toContain("app: unknown, no run estimated it");
    expect(page).not.toContain("lift-budget");
  });

  test("says that the brake holds it, and how it is lifted", () => {
    const page = pageOf(50);
    expect(page).toContain("Held by the budget&#39;s brake");
    expect(page).toContain("It may be lifted by grace");
    expect(page).toContain("groundplane lift-budget");
  });

  test("names no command where nothing waits, as for a preview", () => {
    const run = waitingRun();
    const estimate = estimateOf(10, 43, [item]);
    const question = {
      budget: { monthlyUsd: 50, liftedBy: ["grace"] },
      ...{ strict: false, own: { stack: run.stack, run: run.id, estimate }, others: [] },
    };
    const page = reviewPage({
      run: {
        ...run,
        state: "DONE",
        outcome: "cancelled",
        cost: { estimate, budget: forecastBudget(question) },
      },
      changeSet: approvableChangeSet,
      environment,
    });
    expect(page).toContain("The brake holds this change");
    expect(page).not.toContain("lift-budget");
  });

  test("says who lifted it and why", () => {
    const page = pageOf(50, true);
    expect(page).not.toContain("Held by the budget");
    expect(page).toContain("The brake was lifted");
    expect(page).toContain("load test &lt;until&gt; Friday");
  });

  test("says why there is no estimate, and shows nothing where none was wanted", () => {
    const run = waitingRun();
    const page = reviewPage({
      run: { ...run, cost: { problem: "the price table <is> gone" } },
      changeSet: approvableChangeSet,
      environment,
    });
    expect(page).toContain("It could not be estimated: the price table &lt;is&gt; gone.");
    expect(reviewPage({ run, changeSet: approvableChangeSet, environment })).not.toContain('id="cost"');
  });

  test("escapes whatever a resource is named", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const nasty = `</ul><script>${text}`;
        const estimate = estimateOf(0, 1, [itemOf(nasty, { unknown: [nasty] })]);
        const run = { ...waitingRun(), cost: { estimate } };
        const section = costSection(reviewFacts({ run, changeSet: approvableChangeSet, environment }));
        expect(section?.toString()).toContain("script&gt;");
        expect(section?.toString()).not.toContain("<script>");
      }),
      { numRuns: 20 },
    );
  });
});
