import type { RunRecord } from "@groundplane/contracts";
import { isFinishedPreview } from "../exit-code.ts";
import type { Style } from "../terminal.ts";

interface StateLook {
  readonly symbol: string;
  readonly words: string;
  readonly color: "green" | "yellow" | "red" | "cyan" | "dim";
}

const APPLIED_WORDS: Readonly<Partial<Record<RunRecord["operation"], string>>> = {
  destroy: "destroyed",
  restore: "state restored",
  settle: "operations settled",
};

/** Where a run stands, as a symbol and words. */
export function stateLook(run: RunRecord): StateLook {
  if (run.state === "BLOCKED") return { symbol: "✖", words: "blocked", color: "red" };
  if (run.state === "WAIT_FOR_APPROVE") return { symbol: "●", words: "waits for approval", color: "yellow" };
  if (run.state !== "DONE")
    return { symbol: "●", words: run.state.toLowerCase().replaceAll("_", " "), color: "cyan" };
  if (isFinishedPreview(run) && run.outcome === "cancelled")
    return { symbol: "✔", words: "previewed", color: "green" };
  if (run.reason?.code === "UPSTREAM_NOT_KNOWN")
    return { symbol: "○", words: "waits for what it needs", color: "yellow" };
  switch (run.outcome) {
    case "applied":
      return { symbol: "✔", words: APPLIED_WORDS[run.operation] ?? "applied", color: "green" };
    case "unchanged":
      return { symbol: "✔", words: "no changes", color: "green" };
    case "rolled-back":
      return run.operation === "rollback"
        ? { symbol: "✔", words: "rolled back", color: "green" }
        : { symbol: "✖", words: "failed, rolled back", color: "red" };
    case "failed":
    case undefined:
      return { symbol: "✖", words: run.outcome ?? "done", color: "red" };
    case "rejected":
    case "expired":
    case "cancelled":
      return { symbol: "○", words: run.outcome, color: "yellow" };
  }
}

export function stateText(run: RunRecord, style: Style): string {
  const look = stateLook(run);
  return style[look.color](`${look.symbol} ${look.words}`);
}
