import { DIGEST_PARTS, type DigestPart } from "@groundplane/contracts";
import { type Html, html } from "./html.ts";
import { propertyList } from "./property-list.ts";
import type { ReviewFacts } from "./review-facts.ts";
import { counted, duration, utcTime } from "./words.ts";

const PART_WORDS: Readonly<Record<DigestPart, string>> = {
  operation: "operation, run, and confirmed losses",
  changeSet: "the changes shown here",
  plan: "the engine's saved plan",
  state: "the state it starts from",
  config: "config, and what upstream stacks hand over",
  environment: "the environment's rules",
  program: "the program",
  dependencies: "the lock file",
  policyPacks: "the policy packs",
  providers: "the provider plugins",
  engine: "the engine's version",
};

/** What an approval is bound to. */
export function digestSection({ run, changeSet }: ReviewFacts): Html {
  const { digest } = run;
  const body =
    digest === undefined
      ? html`<p>There is none: ${changeSet.assumes === undefined ? "a run that is blocked" : "a preview on what is not there yet"} cannot be approved.</p>`
      : html`<p>An approval is bound to this. When any part has moved by the time of up, the approval is void and nothing is applied.</p><p><code class="digest">${digest.digest}</code></p><details><summary>${counted(DIGEST_PARTS.length, "part")}</summary><dl class="facts parts">${DIGEST_PARTS.map(
          (part) => html`<div><dt>${PART_WORDS[part]}</dt><dd><code>${digest.parts[part]}</code></dd></div>`,
        )}</dl></details>`;
  return html`<section id="digest"><h2>Digest</h2>${body}</section>`;
}

/** States and decisions as they came, with the time each state took. */
export function timelineSection({ run }: ReviewFacts): Html {
  const states = run.timeline.map(({ state, at }, index) => {
    const next = run.timeline[index + 1];
    const took = next === undefined ? undefined : duration(Date.parse(next.at) - Date.parse(at));
    return {
      at,
      what: html`<code>${state}</code>${took !== undefined && html` <span class="soft">for ${took}</span>`}`,
    };
  });
  const decisions = run.decisions.map(({ at, by, verdict, comment }) => ({
    at,
    what: html`<strong>${by}</strong> ${verdict === "approve" ? "approved" : "rejected"}${comment !== undefined && html`: <q>${comment}</q>`}`,
  }));
  const entries = [...states, ...decisions].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return html`<section id="timeline"><h2>Timeline</h2><ol class="timeline">${entries.map(
    ({ at, what }) => html`<li><time datetime="${at}">${utcTime(at)}</time> <span>${what}</span></li>`,
  )}</ol></section>`;
}

/** Outputs that change: what stacks downstream will see. */
export function outputSection({ changeSet }: ReviewFacts): Html | undefined {
  const { outputs } = changeSet;
  if (outputs.length === 0) return undefined;
  return html`<section id="outputs"><h2>Outputs that change <span class="count">${outputs.length}</span></h2><div class="card">${propertyList(outputs)}</div></section>`;
}
