import { join } from "node:path";
import {
  GroundplaneError,
  isGroundplaneError,
  type JournalFact,
  type RunId,
  type RunRecord,
  runIdSchema,
} from "@groundplane/contracts";
import { type LoadedProject, requireEnvironment, requireStack } from "../define/load-project.ts";
import { type EngineEnvironment, engineEnvironmentOf } from "../engine/engine-environment.ts";
import type { EngineLimits } from "../engine/engine-limits.ts";
import type { Engine } from "../engine-install/engine.ts";
import { resolveEngine } from "../engine-install/resolve-engine.ts";
import type { Journal } from "../journal/journal.ts";
import { holdLease } from "../lease/hold-lease.ts";
import type { ProjectLeases } from "../lease/project-leases.ts";
import { readReturnPoint } from "../rollback/return-point.ts";
import { watchRollback } from "../rollback/rollback-times.ts";
import { endWithError, type PipelinePorts } from "./deployment.ts";
import { JournaledRun, type RunPorts } from "./journaled-run.ts";
import { closeRunContext, openRunContext, type PlannedOutputs, type RunContext } from "./run-context.ts";
import { newRunId } from "./run-id.ts";
import type { EventListener } from "./tell-listeners.ts";

export interface RunDeskOptions {
  readonly project: LoadedProject;
  readonly journal: Journal;
  readonly leases: ProjectLeases;
  readonly leaseMs: number | undefined;
  readonly clock: () => Date;
  readonly onEvent: EventListener;
  /** @default what `resolveEngine` finds or installs */
  readonly engine: Engine | undefined;
  readonly limits: EngineLimits;
}

type Requested = Extract<JournalFact, { type: "run.requested" }>;
type Work = (context: RunContext) => Promise<void>;

/** A run before the engine is asked anything: `open` makes what its steps need. */
export type RunOpening = Pick<RunContext, "project" | "stack" | "environment" | "run" | "signal"> & {
  readonly open: (signal: AbortSignal | undefined, plannedOutputs?: PlannedOutputs) => Promise<RunContext>;
};
type OpeningWork = (opening: RunOpening) => Promise<void>;
type Due = Extract<JournalFact, { type: "rollback.due" }>;

/** One that goes back by itself is worked on with the program that it goes back to. */
const onTheWayTo = ({ state, rollback }: RunRecord): string | undefined =>
  state === "ROLLBACK" ? rollback?.to : undefined;

/** These leave a run where it is: someone else has it, or a decision was not taken. */
const LEAVES_RUN: ReadonlySet<string> = new Set(["STACK_BUSY", "RUN_STATE_CONFLICT", "APPROVAL_REFUSED"]);

/**
 * These leave a run of which something may be applied where it is: how far it came cannot be found out now, and can
 * once they are mended.
 */
const LEAVES_BEGUN: ReadonlySet<string> = new Set([
  "STATE_UNREADABLE",
  "ENGINE_UNAVAILABLE",
  "ENGINE_TIMEOUT",
  "SECRETS_UNAVAILABLE",
  "LEASE_UNAVAILABLE",
  "LEASE_LOST",
  "WRITE_FAILED",
  "CONFIG_INVALID",
  "POLICY_PACK_NOT_FOUND",
  "PLUGIN_NOT_INSTALLED",
  "UPSTREAM_NOT_DEPLOYED",
  "ROLLBACK_UNAVAILABLE",
  "STACK_NOT_FOUND",
]);

const isBegun = ({ state }: RunRecord): boolean => state === "APPLYING" || state === "ROLLBACK";

/** What could not be journaled is told by its error; the run stands where it stood, and is resumed. */
function end(run: JournaledRun, error: unknown, signal: AbortSignal): void {
  try {
    endWithError(run, error, signal);
  } catch (second) {
    throw isGroundplaneError(error) ? error : second;
  }
}

const leaseKeyOf = (run: string): string => `run/${run}`;

/** Where runs are worked on: each in a context of its own, by one process at a time. */
export class RunDesk {
  readonly #options: RunDeskOptions;
  readonly #engines = new Map<string, Promise<EngineEnvironment>>();
  #engine: Promise<Engine> | undefined;

  constructor(options: RunDeskOptions) {
    this.#options = options;
  }

  get pipelinePorts(): PipelinePorts {
    const { leases, leaseMs, clock } = this.#options;
    return { leases, leaseMs, clock };
  }

