import { brakeHolds, type CostItem, type CostRange, rangeText, totalText } from "@groundplane/contracts";
import { type Html, html } from "./html.ts";
import { resourceLink } from "./resource-link.ts";
import type { ReviewFacts } from "./review-facts.ts";
import { utcTime } from "./words.ts";

const NOTHING: CostRange = { low: 0, expected: 0, high: 0 };

function change({ before = NOTHING, after = NOTHING }: CostItem): CostRange {
  return {
    low: after.low - before.low,
    expected: after.expected - before.expected,
    high: after.high - before.high,
  };
}

function itemLine(item: CostItem, facts: ReviewFacts): Html {
  const { charges, unknown } = item;
  const parts = charges.map(
    ({ what, quantity, unit, unitUsd, monthlyUsd }) =>
      html`<li>${what}: ${rangeText(monthlyUsd)} <span class="soft">${rangeText(quantity)} ${unit} at ${unitUsd}</span></li>`,
  );
  return html`<li>${resourceLink(item.urn, facts)}: ${charges.length > 0 && html`<strong>${rangeText(change(item), true)}</strong>`}${
    unknown.length > 0 && html` <span class="tag medium">${charges.length > 0 && "plus "}unknown</span>`
  }<ul class="plain">${parts}${unknown.map((why) => html`<li>no figure: ${why}</li>`)}</ul></li>`;
}

function budgetPart({ run }: ReviewFacts): Html | undefined {
  const budget = run.cost?.budget;
  if (budget === undefined) return undefined;
  const { forecast, percent, monthlyUsd, stacks, brake, liftedBy } = budget;
  const lift = run.budgetLift;
  return html`<h3 class="part">Budget</h3><p>The environment would cost ${totalText(forecast)} USD a month: ${percent ?? "?"} % of its budget of ${monthlyUsd} USD.</p>${
    brake !== undefined &&
    html`<p class="alarm">${brakeHolds(run) ? "The brake holds this change" : "The brake was lifted"}: ${brake}.</p>`
  }${
    lift !== undefined &&
    html`<p><strong>${lift.by}</strong> lifted it <span class="soft">${utcTime(lift.at)}</span>: <q>${lift.reason}</q></p>`
  }${
    brakeHolds(run) &&
    run.state === "WAIT_FOR_APPROVE" &&
    html`<p>It may be lifted by ${liftedBy.join(", ") || "nobody: budget.liftedBy is empty"}: <code class="command">groundplane lift-budget ${run.id} --reason "&lt;why&gt;"</code></p>`
  }<ul class="plain">${stacks.map(
    ({ stack, after }) =>
      html`<li>${stack}: ${after === undefined ? "unknown, no run estimated it" : totalText(after)}</li>`,
  )}</ul>`;
}

/** What the change adds to the monthly bill, and what the figures rest on. */
export function costSection(facts: ReviewFacts): Html | undefined {
  const { cost } = facts.run;
  if (cost === undefined) return undefined;
  const { estimate, problem } = cost;
  if (estimate === undefined) {
    return html`<section id="cost"><h2>Cost</h2><p class="alarm">It could not be estimated: ${problem ?? "no reason is known"}.</p>${budgetPart(facts)}</section>`;
  }
  const { items, prices, assumptions } = estimate;
  return html`<section id="cost"><h2>Cost</h2><p><strong>${totalText(estimate.change, true)}</strong> USD a month; the stack costs ${totalText(estimate.before)} now and ${totalText(estimate.after)} then.</p>${
    items.length > 0 && html`<ul class="found">${items.map((item) => itemLine(item, facts))}</ul>`
  }${
    assumptions.length > 0 &&
    html`<details><summary>What is assumed</summary><ul class="plain">${assumptions.map(
      ({ name, low, expected, high, unit, about, given }) =>
        html`<li><code>${name}</code>: ${rangeText({ low, expected, high })} ${unit} <span class="soft">${about}${given && ", as the environment says"}</span></li>`,
    )}</ul></details>`
  }<p class="soft note">List prices of ${prices.asOf}, without tax, discounts, free tiers and data transfer.</p>${budgetPart(facts)}</section>`;
}
