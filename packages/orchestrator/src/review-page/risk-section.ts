import { type Html, html } from "./html.ts";
import { resourceLink } from "./resource-link.ts";
import { type ReviewFacts, removes } from "./review-facts.ts";
import { type RiskNote, riskFacts } from "./risk-facts.ts";
import { counted } from "./words.ts";

/** More notes than this are folded. */
const SHOWN_NOTES = 6;

interface RiskRow {
  readonly tone: "bad" | "warn" | "calm";
  readonly says: string;
  readonly why: string;
  readonly notes?: readonly RiskNote[];
}

const are = (count: number, one: string, many?: string): string =>
  `${counted(count, one, many)} ${count === 1 ? "is" : "are"}`;

/** Which they are stands right above, under what is lost. */
function removalRows({ losses, changeSet }: ReviewFacts): readonly RiskRow[] {
  const [deleted, replaced] = [changeSet.counts.delete ?? 0, changeSet.counts.replace ?? 0];
  const rows: (RiskRow | false)[] = [
    losses.length > 0 && {
      tone: "bad",
      says: `${counted(losses.length, "resource")} with data or under protection ${losses.length === 1 ? "goes" : "go"} away.`,
      why: "A rollback brings the resource back, not what was in it.",
    },
    deleted > 0 && {
      tone: "warn",
      says: `${are(deleted, "resource")} deleted.`,
      why: "Whoever still uses one of them by its id or address fails.",
    },
    replaced > 0 && {
      tone: "warn",
      says: `${are(replaced, "resource")} replaced.`,
      why: "Ids, addresses and names that were given out change, and there may be a gap in service.",
    },
  ];
  return rows.filter((row) => row !== false);
}

function accessRows({ changeSet }: ReviewFacts): readonly RiskRow[] {
  const { openings, exposed, permissions, safeguards, unknownValues } = riskFacts(changeSet);
  const rows: (RiskRow | false)[] = [
    exposed.length > 0 && {
      tone: "bad",
      says: `${counted(exposed.length, "rule")} of what is changed ${exposed.length === 1 ? "lets" : "let"} any address in.`,
      why: "The whole internet can try.",
      notes: exposed,
    },
    safeguards.length > 0 && {
      tone: "warn",
      says: `${are(safeguards.length, "safeguard")} off afterwards.`,
      why: "Each is there for the day when something goes wrong.",
      notes: safeguards,
    },
    openings.length > 0 && {
      tone: "warn",
      says: `${are(openings.length, "safe default")} loosened, with a reason.`,
      why: "Judge whether the reason still holds.",
      notes: openings,
    },
    permissions.length > 0 && {
      tone: "warn",
      says: `${counted(permissions.length, "change")} to who may do what.`,
      why: "Read the policies line by line: what is granted here outlives this deployment.",
      notes: permissions,
    },
    unknownValues > 0 && {
      tone: "calm",
      says: `${are(unknownValues, "value")} known only after apply.`,
      why: "Policies see them again before each resource is made.",
    },
  ];
  return rows.filter((row) => row !== false);
}

function standingRows({ run, environment, others }: ReviewFacts): readonly RiskRow[] {
  const undecided = others.filter(({ status }) => status === "not-evaluated").length;
  const exempted = others.filter(({ status, rule }) => status === "exempted" && rule !== "data-loss").length;
  const rows: (RiskRow | false)[] = [
    environment.protected
      ? {
          tone: "warn",
          says: `${run.environment} is protected.`,
          why: "It is shared or production: other people rely on it.",
        }
      : {
          tone: "calm",
          says: `${run.environment} is not protected.`,
          why: "It is not marked as shared or production.",
        },
    run.sandbox && { tone: "calm", says: "It is a sandbox.", why: "No real cloud, no bill, no users." },
    undecided > 0 && {
      tone: "warn",
      says: `${counted(undecided, "finding")} could not be evaluated.`,
      why: `${run.environment} is not strict, so they do not block.`,
    },
    exempted > 0 && {
      tone: "warn",
      says: `${counted(exempted, "finding")} ${exempted === 1 ? "is" : "are"} exempted.`,
      why: "A rule is broken, and someone answered for it.",
    },
  ];
  return rows.filter((row) => row !== false);
}

function noteList(notes: readonly RiskNote[], facts: ReviewFacts): Html {
  const items = notes.map(({ urn, text }) => html`<li>${resourceLink(urn, facts)}: ${text}</li>`);
  const rest = items.slice(SHOWN_NOTES);
  return html`<ul class="plain">${items.slice(0, SHOWN_NOTES)}</ul>${
    rest.length > 0 &&
    html`<details class="fold"><summary>${rest.length} more</summary><ul class="plain">${rest}</ul></details>`
  }`;
}

/** Why one may hesitate, each with its facts. There is no score: it would hide what it is made of. */
export function riskSection(facts: ReviewFacts): Html {
  const rows = [...removalRows(facts), ...accessRows(facts), ...standingRows(facts)];
  const quiet = !facts.changeSet.changes.some(removes) && rows.every(({ tone }) => tone === "calm");
  return html`<section id="risk"><h2>Risk</h2>${
    quiet && html`<p>Nothing is deleted, replaced, opened or granted.</p>`
  }<ul class="risks">${rows.map(
    ({ tone, says, why, notes }) =>
      html`<li class="${tone}"><p><strong>${says}</strong> ${why}</p>${notes !== undefined && noteList(notes, facts)}</li>`,
  )}</ul></section>`;
}
