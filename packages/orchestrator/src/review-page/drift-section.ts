import { type DriftIgnore, type DriftItem, openProperties } from "@groundplane/contracts";
import { type Html, html } from "./html.ts";
import { propertyList } from "./property-list.ts";
import type { ReviewFacts } from "./review-facts.ts";

const ignored = ({ reason, who, until }: DriftIgnore): string =>
  `not ours to mend until ${until}, says ${who}: ${reason}`;

function driftItem(item: DriftItem): Html {
  const open = openProperties(item);
  const others = item.properties.length - open.length;
  const badge =
    item.kind === "missing"
      ? html`<span class="op delete"><i>−</i>missing</span>`
      : html`<span class="op update"><i>~</i>changed</span>`;
  const summary = html`<summary>${badge} <span class="what"><strong>${item.name}</strong> <span class="type">${item.type}</span></span></summary>`;
  return html`<li class="change"><details open>${summary}${
    item.kind === "missing" && html`<p class="note">The state has it, and the cloud has not.</p>`
  }${open.length > 0 && propertyList(open.map((property) => ({ ...property, replaces: false })))}${
    item.ignoredBy !== undefined && html`<p class="note">${ignored(item.ignoredBy)}</p>`
  }${item.ignoredBy === undefined && others > 0 && html`<p class="note">${others} more under an ignore rule.</p>`}<p class="urn"><code>${item.urn}</code></p></details></li>`;
}

/** What the refresh found: the values that somebody else gave the cloud, which the state takes over first. */
export function driftSection({ changeSet }: ReviewFacts): Html | undefined {
  const items = changeSet.refreshed ?? [];
  if (items.length === 0) return undefined;
  return html`<section id="drift"><h2>Drift <span class="count">${items.length}</span></h2><p>The cloud was read first. It has these values now where the state had others; the changes below begin from them.</p><ul>${items.map(driftItem)}</ul></section>`;
}