  /** @throws {RUN_NOT_FOUND} */
  load(id: string): JournaledRun {
    const parsed = runIdSchema.safeParse(id);
    if (parsed.success) return JournaledRun.load(parsed.data, this.#runPorts());
    throw new GroundplaneError(
      "RUN_NOT_FOUND",
      `"${id}" is no run's id: it looks like run-20261121-120000-a1b2c3.`,
      {
        facts: { run: id },
      },
    );
  }

  /** Runs that changed this stack or found it unchanged, in the order in which they did. */
  runsOf({ stack, environment }: Pick<RunRecord, "stack" | "environment">): readonly JournaledRun[] {
    const sandbox = requireEnvironment(this.#options.project, environment).cloud !== "real";
    return JournaledRun.ofStack({ stack, environment, sandbox }, this.#runPorts());
  }

  /** Someone works on this run, here or in another process, who is known to live. */
  async isWorkedOn(id: string): Promise<boolean> {
    return (await this.#options.leases.runs.holder(leaseKeyOf(id)))?.verdict === "living";
  }

  /** The engine's variables and facts for an environment, made once. */
  async engineFor(name: string): Promise<EngineEnvironment> {
    const { project } = this.#options;
    this.#engine ??=
      this.#options.engine === undefined ? resolveEngine() : Promise.resolve(this.#options.engine);
    const engine = await this.#engine;
    const known = this.#engines.get(name);
    if (known !== undefined) return known;
    const made = engineEnvironmentOf(
      requireEnvironment(project, name),
      project,
      engine,
      this.#options.limits,
    );
    this.#engines.set(name, made);
    return made;
  }

  /**
   * Journals a new run and works on it. Its lease comes first, so that nobody takes it for one left behind.
   *
   * @throws {JOURNAL_CORRUPT} when the journal was changed: nothing is begun or continued on it.
   */
  begin(fact: Requested, signal: AbortSignal | undefined, work: OpeningWork, due?: Due): Promise<RunRecord> {
    const id = newRunId(this.#options.clock());
    return this.#underLease(id, signal, async (held) => {
      const run = JournaledRun.create(id, fact, this.#runPorts());
      if (due !== undefined) run.append(due);
      await this.#work(run, held, work);
      return run.record;
    });
  }

  /**
   * Works on a run that stands in the journal. An error of the pipeline ends the run; the record tells it.
   *
   * @throws {STACK_BUSY} when someone else works on it.
   */
  workOn(run: JournaledRun, signal: AbortSignal | undefined, work: Work): Promise<RunRecord> {
    return this.#underLease(run.id, signal, async (held) => {
      await this.#work(run, held, async ({ open }) => work(await open(held)));
      return run.record;
    });
  }

  /**
   * Finds out about a run whose process is gone. What keeps it from that leaves the run as it stands.
   *
   * @throws {STACK_BUSY} when someone else works on it.
   */
  findOut(run: JournaledRun, work: OpeningWork): Promise<RunRecord> {
    return this.#underLease(run.id, undefined, async (held) => {
      await this.#work(run, held, work);
      return run.record;
    });
  }

  #runPorts(): RunPorts {
    const { journal, onEvent, clock, project } = this.#options;
    return { journal, onEvent, clock, runsFolder: join(project.dataFolder, "runs") };
  }

  async #underLease(
    run: RunId,
    signal: AbortSignal | undefined,
    work: (signal: AbortSignal) => Promise<RunRecord>,
  ): Promise<RunRecord> {
    const { leases, leaseMs, journal } = this.#options;
    journal.verify();
    return holdLease(
      {
        leases: leases.runs,
        key: leaseKeyOf(run),
        name: run,
        ttlMs: leaseMs,
        signal,
        busy: ({ holder }) =>
          new GroundplaneError(
            "STACK_BUSY",
            `someone works on run ${run} at this moment (process ${holder.process.pid} on ${holder.process.host}): "groundplane status ${run}" shows how far it is.`,
            { facts: { run, host: holder.process.host, pid: holder.process.pid } },
          ),
      },
      (held) => work(held.signal),
    );
  }

  /** What puts a state back may find none. */
  #lastChange({ id, record }: JournaledRun): RunId | undefined {
    if (!["deploy", "destroy", "preview"].includes(record.operation)) return undefined;
    return this.runsOf(record).findLast((run) => run.id !== id)?.id;
  }

  async #work(run: JournaledRun, signal: AbortSignal, work: OpeningWork): Promise<void> {
    const { project } = this.#options;
    const opened: RunContext[] = [];
    const stopWatching = watchRollback(run, this.#options.clock);
    const begunBefore = isBegun(run.record);
    try {
      const environment = requireEnvironment(project, run.record.environment);
      const stack = requireStack(project, run.record.stack, environment);
      const open: RunOpening["open"] = async (until, plannedOutputs) => {
        const engine = await this.engineFor(environment.name);
        run.emit("engine.resolved", { version: engine.engineVersion, origin: engine.pulumi });
        const { returnTo = onTheWayTo(run.record) } = run.record;
        const context = await openRunContext({
          ...{ project, stack, environment, engine, run, signal: until },
          changedBy: this.#lastChange(run),
          returnPoint: returnTo === undefined ? undefined : readReturnPoint(run.other(returnTo)),
          ...(plannedOutputs === undefined ? {} : { plannedOutputs }),
        });
        opened.push(context);
        return context;
      };
      await work({ project, stack, environment, run, signal, open });
    } catch (error) {
      // One that has not begun has nothing to come back to.
      const code = isGroundplaneError(error) ? error.code : "";
      if (LEAVES_RUN.has(code) && run.record.state !== "PENDING") throw error;
      if (begunBefore && LEAVES_BEGUN.has(code)) throw error;
      end(run, error, signal);
    } finally {
      stopWatching();
      await Promise.all(opened.map(closeRunContext));
    }
  }
}
