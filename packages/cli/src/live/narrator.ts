import type { EventName, GroundplaneEvent } from "@groundplane/contracts";
import { countsLine } from "../render/counts.ts";
import { duration } from "../render/duration.ts";
import { findingsCount } from "../render/findings.ts";
import { oneLine } from "../render/plain-text.ts";
import type { OutputStream, Style } from "../terminal.ts";
import { eventWords } from "./event-line.ts";
import { type Reporter, SILENT } from "./reporter.ts";

interface Chapter {
  readonly title: string;
  readonly text: string;
}

/** What each step is for, in words for someone who sees it for the first time. */
const CHAPTERS: Readonly<Partial<Record<EventName, Chapter>>> = {
  "stack.preview.started": {
    title: "Preview",
    text: "The Pulumi engine runs the program and works out what would change. Nothing is touched yet.",
  },
  "stack.policy.started": {
    title: "Policy",
    text: "Policy packs check the planned change. What breaks a rule, or cannot be checked, stops the run here.",
  },
  "stack.review.ready": {
    title: "Approve",
    text: "A decision is good for exactly what was reviewed: plan, state, code, config and packs share one digest.",
  },
  "stack.up.started": {
    title: "Up",
    text: "The engine applies the approved plan, and nothing else, on the sandbox.",
  },
  "stack.verify.started": {
    title: "Verify",
    text: "The stack's own checks, and a preview that must show no changes.",
  },
  "stack.outputs.exported": {
    title: "Export",
    text: "What the stack hands on, as JSON, dotenv and TypeScript declarations.",
  },
};

function resultOf(event: GroundplaneEvent, style: Style): string | undefined {
  switch (event.name) {
    case "engine.resolved":
      return `Pulumi engine ${event.data.version}, ${event.data.origin}`;
    case "stack.preview.finished":
      return `${countsLine(event.data.counts, "planned", style)}, planned in ${duration(event.data.durationMs)}`;
    case "stack.policy.finished":
      return `${findingsCount(event.data.findings)}, checked in ${duration(event.data.durationMs)}`;
    case "stack.review.ready":
      return `${event.data.approvalsMissing === 0 ? "dev approves automatically" : `${event.data.approvalsMissing} approvals missing`}; ${style.dim(event.data.digest.slice(0, 23))}…`;
    case "stack.up.finished":
      return `${countsLine(event.data.counts, "done", style)} in ${duration(event.data.durationMs)}`;
    case "stack.verify.finished":
      return event.data.ok ? `in order, after ${duration(event.data.durationMs)}` : "not in order";
    case "stack.outputs.exported":
      return `version ${event.data.version}${event.data.changed ? "" : ", the same as before"}`;
    case "resource.finished":
    case "resource.failed":
    case "stack.verify.check":
    case "stack.review.void":
      return eventWords(event, style);
    case "engine.message":
      return event.data.severity === "info" ? undefined : oneLine(event.data.message);
    default:
      return undefined;
  }
}

/** Tells a run as a story: a heading and a sentence for each step, then what came of it. */
export function narrator(stream: OutputStream, style: Style): Reporter {
  let chapters = 0;
  return {
    ...SILENT,
    event: (event) => {
      const chapter = CHAPTERS[event.name];
      if (chapter !== undefined) {
        chapters += 1;
        stream.write(`\n${style.bold(`${chapters}. ${chapter.title}`)}  ${style.dim(chapter.text)}\n`);
      }
      const result = resultOf(event, style);
      if (result !== undefined) stream.write(`   ${result}\n`);
    },
    note: (line) => stream.write(`${line}\n`),
  };
}
