import { join } from "node:path";
import {
  actorSchema,
  brakeHolds,
  type ChangeSet,
  changeSetSchema,
  type DriftReport,
  decisionsMissing,
  GroundplaneError,
  isGroundplaneError,
  type JournalEntry,
  type JournalFact,
  type OutputsArtifact,
  type PendingReport,
  type RollbackRecord,
  type RunOperation,
  type RunRecord,
  type RunState,
  runIdSchema,
  type StateBackup,
  WEBHOOK_EVENTS,
} from "@groundplane/contracts";
import {
  approveSet,
  type EnvironmentApproval,
  type EnvironmentApprovalRequest,
} from "./approval/approve-set.ts";
import { type ReviewedSet, requireLookedAt, reviewedSetAt } from "./approval/reviewed-set.ts";
import { heldByBrake, liftBrake } from "./cost/lift-brake.ts";
import { requireEnvironment, requireStack } from "./define/load-project.ts";
import { checkDrift } from "./drift/check-drift.ts";
import { DriftHistory } from "./drift/drift-history.ts";
import { engineLimits } from "./engine/engine-limits.ts";
import {
  driftEnvironment,
  type EnvironmentDrift,
  type EnvironmentDriftRequest,
} from "./environment/drift-environment.ts";
import { byLongestChain } from "./environment/longest-chain.ts";
import { plannedPreviews } from "./environment/planned-previews.ts";
import {
  type EnvironmentRequest,
  type EnvironmentResult,
  runEnvironment,
} from "./environment/run-environment.ts";
import { chooseStacks, environmentGraph } from "./environment/stack-graph.ts";
import type { Journal, RunFilter } from "./journal/journal.ts";
import { SqliteJournal } from "./journal/sqlite-journal.ts";
import type { BackendLock } from "./lease/backend-lock.ts";
import { holdLease } from "./lease/hold-lease.ts";
import { ProjectLeases, stackLeaseKey } from "./lease/project-leases.ts";
import { clearDeadLocks } from "./lease/unlock.ts";
import type {
  ApprovalRequest,
  DecisionRequest,
  DeployRequest,
  DriftRequest,
  LiftBudgetRequest,
  OrchestratorOptions,
  RestoreRequest,
  ResumeRequest,
  RollbackRequest,
  RunRequest,
  SettleRequest,
  StackRequest,
} from "./orchestrator-options.ts";
import { type OutputFiles, outputFiles, readOutputs } from "./outputs/export-outputs.ts";
import { applyApproved, decide, lapse, stackBusy } from "./pipeline/deployment.ts";
import { NEWEST_RUNS } from "./pipeline/interrupted.ts";
import type { JournaledRun } from "./pipeline/journaled-run.ts";
import { prepareReview } from "./pipeline/prepare-review.ts";
import { recover } from "./pipeline/recover.ts";
import { reviewAsOnlyWriter } from "./pipeline/review-as-only-writer.ts";
import {
  type PlannedOutputs,
  type RunContext,
  removeLeftWork,
  runsWithLeftWork,
} from "./pipeline/run-context.ts";
import { RunDesk, type RunOpening } from "./pipeline/run-desk.ts";
import { type EventListener, tellListeners } from "./pipeline/tell-listeners.ts";
import { pendingReport } from "./recovery/pending-report.ts";
import { readStateOnly } from "./recovery/read-state-only.ts";
import { chooseBackup, restoredState } from "./recovery/restore.ts";
import { settledState } from "./recovery/settle.ts";
import { backupsOf } from "./recovery/state-backup.ts";
import { withUnaccounted } from "./recovery/unaccounted.ts";
import { reviewWantedState, type WantedState } from "./recovery/write-state.ts";
import { unavailable } from "./rollback/return-point.ts";
import { type ReturnPointSummary, returnPointsOf, rollbackTarget } from "./rollback/return-points.ts";
import { openWebhooks, type Webhooks } from "./webhooks/webhooks.ts";

interface StartOptions {
  /** Where a way back goes, and since when it is due. */
  readonly back?: Pick<RollbackRecord, "to" | "since" | "failedRun">;
  readonly plannedOutputs?: PlannedOutputs;
  /** Throws what speaks against it once the stack is its own. */
  readonly refuse?: () => void;
}

