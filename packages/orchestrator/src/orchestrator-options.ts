import type { Approver } from "./approval/approver.ts";
import type { LoadedProject } from "./define/load-project.ts";
import type { EngineLimits } from "./engine/engine-limits.ts";
import type { Engine } from "./engine-install/engine.ts";
import type { Journal } from "./journal/journal.ts";
import type { LeaseStore } from "./lease/lease-store.ts";
import type { EventListener } from "./pipeline/tell-listeners.ts";
import type { RestoreFrom } from "./recovery/restore.ts";

export interface OrchestratorOptions {
  /** What `loadProject` found. */
  readonly project: LoadedProject;
  /** One that throws disturbs neither the run nor the others. @default - nobody is told */
  readonly onEvent?: EventListener | readonly EventListener[];
  /** Asked once when a run wants approval. @default - runs wait for `approve` */
  readonly approver?: Approver;
  /** @default a SQLite file in the project's data folder */
  readonly journal?: Journal;
  /**
   * Where leases are kept, of runs and stacks alike; one for each project.
   * @default for runs a SQLite file in the project's data folder, for stacks a place beside their state
   */
  readonly leases?: LeaseStore;
  /** A holder of a lease that says nothing for this long has lost it. @default 60,000 */
  readonly leaseMs?: number;
  /** @default what `resolveEngine` finds or installs */
  readonly engine?: Engine;
  /** How long is waited for an engine, a pack or a backend that does not answer. @default see `EngineLimits` */
  readonly limits?: Partial<EngineLimits>;
  /** @default the system's */
  readonly clock?: () => Date;
}

export interface RunRequest {
  readonly stack: string;
  readonly environment: string;
  /** Who asks. */
  readonly requester: string;
  /** URNs that hold data and may be deleted or replaced by this run. @default - none */
  readonly confirm?: readonly string[];
  /**
   * How many milliseconds to queue for the stack while someone else changes it: those who came first go first.
   * 0: the run ends at once, naming the holder. @default 0
   */
  readonly waitMs?: number;
  /** Aborting before up ends the run; during up it interrupts the engine, which finishes what is under way. */
  readonly signal?: AbortSignal;
}

export interface DeployRequest extends RunRequest {
  /**
   * Reads the cloud first: the review then shows what drifted and what brings it back, and up writes the cloud's
   * values into the state before it applies the plan. @default false
   */
  readonly refresh?: boolean;
}

export interface RollbackRequest extends DeployRequest {
  /** A run that the stack goes back to. @default what stood before; after a failure, what stood before that */
  readonly to?: string;
  /** Only shows the way back. @default false */
  readonly previewOnly?: boolean;
}

export interface RestoreRequest extends Omit<RunRequest, "confirm"> {
  /** The kept state to put back. @default the newest one that is intact */
  readonly from?: RestoreFrom;
  /** Shows what it would mean, and writes nothing. @default false */
  readonly previewOnly?: boolean;
}

export interface SettleRequest extends RunRequest {
  /** URNs whose creation did nothing: the mark is cleared. @default - none */
  readonly gone?: readonly string[];
  /** URNs whose creation went well, and the provider's id of each: they are taken into the state. @default - none */
  readonly adopt?: readonly { readonly urn: string; readonly id: string }[];
  /** URNs that are adopted although they differ from what was reviewed. @default - none */
  readonly confirm?: readonly string[];
  /** Shows what it would mean, and writes nothing. @default false */
  readonly previewOnly?: boolean;
}

export interface DecisionRequest {
  readonly run: string;
  readonly by: string;
  readonly comment?: string;
}

export interface ApprovalRequest extends DecisionRequest {
  /** Apply as soon as the rule is met. @default true */
  readonly apply?: boolean;
  /** How many milliseconds to queue for the stack while someone else changes it. @default 0 */
  readonly waitMs?: number;
  readonly signal?: AbortSignal;
}

export interface LiftBudgetRequest {
  readonly run: string;
  readonly by: string;
  /** Why it may cost that much, in at least ten characters; kept with the run. */
  readonly reason: string;
  /** Apply when nothing else is missing. @default true */
  readonly apply?: boolean;
  /** How many milliseconds to queue for the stack while someone else changes it. @default 0 */
  readonly waitMs?: number;
  readonly signal?: AbortSignal;
}

export interface StackRequest {
  readonly stack: string;
  readonly environment: string;
}

export interface ResumeRequest {
  /** @default every stack of the project */
  readonly stack?: string;
  readonly environment: string;
}

export interface DriftRequest extends StackRequest {
  readonly signal?: AbortSignal;
}
