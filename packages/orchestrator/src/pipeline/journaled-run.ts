import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type EventData,
  type EventName,
  GroundplaneError,
  type GroundplaneEvent,
  type JournalEntry,
  type JournalFact,
  type RunId,
  type RunOutcome,
  type RunReason,
  type RunRecord,
  type RunState,
} from "@groundplane/contracts";
import { sha256OfBytes } from "../digest/hash-files.ts";
import { writeDurably } from "../journal/durable-file.ts";
import type { Journal } from "../journal/journal.ts";
import { foldRun } from "../journal/run-record.ts";
import { type EventListener, tellListeners } from "./tell-listeners.ts";

/** What a run is journaled with and told through. */
export interface RunPorts {
  readonly journal: Journal;
  /** Folder of the runs' folders. */
  readonly runsFolder: string;
  readonly onEvent: EventListener;
  readonly clock: () => Date;
}

/** One run, and the only way to move it: whatever happens is journaled first, then told. */
export class JournaledRun {
  readonly id: RunId;
  /** Plan, change set, findings and outputs of the run. */
  readonly folder: string;
  readonly #ports: RunPorts;
  #entries: readonly JournalEntry[];
  #record: RunRecord;

  private constructor(id: RunId, entries: readonly JournalEntry[], ports: RunPorts) {
    this.id = id;
    this.folder = join(ports.runsFolder, id);
    this.#ports = ports;
    this.#entries = entries;
    this.#record = foldRun(id, entries);
  }

  static create(
    id: RunId,
    fact: Extract<JournalFact, { type: "run.requested" }>,
    ports: RunPorts,
  ): JournaledRun {
    const run = new JournaledRun(id, [ports.journal.append(id, fact, 0)], ports);
    run.emit("run.created", { requester: fact.requester });
    return run;
  }

  /** @throws {RUN_NOT_FOUND} */
  static load(id: RunId, ports: RunPorts): JournaledRun {
    return new JournaledRun(id, ports.journal.entries(id), ports);
  }

  /**
   * Runs of a stack in an environment that changed it or found it unchanged, in the order in which they did: those on the
   * sandbox, or those in the real cloud, as what one did says nothing of the other.
   *
   * @param limit Looks at this many of the newest runs. @default 500
   */
  static ofStack(
    { stack, environment, sandbox }: Pick<RunRecord, "stack" | "environment" | "sandbox">,
    ports: RunPorts,
    limit = 500,
  ): readonly JournaledRun[] {
    return ports.journal
      .runs({ stack, environment, limit })
      .map((id) => JournaledRun.load(id, ports))
      .filter(({ record }) => record.sandbox === sandbox)
      .map((run) => ({ run, moment: run.#moment() }))
      .filter(({ moment }) => moment > 0)
      .sort((a, b) => a.moment - b.moment)
      .map(({ run }) => run);
  }

  /** Another run of the same journal. */
  other(id: RunId): JournaledRun {
    return JournaledRun.load(id, this.#ports);
  }

  /** The runs of the same stack and environment, like `ofStack`. */
  ofSameStack(limit?: number): readonly JournaledRun[] {
    return JournaledRun.ofStack(this.#record, this.#ports, limit);
  }

  /** The newest runs of another stack in the same environment, like `ofStack`: none only where there are none at all. */
  ofOtherStack(stack: string): readonly JournaledRun[] {
    const { environment, sandbox } = this.#record;
    const subject = { stack, environment, sandbox };
    const newest = JournaledRun.ofStack(subject, this.#ports, 50);
    return newest.length > 0 ? newest : JournaledRun.ofStack(subject, this.#ports, Number.MAX_SAFE_INTEGER);
  }

  /** Sequence of the entry with which it began to change the stack, or found it unchanged; 0 when it did neither. */
  #moment(): number {
    const moment = this.#entries.find(
      ({ fact }) => fact.type === "run.moved" && (fact.to === "APPLYING" || fact.outcome === "unchanged"),
    );
    return moment?.sequence ?? 0;
  }

  get record(): RunRecord {
    return this.#record;
  }

  /** As far as this process knows them, oldest first. */
  get entries(): readonly JournalEntry[] {
    return this.#entries;
  }

  /** @throws {RUN_STATE_CONFLICT} when someone else moved the run meanwhile. */
  append(fact: JournalFact): void {
    const entry = this.#ports.journal.append(this.id, fact, this.#entries.length);
    this.#entries = [...this.#entries, entry];
    this.#record = foldRun(this.id, this.#entries);
  }

  moveTo(to: RunState, end: { readonly outcome?: RunOutcome; readonly reason?: RunReason } = {}): void {
    const from = this.#record.state;
    this.append({ type: "run.moved", from, to, ...end });
    this.emit("run.moved", { from, to, ...end });
  }

  /** @throws {RUN_STATE_CONFLICT} when it stands elsewhere. */
  requireState(...states: readonly RunState[]): void {
    if (states.includes(this.#record.state)) return;
    const stands =
      this.#record.outcome === undefined
        ? this.#record.state
        : `${this.#record.state} (${this.#record.outcome})`;
    throw new GroundplaneError(
      "RUN_STATE_CONFLICT",
      `run ${this.id} is ${stands}, and this wants ${states.join(" or ")}. "groundplane status ${this.id}" tells its story.`,
      { facts: { run: this.id, state: this.#record.state } },
    );
  }

  /**
   * Writes a file of the run whole, then journals its hash.
   *
   * @throws {WRITE_FAILED} when the disk does not take it.
   */
  storeArtifact(name: string, path: string, content: string | Uint8Array): void {
    writeDurably(join(this.folder, path), content);
    this.append({ type: "artifact.stored", name, artifact: { path, sha256: sha256OfBytes(content) } });
  }

  /** Journals the hash of a file that was written piece by piece. */
  journalFile(name: string, path: string): void {
    const sha256 = sha256OfBytes(readFileSync(join(this.folder, path)));
    this.append({ type: "artifact.stored", name, artifact: { path, sha256 } });
  }

  /**
   * Reads a file of the run back.
   *
   * @throws {APPROVAL_VOID} when it is gone or not what was journaled.
   */
  readArtifact(name: string): string {
    const artifact = this.#record.artifacts[name];
    const bytes = artifact === undefined ? undefined : this.#bytesOf(artifact.path);
    if (artifact !== undefined && bytes !== undefined && sha256OfBytes(bytes) === artifact.sha256)
      return bytes.toString("utf8");
    throw new GroundplaneError(
      "APPROVAL_VOID",
      `the ${name} of run ${this.id} is gone or was changed since it was reviewed. Deploy again for a new review.`,
      { facts: { run: this.id, artifact: name } },
    );
  }

  #bytesOf(path: string): Buffer | undefined {
    try {
      return readFileSync(join(this.folder, path));
    } catch {
      return undefined;
    }
  }

  /** Tells the listener. */
  emit<Name extends EventName>(name: Name, data: EventData<Name>): void {
    const event = {
      name,
      at: this.#ports.clock().toISOString(),
      run: this.id,
      stack: this.#record.stack,
      environment: this.#record.environment,
      operation: this.#record.operation,
      data,
    };
    // Name and data were checked together by this method's own type.
    tellListeners([this.#ports.onEvent], event as GroundplaneEvent);
  }
}