/** States in which a living process works on a run. */
const UNDER_WAY: ReadonlySet<RunState> = new Set([
  "PENDING",
  "IN_PROGRESS",
  "VALIDATING",
  "READY_FOR_APPLY",
  "APPLYING",
  "ROLLBACK",
]);

type RequestedFact = Extract<JournalFact, { type: "run.requested" }>;

const TAKEN: ReadonlySet<string> = new Set(["STACK_BUSY", "RUN_STATE_CONFLICT"]);

/**
 * Takes stacks through the pipeline: preview, validate, approve, up, verify, export. Every step is journaled
 * before it is told. One instance may work on several runs at once; several processes may use one project.
 */
export class Orchestrator {
  readonly #options: OrchestratorOptions;
  readonly #journal: Journal;
  readonly #leases: ProjectLeases;
  readonly #clock: () => Date;
  readonly #desk: RunDesk;
  /** Undefined for a project without webhooks. */
  readonly webhooks: Webhooks | undefined;

  private constructor(options: OrchestratorOptions) {
    this.#options = options;
    this.#clock = options.clock ?? (() => new Date());
    this.#journal =
      options.journal ?? new SqliteJournal(join(options.project.dataFolder, "journal.db"), this.#clock);
    this.#leases = new ProjectLeases(options.project, options.leases);
    const { project } = options;
    this.webhooks = openWebhooks({ project, journal: this.#journal, clock: this.#clock });
    this.webhooks?.wake();
    const tellWebhooks: EventListener = ({ name }) => {
      if (WEBHOOK_EVENTS.some((event) => event === name)) this.webhooks?.wake();
    };
    const listeners = [tellWebhooks, ...[options.onEvent ?? []].flat()];
    this.#desk = new RunDesk({
      project: options.project,
      journal: this.#journal,
      leases: this.#leases,
      leaseMs: options.leaseMs,
      clock: this.#clock,
      onEvent: (event) => tellListeners(listeners, event),
      engine: options.engine,
      limits: engineLimits(options.limits),
    });
  }

  /**
   * @throws {JOURNAL_CORRUPT} when the journal cannot be used.
   * @throws {INVALID_ARGUMENT} when a limit is none.
   */
  static async open(options: OrchestratorOptions): Promise<Orchestrator> {
    return new Orchestrator(options);
  }

  /** Plans and checks, and applies nothing. Ends DONE (`unchanged`, or `cancelled` as it was only a preview) or BLOCKED. */
  preview(request: DeployRequest): Promise<RunRecord> {
    return this.#start("preview", request);
  }

  /** Ends DONE, BLOCKED, or waits in WAIT_FOR_APPROVE. */
  deploy(request: DeployRequest): Promise<RunRecord> {
    return this.#start("deploy", request);
  }

  /** Like `deploy`, for deleting everything in the stack. */
  destroy(request: RunRequest): Promise<RunRecord> {
    return this.#start("destroy", request);
  }

  /**
   * Takes a stack back to what an earlier run deployed: with that run's program and config, and the environment's
   * rules of now. Goes through the same gate as a deployment.
   *
   * @throws {ROLLBACK_UNAVAILABLE} when there is nothing to go back to, or it is not there any more as it was.
   */
  async rollback(request: RollbackRequest): Promise<RunRecord> {
    const { stack, environment, previewOnly } = request;
    await this.resume({ stack, environment });
    const target = () => rollbackTarget(request, this.#desk.runsOf({ stack, environment }), request.to);
    const { to, failed } = target();
    const since = failed?.at ?? this.#clock().toISOString();
    return this.#start(previewOnly === true ? "preview" : "rollback", request, {
      back: { to, since, ...(failed === undefined ? {} : { failedRun: failed.run }) },
      // It may have waited for the stack, and someone else changed it meanwhile.
      refuse: () => {
        if (target().to === to) return;
        throw unavailable(request, to, "another run changed the stack since this was asked for: ask again");
      },
    });
  }

