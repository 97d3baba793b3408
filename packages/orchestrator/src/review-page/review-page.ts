import { createHash } from "node:crypto";
import { changeSection } from "./change-section.ts";
import { costSection } from "./cost-section.ts";
import { decisionSection, titleOf } from "./decision-section.ts";
import { driftSection } from "./drift-section.ts";
import { blockingSection, otherFindingsSection } from "./finding-section.ts";
import type { Html } from "./html.ts";
import { html } from "./html.ts";
import { lossSection } from "./loss-section.ts";
import { digestSection, outputSection, timelineSection } from "./record-sections.ts";
import { type ReviewPageOptions, reviewFacts } from "./review-facts.ts";
import { riskSection } from "./risk-section.ts";
import { stackSection } from "./stack-section.ts";
import { STYLE } from "./style.ts";

/** Only this one style sheet; no script, picture, font, frame, form or address of any kind. */
const SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(STYLE.toString()).digest("base64")}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

const LOCK = html`<svg class="symbols" aria-hidden="true"><symbol id="lock" viewBox="0 0 12 14"><path d="M2 6V4a4 4 0 0 1 8 0v2h1a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1H1a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1zm2 0h4V4a2 2 0 0 0-4 0z"/></symbol></svg>`;

interface Part {
  readonly id: string;
  readonly label: string;
  readonly count?: number;
  readonly content: Html | undefined;
}

/**
 * The review of one run as one HTML file: what the person who approves looks at. It loads nothing and runs
 * nothing. All text of the run is escaped; the same input gives the same bytes.
 */
export function reviewPage(options: ReviewPageOptions): string {
  const facts = reviewFacts(options);
  const { run, changeSet } = facts;
  const title = titleOf(facts);
  const parts: readonly Part[] = [
    { id: "decision", label: "Decision", content: decisionSection(facts) },
    { id: "losses", label: "What is lost", content: lossSection(facts) },
    {
      id: "blocking",
      label: "Blocking findings",
      count: facts.blocking.length,
      content: blockingSection(facts),
    },
    { id: "risk", label: "Risk", content: riskSection(facts) },
    {
      id: "drift",
      label: "Drift",
      count: changeSet.refreshed?.length ?? 0,
      content: driftSection(facts),
    },
    { id: "changes", label: "Changes", count: changeSet.changes.length, content: changeSection(facts) },
    { id: "cost", label: "Cost", content: costSection(facts) },
    { id: "outputs", label: "Outputs", count: changeSet.outputs.length, content: outputSection(facts) },
    {
      id: "findings",
      label: "Other findings",
      count: facts.others.length,
      content: otherFindingsSection(facts),
    },
    { id: "stacks", label: "Stacks", content: stackSection(facts) },
    { id: "digest", label: "Digest", content: digestSection(facts) },
    { id: "timeline", label: "Timeline", content: timelineSection(facts) },
  ];
  const shown = parts.filter(({ content }) => content !== undefined);
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${SECURITY_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">
<title>${title} · ${run.id}</title>
<style>${STYLE}</style></head>
<body>${LOCK}<a class="skip" href="#main">Skip to the review</a>
${run.sandbox && html`<p class="banner" role="note"><strong>Sandbox.</strong> No real cloud is behind this run.</p>`}
<header><p class="soft">${run.project} / ${run.stack}</p><h1>${title}</h1></header>
<div class="columns"><nav aria-label="Parts of the review"><ul>${shown.map(
    ({ id, label, count }) =>
      html`<li><a href="#${id}">${label}${count !== undefined && html` <span class="count">${count}</span>`}</a></li>`,
  )}</ul></nav>
<main id="main">${shown.map(
    ({ content }) => html`${content}
`,
  )}</main></div>
<footer><p class="soft">Groundplane review of ${run.id}. This file loads nothing from anywhere.</p></footer>
</body></html>
`;
  return page.toString();
}
