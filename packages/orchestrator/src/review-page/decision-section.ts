import {
  assumptionText,
  brakeHolds,
  type Decision,
  decisionsMissing,
  hasChanges,
  type RunRecord,
} from "@groundplane/contracts";
import { BY_WEIGHT } from "./change-groups.ts";
import { operationBadge } from "./change-section.ts";
import { type Html, html } from "./html.ts";
import type { ReviewFacts } from "./review-facts.ts";
import { counted, OPERATION_TITLE, ruleSentence, shellWord, utcTime } from "./words.ts";

interface Verdict {
  readonly tone: "good" | "warn" | "bad" | "calm";
  readonly title: string;
  readonly says: string;
}

function doneVerdict({ run, changeSet }: ReviewFacts): Verdict {
  const reason = run.reason?.message ?? "";
  if (run.operation === "preview" && run.reason?.code === "PREVIEW_ONLY") {
    return { tone: "calm", title: "A preview", says: "Nothing was applied, and nothing is asked." };
  }
  switch (run.outcome) {
    case "applied":
      return { tone: "good", title: "Applied", says: "What is shown here was applied." };
    case "rolled-back":
      return run.operation === "rollback"
        ? { tone: "good", title: "Rolled back", says: `What run ${run.returnTo} deployed stands again.` }
        : { tone: "bad", title: "Failed, and rolled back", says: reason };
    case "unchanged":
      return { tone: "calm", title: "No changes", says: "What stands is what the program says." };
    case "rejected":
    case "expired":
    case "cancelled":
      return { tone: "warn", title: `Ended: ${run.outcome}`, says: reason };
    default:
      return {
        tone: "bad",
        title: `Ended: ${run.outcome ?? (hasChanges(changeSet) ? "failed" : "done")}`,
        says: reason,
      };
  }
}

/** Where the run stands, in a few words. */
export function verdictOf(facts: ReviewFacts): Verdict {
  const { run, blocking } = facts;
  switch (run.state) {
    case "BLOCKED":
      return {
        tone: "bad",
        title: `Blocked by ${counted(blocking.length, "finding")}`,
        says: "Nobody can approve this run. Mend what blocks it, and ask again.",
      };
    case "WAIT_FOR_APPROVE":
      if (brakeHolds(run)) {
        return {
          tone: "warn",
          title: "Held by the budget's brake",
          says: "Nothing has changed yet. Someone who may lift the brake has to, and the approval rule has to be met.",
        };
      }
      return run.approvalsMissing === 0
        ? { tone: "good", title: "Approved, not yet applied", says: "No further approval is needed." }
        : {
            tone: "warn",
            title: `Waits for ${counted(run.approvalsMissing, "approval")}`,
            says: "Nothing has changed yet. You are asked to approve or to reject exactly what this page shows.",
          };
    case "DONE":
      return doneVerdict(facts);
    case "APPLYING":
      return { tone: "calm", title: "Being applied", says: "It was approved; the engine is at work." };
    case "ROLLBACK":
      return { tone: "bad", title: "Being rolled back", says: run.reason?.message ?? "" };
    default:
      return { tone: "calm", title: "Under review", says: "Nothing has changed, and nothing is asked yet." };
  }
}

const command = (text: string): Html => html`<code class="command">${text}</code>`;

function commands(facts: ReviewFacts): Html | undefined {
  const { run, losses } = facts;
  const back = run.returnTo === undefined ? [] : ["--to", run.returnTo];
  const dry = run.returnTo !== undefined && run.operation === "preview" ? ["--dry-run"] : [];
  const operation = run.returnTo === undefined ? run.operation : "rollback";
  const words = ["groundplane", operation, run.environment, run.stack, ...back, ...dry];
  const again = words.map(shellWord).join(" ");
  if (run.state === "WAIT_FOR_APPROVE" && run.approvalsMissing > 0) {
    return html`<dl class="commands">${
      // Where only the brake holds it there is nothing to approve.
      decisionsMissing(run) > 0 &&
      html`<div><dt>Approve</dt><dd>${command(`groundplane approve ${shellWord(run.id)}`)}</dd></div>`
    }<div><dt>Reject</dt><dd>${command(`groundplane reject ${shellWord(run.id)} --comment "<why>"`)}</dd></div></dl>`;
  }
  if (run.state !== "BLOCKED") return undefined;
  const confirmable = losses.filter(({ standing }) => standing === "unconfirmed");
  const confirmed = [...confirmable.map(({ change }) => change.urn), ...run.confirmed];
  const confirming = [again, ...confirmed.map((urn) => `--confirm ${shellWord(urn)}`)].join(" \\\n  ");
  return html`<dl class="commands"><div><dt>Ask again, once mended</dt><dd>${command(again)}</dd></div>${
    confirmable.length > 0 &&
    html`<div><dt>Ask again, if the loss of data is meant</dt><dd>${command(confirming)}</dd></div>`
  }</dl>`;
}

/** What the words mean where only a state is written. */
function stateOnly({ changeSet }: ReviewFacts): Html | undefined {
  if (changeSet.operation !== "state") return undefined;
  return html`<p class="note">Only the state is written; nothing in the cloud changes. <b>import</b> means that it knows the resource again, <b>update</b> that it holds other values, <b>forget</b> that it does not know the resource any more, and that nothing manages it.${
    changeSet.unreadable !== undefined && html` The present state: ${changeSet.unreadable}.`
  }</p>`;
}

