import type { Approver, ApproverDecision, Review } from "@groundplane/orchestrator";
import type { Reporter } from "./live/reporter.ts";
import { whyNotApprove } from "./render/approval.ts";
import { reviewLines } from "./render/review.ts";
import { type Style, type Terminal, writeLines } from "./terminal.ts";

export interface TerminalApproverOptions {
  readonly terminal: Terminal;
  readonly style: Style;
  /** Who answers. */
  readonly actor: string;
  /** Approves without asking, where the rule lets this person. */
  readonly yes: boolean;
  /** What else is on the screen, and makes room for the question. */
  readonly reporter: Reporter;
}

const ANSWERS: Readonly<Record<string, "approve" | "reject" | "later">> = {
  a: "approve",
  approve: "approve",
  r: "reject",
  reject: "reject",
  l: "later",
  later: "later",
  "": "later",
};

/**
 * Asks the person at the terminal to approve, reject or leave it for later. Never asks without a terminal, and
 * never approves for someone whom the rule does not allow.
 */
export class TerminalApprover implements Approver {
  readonly name = "terminal";
  readonly #options: TerminalApproverOptions;

  constructor(options: TerminalApproverOptions) {
    this.#options = options;
  }

  async decide(review: Review, signal?: AbortSignal): Promise<ApproverDecision | "later"> {
    const { terminal, style, actor, yes, reporter } = this.#options;
    if (!yes && !terminal.interactive) return "later";
    const refused = whyNotApprove(review.run, actor);
    if (refused !== undefined) {
      reporter.note(`${yes ? "--yes does not approve" : "Not asking you"}: ${refused}.`);
      return "later";
    }
    if (yes) return { by: actor, verdict: "approve", comment: "--yes" };
    reporter.pause();
    writeLines(terminal.stderr, ["", ...reviewLines(review, style), ""]);
    const answer = await this.#ask(signal);
    // What follows a "later" or a rejection is the summary alone.
    if (answer !== "later" && answer.verdict === "approve") reporter.resume();
    return answer;
  }

  async #ask(signal: AbortSignal | undefined): Promise<ApproverDecision | "later"> {
    const { terminal, style, actor } = this.#options;
    const question = `${style.bold("Approve")} as ${actor}? ${style.dim("approve / reject / later")} [later] `;
    while (signal?.aborted !== true) {
      const answer = ANSWERS[(await terminal.ask(question, signal)).trim().toLowerCase()];
      if (answer === "later") return "later";
      if (answer !== undefined) return { by: actor, verdict: answer };
      writeLines(terminal.stderr, ["Type approve, reject or later (or a, r, l)."]);
    }
    return "later";
  }
}
