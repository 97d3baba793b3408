import { operationBadge } from "./change-section.ts";
import { type Html, html } from "./html.ts";
import { propertyList } from "./property-list.ts";
import { resourceLink } from "./resource-link.ts";
import { type Loss, type ReviewFacts, removes } from "./review-facts.ts";
import { counted } from "./words.ts";

const STANDING: Readonly<Record<Loss["standing"], { readonly tone: string; readonly text: string }>> = {
  protected: {
    tone: "bad",
    text: "Protected: there is no override. Its protection is to be taken off in a deployment of its own.",
  },
  confirmed: { tone: "warn", text: "Confirmed by name. Approving this run deletes the data." },
  unconfirmed: { tone: "bad", text: "Not confirmed by name: this blocks the run." },
};

function lossItem(loss: Loss): Html {
  const { change, what, standing } = loss;
  const causes = change.properties.filter(({ replaces }) => replaces);
  const { tone, text } = STANDING[standing];
  return html`<li class="panel ${tone}"><p>${operationBadge(change.operation)} <strong>${change.name}</strong> <span class="type">${change.type}</span></p><p class="lost">Lost: <strong>${what}</strong>${
    change.id !== undefined && html`, of <code>${change.id}</code>`
  }.</p><p>${text}</p>${
    causes.length > 0 && html`<p class="soft">It is replaced because of:</p>${propertyList(causes)}`
  }<p class="urn"><code>${change.urn}</code></p></li>`;
}

/** What goes away, data first. */
export function lossSection(facts: ReviewFacts): Html | undefined {
  const { losses, changeSet } = facts;
  const lost = new Set(losses.map(({ change }) => change.urn));
  const others = changeSet.changes.filter((change) => removes(change) && !lost.has(change.urn));
  const forgotten = changeSet.changes.filter(({ operation }) => operation === "forget");
  if (losses.length + others.length + forgotten.length === 0) return undefined;
  const list = (changes: typeof others): Html =>
    html`<ul class="plain">${changes.map(
      (change) =>
        html`<li>${operationBadge(change.operation)} ${resourceLink(change.urn, facts)} <span class="type">${change.type}</span></li>`,
    )}</ul>`;
  return html`<section id="losses"><h2>What is lost <span class="count">${losses.length + others.length + forgotten.length}</span></h2>${
    losses.length > 0 && html`<ul class="panels">${losses.map(lossItem)}</ul>`
  }${
    others.length > 0 &&
    html`<h3>${losses.length > 0 ? "Also deleted or replaced, holding no data by type" : "Deleted or replaced; none holds data by type"}</h3>${list(others)}`
  }${
    forgotten.length > 0 &&
    html`<h3>${counted(forgotten.length, "resource")} left in the cloud, no longer managed</h3>${list(forgotten)}`
  }</section>`;
}