function decisionLine({ by, verdict, at, comment }: Decision): Html {
  return html`<li><strong>${by}</strong> ${verdict === "approve" ? "approved" : "rejected"} <span class="soft">${utcTime(at)}</span>${
    comment !== undefined && html`: <q>${comment}</q>`
  }</li>`;
}

/** Who of a group has spoken, and who may still. */
function groupMembers(run: RunRecord): Html | undefined {
  const rule = run.approvalRule;
  if (rule.type !== "group") return undefined;
  const approved = new Set(run.decisions.filter(({ verdict }) => verdict === "approve").map(({ by }) => by));
  return html`<ul class="plain">${rule.members.map((member) => {
    const stands = approved.has(member)
      ? "has approved"
      : member === run.requester && !rule.requesterCounts
        ? "asked for it; does not count"
        : "may approve";
    return html`<li>${member} <span class="soft">${stands}</span></li>`;
  })}</ul>`;
}

/** Agreed to with the approval: nobody is asked once more. */
function onFailureWords(to: string | undefined): Html {
  return to === undefined
    ? html`it stops where it is: there is nothing to go back to yet`
    : html`it goes back to run <code>${to}</code> by itself, unless that would lose data or a policy blocks it`;
}

function askFacts({ run, environment, changeSet }: ReviewFacts): Html {
  const waits = run.state === "WAIT_FOR_APPROVE";
  const rows: readonly (readonly [string, Html | string] | false)[] = [
    [
      "Environment",
      `${run.environment}: ${environment.protected ? "protected" : "not protected"}, ${run.sandbox ? "sandbox" : "real cloud"}`,
    ],
    ["Asked by", html`${run.requester} <span class="soft">${utcTime(run.createdAt)}</span>`],
    ["Rule", html`${ruleSentence(run.approvalRule, run.requester)}${groupMembers(run)}`],
    run.returnTo !== undefined && [
      "Goes back to",
      html`run <code>${run.returnTo}</code>, with its program and config and the environment's rules of now`,
    ],
    run.onFailure?.rule === "roll-back" && ["If it fails", onFailureWords(run.onFailure.to)],
    run.decisions.length > 0 && [
      "Decisions",
      html`<ul class="plain">${run.decisions.map(decisionLine)}</ul>`,
    ],
    waits && ["Missing", run.approvalsMissing === 0 ? "nothing" : counted(run.approvalsMissing, "approval")],
    run.expiresAt !== undefined && [
      "Lapses",
      html`<time datetime="${run.expiresAt}">${utcTime(run.expiresAt)}</time>`,
    ],
    run.digest !== undefined && [
      "Digest",
      html`<a href="#digest"><code>${run.digest.digest.slice(0, 19)}…</code></a> <span class="soft">an approval is good for this only</span>`,
    ],
    changeSet.assumes !== undefined && [
      "Rests on",
      html`${assumptionText(changeSet.assumes)} <span class="soft">so nobody can approve it, and no plan of it is kept</span>`,
    ],
    ["Run", html`<code>${run.id}</code>`],
  ];
  return html`<dl class="facts">${rows.map((row) => row !== false && html`<div><dt>${row[0]}</dt><dd>${row[1]}</dd></div>`)}</dl>`;
}

function tally({ changeSet }: ReviewFacts): Html {
  const counts = BY_WEIGHT.filter(
    (operation) => operation !== "same" && (changeSet.counts[operation] ?? 0) > 0,
  );
  const same = changeSet.counts.same ?? 0;
  const drifted = changeSet.refreshed?.length ?? 0;
  if (counts.length === 0 && changeSet.outputs.length === 0 && drifted === 0)
    return html`<p class="tally">Nothing to do; ${counted(same, "resource")} unchanged.</p>`;
  return html`<p class="tally">${
    drifted > 0 &&
    html`<span><a href="#drift"><b>${drifted}</b> ${drifted === 1 ? "resource" : "resources"} drifted</a></span> `
  }${counts.map((operation) => html`<span><b>${changeSet.counts[operation]}</b> ${operationBadge(operation)}</span> `)}${
    changeSet.outputs.length > 0 &&
    html`<span class="soft">${counted(changeSet.outputs.length, "output")} ${changeSet.outputs.length === 1 ? "changes" : "change"}</span> `
  }${same > 0 && html`<span class="soft">${same} unchanged</span>`}</p>`;
}

/** Verdict, and what is asked of the reader. */
export function decisionSection(facts: ReviewFacts): Html {
  const { run, losses } = facts;
  const { tone, title, says } = verdictOf(facts);
  return html`<section id="decision" class="panel ${tone}"><p class="verdict">${title}</p><p class="said">${says}</p>${
    losses.length > 0 &&
    html`<p class="alarm"><a href="#losses">${counted(losses.length, "resource")} ${losses.length === 1 ? "loses" : "lose"} data</a>: ${losses
      .slice(0, 3)
      .map(({ change, what }) => `${change.name} (${what})`)
      .join(", ")}${losses.length > 3 && ` and ${losses.length - 3} more`}.</p>`
  }${tally(facts)}${stateOnly(facts)}${commands(facts)}${askFacts(facts)}<p class="soft note">As of ${utcTime(run.updatedAt)}. Where it stands now: <code>groundplane status ${run.id}</code></p></section>`;
}

export function titleOf({ run }: ReviewFacts): string {
  return `${OPERATION_TITLE[run.operation]} ${run.stack} ${run.operation === "deploy" || run.operation === "preview" ? "to" : "in"} ${run.environment}`;
}
