import type { ChangeSet, RunRecord } from "@groundplane/contracts";

/** What a person is shown. */
export interface Review {
  readonly run: RunRecord;
  readonly changeSet: ChangeSet;
  /** What the decision is bound to. */
  readonly digest: string;
}

export interface ApproverDecision {
  readonly by: string;
  readonly verdict: "approve" | "reject";
  readonly comment?: string;
}

/** Someone, or a channel to someone, who decides on a reviewed change. The terminal is one, a chat another. */
export interface Approver {
  readonly name: string;
  /** `"later"` leaves the run waiting. */
  decide(review: Review, signal?: AbortSignal): Promise<ApproverDecision | "later">;
}