  /** Runs that a stack can be returned to, newest first. Of a run that failed there is nothing to return to. */
  returnPoints({ stack, environment }: StackRequest): readonly ReturnPointSummary[] {
    const { project } = this.#options;
    requireStack(project, stack, requireEnvironment(project, environment));
    return returnPointsOf(this.#desk.runsOf({ stack, environment }));
  }

  /**
   * Puts a state that a run kept in the place of the stack's state, as a run with a review of what the state would
   * know again, differently and not any more. Nothing in the cloud changes. Also for a state that cannot be read.
   *
   * @throws {BACKUP_NOT_FOUND} when there is none.
   * @throws {BACKUP_REFUSED} when the one that was named is not intact.
   */
  async restore(request: RestoreRequest): Promise<RunRecord> {
    const requested = this.#requested("restore", request);
    await this.resume(requested);
    const { run, moment, keptAt } = chooseBackup(this.#backups(requested), request.from);
    return this.#writeState({ ...requested, restoreFrom: { run, moment } }, request, (context) =>
      restoredState(context, keptAt),
    );
  }

  /**
   * Operations that the state says were begun and not ended, and what the runs tell of each. Reads only.
   *
   * @throws {STATE_CORRUPT}
   */
  async pending(request: StackRequest): Promise<PendingReport> {
    const { project } = this.#options;
    const environment = requireEnvironment(project, request.environment);
    const stack = requireStack(project, request.stack, environment);
    const engine = await this.#desk.engineFor(environment.name);
    const state = await readStateOnly({ project, stack, environment, engine });
    const subject = { stack: stack.name, environment: environment.name };
    const { pendingOperations } = withUnaccounted(state, this.#desk.runsOf(subject));
    const operations = pendingReport(pendingOperations, () => this.#runsOf(subject));
    return { ...subject, operations: [...operations] };
  }

  /**
   * Settles every pending operation of a stack, as a run: by your word for what was being created, by asking the cloud
   * for what was being updated or deleted. Only the state is written.
   *
   * @throws {INVALID_ARGUMENT} when a URN is no URN of the stack, or an id is empty.
   */
  async settle(request: SettleRequest): Promise<RunRecord> {
    const requested = this.#requested("settle", request);
    await this.resume(requested);
    const settlement = { gone: [...(request.gone ?? [])], adopted: [...(request.adopt ?? [])] };
    return this.#writeState({ ...requested, settlement }, request, (context) =>
      settledState(context, request.confirm ?? []),
    );
  }

  /**
   * Previews every stack of an environment, in dependency order. A stack whose upstream would hand on something else
   * than it does now is previewed on that, and its change set says so (`assumes`); such a preview keeps no plan and
   * cannot be approved. Where it needs what is known only after a deployment, it ends with `UPSTREAM_NOT_KNOWN`.
   */
  previewEnvironment(request: EnvironmentRequest): Promise<EnvironmentResult> {
    const previews = plannedPreviews(this.#options.project, {
      start: (run, plannedOutputs) => this.#start("preview", run, { plannedOutputs }),
      changeSetOf: (run) => this.changeSet(run),
    });
    return this.#environment("preview", request, previews);
  }

  /** Deploys every stack of an environment, in dependency order, several at once where the order allows. */
  deployEnvironment(request: EnvironmentRequest): Promise<EnvironmentResult> {
    return this.#environment("deploy", request);
  }

  /** Destroys every stack of an environment: what needs a stack goes before it. */
  destroyEnvironment(request: EnvironmentRequest): Promise<EnvironmentResult> {
    return this.#environment("destroy", request);
  }

  /**
   * Approves the review that stands, and applies it once the rule is met.
   *
   * @throws {RUN_STATE_CONFLICT} when the run does not wait for approval.
   * @throws {APPROVAL_REFUSED} when the rule does not take this person's approval.
   * @throws {BUDGET_BRAKE} when only the budget holds it.
   */
  async approve(request: ApprovalRequest): Promise<RunRecord> {
    const run = this.#desk.load(request.run);
    if (lapse(run, this.#clock())) return run.record;
    run.requireState("WAIT_FOR_APPROVE");
    // Approving a run whose approvals are complete means: apply it now.
    if (decisionsMissing(run.record) > 0) this.#decide(run, "approve", request);
    else if (brakeHolds(run.record)) throw heldByBrake([run.record]);
    return this.#applyComplete(run, request);
  }

  /**
   * Lets a run pass the budget's brake, for the review that stands, and applies it when nothing else is missing.
   *
   * @throws {RUN_STATE_CONFLICT} when no brake holds it.
   * @throws {APPROVAL_REFUSED} when this person may not lift it.
   * @throws {INVALID_ARGUMENT} when there is no reason.
   */
  async liftBudget(request: LiftBudgetRequest): Promise<RunRecord> {
    const run = this.#desk.load(request.run);
    if (lapse(run, this.#clock())) return run.record;
    const environment = requireEnvironment(this.#options.project, run.record.environment);
    this.#journal.verify();
    liftBrake(run, environment, { by: request.by, reason: request.reason, now: this.#clock() });
    return this.#applyComplete(run, request);
  }

  async #applyComplete(
    run: JournaledRun,
    { apply, waitMs, signal }: Pick<ApprovalRequest, "apply" | "waitMs" | "signal">,
  ): Promise<RunRecord> {
    if (run.record.approvalsMissing > 0 || apply === false) return run.record;
    return this.#desk.workOn(run, signal, (context) =>
      applyApproved(context, { ...this.#desk.pipelinePorts, waitMs }),
    );
  }

  /**
   * What waits for approval in an environment, with the digest under which all of it can be approved at once.
   *
   * @throws {ENVIRONMENT_NOT_FOUND}
   */
  reviewedSet(environment: string): ReviewedSet {
    requireEnvironment(this.#options.project, environment);
    return reviewedSetAt(environment, this.#recentRuns(environment), this.#clock().toISOString());
  }

  /**
   * Approves all that waits in an environment, each run by its own rule, and applies it in dependency order. Nothing
   * is approved when the set is not the one that was looked at, or when a rule does not take this person's approval.
   * What the budget's brake holds is told in `problems`, and waits on.
   *
   * @throws {APPROVAL_VOID} naming what moved since the set was looked at.
   * @throws {APPROVAL_REFUSED} naming the runs whose rule does not take this approval.
   * @throws {RUN_NOT_FOUND} when nothing waits.
   * @throws {BUDGET_BRAKE} when the brake holds all that waits.
   * @throws {INVALID_ARGUMENT} when some of it deploys and some destroys.
   */
  async approveEnvironment(request: EnvironmentApprovalRequest): Promise<EnvironmentApproval> {
    const { project } = this.#options;
    const { environment, by, comment, waitMs, signal } = request;
    requireEnvironment(project, environment);
    const now = this.#clock().toISOString();
    const set = requireLookedAt(environment, this.#recentRuns(environment), request.digest, now);
    const decision = { by, ...(comment === undefined ? {} : { comment }) };
    return approveSet(environmentGraph(project, environment), set, request, {
      decide: ({ id }) => this.#decide(this.#desk.load(id), "approve", { run: id, ...decision }),
      apply: ({ id }) =>
        this.approve({
          ...{ run: id, ...decision },
          ...(waitMs === undefined ? {} : { waitMs }),
          ...(signal === undefined ? {} : { signal }),
        }),
      runOf: (id) => this.run(id),
      movedOutputs: ({ id }) => this.changeSet(id).outputs.length > 0,
    });
  }

  /** @throws {RUN_STATE_CONFLICT} when the run does not wait for approval. */
  async reject(request: DecisionRequest): Promise<RunRecord> {
    const run = this.#desk.load(request.run);
    if (lapse(run, this.#clock())) return run.record;
    this.#decide(run, "reject", request);
    return run.record;
  }

  /**
   * Ends a run that waits or is blocked. One that is under way is ended by its own signal.
   *
   * @throws {RUN_STATE_CONFLICT} when it is under way or done.
   */
  async cancel(request: DecisionRequest): Promise<RunRecord> {
    const run = this.#desk.load(request.run);
    run.requireState("WAIT_FOR_APPROVE", "BLOCKED");
    const by = actorSchema.parse(request.by);
    run.moveTo("DONE", {
      outcome: "cancelled",
      reason: {
        code: "CANCELLED",
        message: `cancelled by ${by}${request.comment === undefined ? "" : `: ${request.comment}`}`,
      },
    });
    return run.record;
  }

  /**
   * Finds out where runs stand whose process is gone, of one stack or of all, and brings each to an end: it is
   * finished where nothing is left to decide, and its reason says what a person must do where something is. `deploy`
   * and `destroy` begin with it.
   *
   * @returns the runs that were brought to an end, those of a stack after those of the stacks that it needs.
   */
  async resume({ stack, environment }: ResumeRequest): Promise<readonly RunRecord[]> {
    const { project } = this.#options;
    const graph = chooseStacks(project, environment, stack === undefined ? undefined : [stack]);
    const ended: RunRecord[] = [];
    for (const name of byLongestChain(graph)) ended.push(...(await this.#resumeStack(name, environment)));
    return ended;
  }

  async #resumeStack(stack: string, environment: string): Promise<readonly RunRecord[]> {
    const underWay = this.runs({ stack, environment, limit: NEWEST_RUNS }).filter(({ state }) =>
      UNDER_WAY.has(state),
    );
    const ended: RunRecord[] = [];
    for (const { id } of underWay) {
      if (await this.#desk.isWorkedOn(id)) continue;
      const record = await this.#recover(id);
      if (record !== undefined) ended.push(record);
    }
    await this.#removeLeftWork(stack, environment);
    return ended;
  }

  /** Undefined when someone else works on it by now, or on its stack: then it is theirs to end, or for later. */
  async #recover(id: string): Promise<RunRecord | undefined> {
    try {
      const run = this.#desk.load(id);
      return await this.#desk.findOut(run, (opening) => recover(opening, this.#desk.pipelinePorts));
    } catch (error) {
      if (isGroundplaneError(error) && TAKEN.has(error.code)) return undefined;
      throw error;
    }
  }

  /** Also of runs that wait or are done: a process may be killed right after it came so far. */
  async #removeLeftWork(stack: string, environment: string): Promise<void> {
    const { project } = this.#options;
    for (const id of await runsWithLeftWork(project)) {
      const { record } = this.#desk.load(id);
      if (record.stack !== stack || record.environment !== environment) continue;
      const left = requireStack(project, stack, requireEnvironment(project, environment));
      if (!(await this.#desk.isWorkedOn(id))) await removeLeftWork(project, id, left);
    }
  }

  /**
   * Clears the locks that a killed engine left on a stack, after verifying that its process is gone and that no
   * run holds the stack.
   *
   * @throws {STACK_BUSY} naming who holds it and lives, or may.
   */
  async unlock(request: StackRequest): Promise<readonly BackendLock[]> {
    const { project } = this.#options;
    const environment = requireEnvironment(project, request.environment);
    const stack = requireStack(project, request.stack, environment);
    // Under the lease, so that nobody begins meanwhile. It makes sure that no run holds the stack.
    return holdLease(
      {
        leases: this.#leases.stacks(environment),
        key: stackLeaseKey(stack.name, environment.name),
        name: "unlock",
        ttlMs: this.#options.leaseMs,
        busy: (busy) => stackBusy({ stack, environment }, busy),
      },
      () => clearDeadLocks({ project, stack, environment }),
    );
  }

  /** @throws {RUN_NOT_FOUND} */
  run(id: string): RunRecord {
    return this.#desk.load(id).record;
  }

  /** Newest first. */
  runs(filter: RunFilter = {}): readonly RunRecord[] {
    return this.#journal.runs(filter).map((id) => this.run(id));
  }

  /**
   * What a run would change, or changed.
   *
   * @throws {RUN_NOT_FOUND}
   * @throws {APPROVAL_VOID} when the stored change set was changed.
   */
  changeSet(id: string): ChangeSet {
    return changeSetSchema.parse(JSON.parse(this.#desk.load(id).readArtifact("change-set")));
  }

  /**
   * Path of a file that the run left: `review` is the page to decide from.
   *
   * @throws {RUN_NOT_FOUND}
   * @throws {ARTIFACT_NOT_FOUND} when the run left no such file.
   * @throws {APPROVAL_VOID} when the file is not what was journaled.
   */
  artifactFile(id: string, name: string): string {
    const run = this.#desk.load(id);
    const artifact = run.record.artifacts[name];
    if (artifact === undefined) {
      throw new GroundplaneError(
        "ARTIFACT_NOT_FOUND",
        `run ${id} left no "${name}". It left: ${Object.keys(run.record.artifacts).join(", ") || "nothing"}.`,
        { facts: { run: id, artifact: name } },
      );
    }
    run.readArtifact(name);
    return join(run.folder, artifact.path);
  }

  /** The run's journal, oldest first. */
  history(id: string): readonly JournalEntry[] {
    this.#desk.load(id);
    return this.#journal.entries(runIdSchema.parse(id));
  }

  /**
   * Recomputes the journal's hash chain.
   *
   * @throws {JOURNAL_CORRUPT}
   */
  verifyJournal(): { readonly entries: number } {
    return this.#journal.verify();
  }

  /**
   * Compares a stack's state with the cloud. Reads only: no state is written, no lock and no lease is taken, so it
   * also works while a run is under way, and then says so. The report is kept.
   *
   * @throws {STACK_NOT_DEPLOYED} when there is nothing to compare.
   * @throws {ENGINE_FAILED} when a resource could not be read.
   */
  async drift(request: DriftRequest): Promise<DriftReport> {
    const { project } = this.#options;
    const environment = requireEnvironment(project, request.environment);
    const stack = requireStack(project, request.stack, environment);
    const engine = await this.#desk.engineFor(environment.name);
    const key = stackLeaseKey(stack.name, environment.name);
    const leases = this.#leases.stacks(environment);
    const report = await checkDrift(
      { project, stack, environment, engine, signal: request.signal },
      { clock: this.#clock, isBeingChanged: async () => (await leases.holder(key)) !== undefined },
    );
    this.#driftHistory(request).add(report);
    return report;
  }

  /**
   * Compares the stacks of an environment with the cloud, several at once. One that cannot be read does not hide
   * what is known of the others.
   *
   * @throws {STACK_NOT_FOUND} when a name matches nothing.
   * @throws {STACK_NOT_DEPLOYED} when none of them is deployed.
   */
  driftEnvironment(request: EnvironmentDriftRequest): Promise<EnvironmentDrift> {
    const { project } = this.#options;
    const graph = chooseStacks(project, request.environment, request.stacks);
    return driftEnvironment(graph, request, (stack) => this.drift(stack));
  }

  /**
   * Kept drift reports, newest first; the newest 100 of a stack in an environment are kept.
   *
   * @param limit 1 to 100. @default 20
   */
  driftHistory(request: StackRequest, limit = 20): readonly DriftReport[] {
    return this.#driftHistory(request).list(limit);
  }

  /**
   * The states that runs of a stack kept apart from its backend, newest first.
   *
   * @param limit How many, 1 or more. @default 20
   */
  backups(request: StackRequest, limit = 20): readonly StateBackup[] {
    const { project } = this.#options;
    requireStack(project, request.stack, requireEnvironment(project, request.environment));
    const found: StateBackup[] = [];
    for (const backup of this.#backups(request)) {
      if (found.length >= limit) break;
      found.push(backup);
    }
    return found;
  }

  /** Read one by one: a long history is not gone through for its newest. */
  *#backups(request: StackRequest): Generator<StateBackup> {
    for (const run of this.#runsOf(request)) yield* backupsOf(run);
  }

  /** All of them, newest first; where the environment is a real one, none that was on a sandbox before. */
  *#runsOf({ stack, environment }: StackRequest): Generator<JournaledRun> {
    const sandbox = requireEnvironment(this.#options.project, environment).cloud !== "real";
    const runs = this.#journal.runs({ stack, environment, limit: Number.MAX_SAFE_INTEGER });
    for (const id of runs) {
      const run = this.#desk.load(id);
      if (run.record.sandbox === sandbox) yield run;
    }
  }

  /** What was last exported; undefined before the first. */
  outputs(request: StackRequest): OutputsArtifact | undefined {
    return readOutputs(this.outputFiles(request));
  }

  outputFiles({ stack, environment }: StackRequest): OutputFiles {
    const { project } = this.#options;
    requireStack(project, stack, requireEnvironment(project, environment));
    return outputFiles(project.dataFolder, environment, stack);
  }

  /** With webhooks it takes up to 3 s, in which they are told what came last. */
  async close(): Promise<void> {
    if (this.webhooks !== undefined) await this.webhooks.close();
    this.#journal.close();
    this.#leases.close();
  }

  /** Far enough back for every review that can still stand: a rule gives 30 days at most. */
  #recentRuns(environment: string): readonly RunRecord[] {
    return this.runs({ environment, limit: 1000 });
  }

  #driftHistory({ stack, environment }: StackRequest): DriftHistory {
    const { project } = this.#options;
    const definition = requireEnvironment(project, environment);
    return new DriftHistory(
      project.dataFolder,
      definition.name,
      requireStack(project, stack, definition).name,
    );
  }

  #decide(run: JournaledRun, verdict: "approve" | "reject", request: DecisionRequest): void {
    const { by, comment } = request;
    this.#journal.verify();
    decide(run, { by, verdict, ...(comment === undefined ? {} : { comment }) }, this.#clock());
  }

  #environment(
    operation: RunOperation,
    request: EnvironmentRequest,
    start: (run: DeployRequest) => Promise<RunRecord> = (run) => this.#start(operation, run),
  ): Promise<EnvironmentResult> {
    const { environment } = request;
    return runEnvironment(this.#options.project, operation, request, {
      start,
      runsOf: (stack) => this.runs({ stack, environment }),
    });
  }

  /** What every run is journaled with first. */
  #requested(
    operation: RunOperation,
    request: Pick<RunRequest, "stack" | "environment" | "requester">,
  ): RequestedFact {
    const { project } = this.#options;
    const environment = requireEnvironment(project, request.environment);
    const stack = requireStack(project, request.stack, environment);
    const requester = actorSchema.safeParse(request.requester);
    if (!requester.success) {
      throw new GroundplaneError(
        "INVALID_NAME",
        `"${request.requester}" is no requester: give a login or an e-mail address.`,
        {
          facts: { requester: request.requester },
        },
      );
    }
    return {
      type: "run.requested",
      project: project.definition.name,
      stack: stack.name,
      environment: environment.name,
      operation,
      sandbox: environment.cloud !== "real",
      requester: requester.data,
      approvalRule: environment.approval,
    };
  }

  async #start(operation: RunOperation, request: DeployRequest, more: StartOptions = {}): Promise<RunRecord> {
    const requested = this.#requested(operation, request);
    if (operation !== "preview") await this.resume(requested);
    const fact = {
      ...requested,
      ...(request.refresh === true && operation !== "destroy" ? { refresh: true } : {}),
      ...(more.back === undefined ? {} : { returnTo: more.back.to }),
    };
    const due =
      more.back === undefined || operation !== "rollback"
        ? undefined
        : { type: "rollback.due" as const, ...more.back };
    const work = async (opening: RunOpening): Promise<void> => {
      const confirmed = request.confirm ?? [];
      if (operation === "preview") {
        return prepareReview(await opening.open(opening.signal, more.plannedOutputs), confirmed, this.#clock);
      }
      const ports = { ...this.#desk.pipelinePorts, waitMs: request.waitMs };
      const open: RunOpening["open"] = (...given) => {
        more.refuse?.();
        return opening.open(...given);
      };
      const reviewed = await reviewAsOnlyWriter({ ...opening, open }, ports, confirmed);
      await this.#askAndApply(reviewed, request.waitMs);
    };
    return this.#desk.begin(fact, request.signal, work, due);
  }

  #writeState(
    fact: RequestedFact,
    { signal, previewOnly, waitMs }: Pick<RestoreRequest, "signal" | "previewOnly" | "waitMs">,
    wantedState: (context: RunContext) => Promise<WantedState>,
  ): Promise<RunRecord> {
    return this.#desk.begin(fact, signal, async (opening) => {
      opening.run.moveTo("IN_PROGRESS");
      const context = await opening.open(opening.signal);
      await reviewWantedState(context, await wantedState(context), { now: this.#clock(), previewOnly });
      await this.#askAndApply(context, waitMs);
    });
  }

  async #askAndApply(context: RunContext, waitMs: number | undefined): Promise<void> {
    await this.#askApprover(context);
    const { state, approvalsMissing } = context.run.record;
    if (state !== "WAIT_FOR_APPROVE" || approvalsMissing > 0) return;
    await applyApproved(context, { ...this.#desk.pipelinePorts, waitMs });
  }

  async #askApprover({ run, signal }: RunContext): Promise<void> {
    const { approver } = this.#options;
    const digest = run.record.digest?.digest;
    if (approver === undefined || digest === undefined) return;
    if (run.record.state !== "WAIT_FOR_APPROVE" || decisionsMissing(run.record) === 0) return;
    const answer = await approver.decide(
      { run: run.record, changeSet: this.changeSet(run.id), digest },
      signal,
    );
    if (answer !== "later") this.#decide(run, answer.verdict, { run: run.id, ...answer });
  }
}
