import { type Finding, SEVERITIES } from "@groundplane/contracts";
import { type Html, html } from "./html.ts";
import { resourceLink } from "./resource-link.ts";
import type { ReviewFacts } from "./review-facts.ts";

const STATUS_WORDS: Readonly<Record<Finding["status"], string>> = {
  violation: "is broken",
  "not-evaluated": "could not be evaluated",
  exempted: "is exempted",
};

const FINDERS: Readonly<Record<Finding["foundBy"], string>> = {
  engine: "the engine's run of the pack",
  "change-set": "the review of the change set",
  "data-guard": "the data guard",
  pipeline: "the pipeline",
};

/** One group for each rule and standing: thirty resources with one fault read as one. */
function groupByRule(findings: readonly Finding[]): readonly (readonly [Finding, ...Finding[]])[] {
  const groups = new Map<string, [Finding, ...Finding[]]>();
  for (const finding of findings) {
    const { pack, rule, status, enforcement } = finding;
    const key = JSON.stringify([pack.name, pack.version, rule, status, enforcement]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  return [...groups.values()].sort(
    ([a], [b]) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity),
  );
}

function ruleItem(group: readonly [Finding, ...Finding[]], tone: string, facts: ReviewFacts): Html {
  const [first] = group;
  const remedies = new Set(group.map(({ remedy }) => remedy));
  const shared = remedies.size === 1;
  // What is exempted is not asked to be mended.
  const remedyOf = ({ remedy, status }: Finding) =>
    remedy !== "" && status !== "exempted" && html`<p class="remedy"><strong>Remedy:</strong> ${remedy}</p>`;
  return html`<li class="panel ${tone}"><h3>${first.title} <span class="tag ${first.severity}">${first.severity}</span></h3><p class="soft"><code>${first.rule}</code> ${STATUS_WORDS[first.status]}, ${first.enforcement}; ${first.pack.name} ${first.pack.version}, found by ${FINDERS[first.foundBy]}</p><ul class="found">${group.map(
    (finding) =>
      html`<li>${finding.urn === undefined ? html`<strong>the stack</strong>` : resourceLink(finding.urn, facts)}: <span class="said">${finding.message}</span>${!shared && remedyOf(finding)}</li>`,
  )}</ul>${shared && remedyOf(first)}${first.source !== undefined && html`<p class="soft">Source: ${first.source}</p>`}</li>`;
}

function findingList(findings: readonly Finding[], tone: string, facts: ReviewFacts): Html {
  return html`<ul class="panels">${groupByRule(findings).map((group) => ruleItem(group, tone, facts))}</ul>`;
}

export function blockingSection(facts: ReviewFacts): Html | undefined {
  const { blocking } = facts;
  if (blocking.length === 0) return undefined;
  return html`<section id="blocking"><h2>Blocking findings <span class="count">${blocking.length}</span></h2>${findingList(blocking, "bad", facts)}</section>`;
}

/** Findings that do not block: what was exempted, then advice. */
export function otherFindingsSection(facts: ReviewFacts): Html | undefined {
  const { others } = facts;
  if (others.length === 0) return undefined;
  const exempted = others.filter(({ status }) => status === "exempted");
  const advice = others.filter(({ status }) => status !== "exempted");
  return html`<section id="findings"><h2>Findings that do not block <span class="count">${others.length}</span></h2>${
    exempted.length > 0 && html`<h3 class="part">Exempted</h3>${findingList(exempted, "warn", facts)}`
  }${advice.length > 0 && html`<h3 class="part">Advice</h3>${findingList(advice, "", facts)}`}</section>`;
}
