import { type ChangeOperation, changeNote, nameOfUrn, type ResourceChange } from "@groundplane/contracts";
import { BY_WEIGHT, type ChangeGroup, groupChanges } from "./change-groups.ts";
import { type Html, html } from "./html.ts";
import { propertyList, shownProperties } from "./property-list.ts";
import type { ReviewFacts } from "./review-facts.ts";
import { riskFacts } from "./risk-facts.ts";
import { counted, OPERATION_LOOK } from "./words.ts";

/** Up to this many resources to create are shown open: more of them bury the rest. Those with a risk always are. */
const OPEN_CREATES = 8;

export function operationBadge(operation: ChangeOperation): Html {
  const { sign, word } = OPERATION_LOOK[operation];
  return html`<span class="op ${operation}"><i>${sign}</i>${word}</span>`;
}

/** Checkboxes that hide by operation, with CSS alone. */
function filters({ changeSet }: ReviewFacts): Html | undefined {
  const present = BY_WEIGHT.filter((operation) =>
    changeSet.changes.some((change) => change.operation === operation),
  );
  return html`<fieldset class="filters"><legend>Show</legend>${
    present.length > 1 &&
    present.map(
      (operation) =>
        html`<label><input type="checkbox" id="show-${operation}" checked> ${OPERATION_LOOK[operation].word} <span class="count">${changeSet.changes.filter((change) => change.operation === operation).length}</span></label>`,
    )
  }<label><input type="checkbox" id="expand"> every property</label></fieldset>`;
}

function remarks(change: ResourceChange): Html {
  const shown = shownProperties(change.properties);
  return html`${change.protect && html`<span class="tag">protected</span>`}${change.holdsData && html`<span class="tag data">holds data</span>`}<span class="soft">${
    shown.length > 0 && counted(shown.length, "property", "properties")
  }</span>`;
}

function body(change: ResourceChange, groupOf: ChangeGroup, { changeSet }: ReviewFacts): Html {
  const stateOnly = changeSet.operation === "state";
  const parent = change.parent === undefined ? undefined : nameOfUrn(change.parent);
  const isBelow = parent !== undefined && parent !== groupOf.path.at(-1) && change !== groupOf.own;
  const hasProperties = shownProperties(change.properties).length > 0;
  const note = changeNote(change, changeSet);
  return html`${note !== undefined && html`<p class="note">${note}</p>`}${hasProperties ? propertyList(change.properties) : html`<p class="note">${noProperties(change, stateOnly)}</p>`}<p class="urn">${
    isBelow && html`Belongs to ${parent}. `
  }${change.id !== undefined && html`Id <code>${change.id}</code>. `}<code>${change.urn}</code></p>`;
}

function noProperties({ operation }: ResourceChange, stateOnly: boolean): string {
  switch (operation) {
    case "delete":
      return "The resource goes away with all its properties.";
    case "forget":
      if (stateOnly) return "The state does not know it any more; nothing happens to it in the cloud.";
      return "It stays in the cloud, and the stack no longer manages it.";
    case "read":
      return "It is looked up, and not changed.";
    default:
      return "No property of its own.";
  }
}

function changeItem(change: ResourceChange, group: ChangeGroup, facts: ReviewFacts, open: boolean): Html {
  // Inside, so that a link to it opens it.
  const anchor = facts.anchors.get(change.urn);
  const summary = html`<summary>${operationBadge(change.operation)} <span class="what"><strong>${change.name}</strong> <span class="type">${change.type}</span></span> <span class="remarks">${remarks(change)}</span></summary>`;
  return html`<li class="change on-${change.operation}"><details${open && html` open`}>${summary}<span class="here" id="${anchor}"></span>${body(change, group, facts)}</details></li>`;
}

function groupHeading(group: ChangeGroup): Html {
  const type = group.type === "pulumi:pulumi:Stack" ? "stack" : group.type;
  const above = group.path.slice(0, -1).map((name) => html`<span class="soft">${name} / </span>`);
  const badge = group.own !== undefined && html` ${operationBadge(group.own.operation)}`;
  return html`<h3>${above}${group.path.at(-1)} <span class="type">${type}</span>${badge}</h3>`;
}

/** A component says little of its own: mostly, that it is there. */
function ownChange(group: ChangeGroup, facts: ReviewFacts): Html | undefined {
  if (group.own === undefined) return undefined;
  const says = shownProperties(group.own.properties).length > 0;
  return says
    ? html`<ul>${changeItem(group.own, group, facts, group.own.operation !== "create")}</ul>`
    : html`<span id="${facts.anchors.get(group.own.urn)}"></span>`;
}

/** Every change, by the component it is in. */
export function changeSection(facts: ReviewFacts): Html | undefined {
  const { changeSet } = facts;
  if (changeSet.changes.length === 0) return undefined;
  const { openings, exposed, permissions, safeguards } = riskFacts(changeSet);
  const risky = new Set([...openings, ...exposed, ...permissions, ...safeguards].map(({ urn }) => urn));
  const creates = changeSet.changes.filter(({ operation }) => operation === "create").length;
  const opens = ({ urn, operation, properties }: ResourceChange) =>
    shownProperties(properties).length > 0 &&
    (operation === "create" ? creates <= OPEN_CREATES || risky.has(urn) : operation !== "read");
  return html`<section id="changes"><h2>Changes <span class="count">${changeSet.changes.length}</span></h2>${filters(facts)}${groupChanges(
    changeSet,
  ).map(
    (group) =>
      html`<div class="group">${groupHeading(group)}${ownChange(group, facts)}<ul>${group.changes.map(
        (change) => changeItem(change, group, facts, opens(change)),
      )}</ul></div>`,
  )}</section>`;
}
