import { type RunRecord, writesStateAlone } from "@groundplane/contracts";
import type { PendingOperation, StackState, StateResource } from "../engine/stack-state.ts";
import type { JournaledRun } from "../pipeline/journaled-run.ts";
import { type EngineLogLine, readEngineLog } from "./engine-log.ts";

const MAKES: ReadonlySet<string> = new Set(["create", "create-replacement", "import", "import-replacement"]);
const UNMAKES: ReadonlySet<string> = new Set(["delete", "delete-replaced"]);

type Run = Pick<JournaledRun, "id" | "folder"> & {
  readonly record: Pick<
    RunRecord,
    "operation" | "state" | "outcome" | "findings" | "restoreFrom" | "settlement"
  >;
};

const isApplied = ({ record }: Run): boolean =>
  record.state === "DONE" && (record.outcome === "applied" || record.outcome === "rolled-back");

/** It put an older state in the place of one that could not be read: what that one knew is lost. */
function restoredBlindly({ record }: Run): boolean {
  return record.operation === "restore" && record.findings.some(({ rule }) => rule === "state-unreadable");
}

/** The newest restore of that kind, unless a deployment went through since: then the program stands as it says. */
function lastBlindRestore(runs: readonly Run[]): number {
  for (let index = runs.length - 1; index >= 0; index -= 1) {
    const run = runs[index];
    if (run === undefined || !isApplied(run)) continue;
    if (restoredBlindly(run)) return index;
    if (!writesStateAlone(run.record.operation) || run.record.operation === "restore") return -1;
  }
  return -1;
}

/** Runs of which the restored state knows nothing. */
function runsSince(runs: readonly Run[], restore: Run): readonly Run[] {
  const source = restore.record.restoreFrom;
  const at = runs.findIndex(({ id }) => id === source?.run);
  const end = runs.indexOf(restore);
  return at < 0 ? [] : runs.slice(source?.moment === "before" ? at : at + 1, end);
}

interface Made {
  readonly line: EngineLogLine;
  readonly needs: readonly StateResource[];
}

function resourceOf({
  urn = "",
  type = "",
  id,
  custom,
  parent,
  provider,
  inputs,
}: EngineLogLine): StateResource {
  return {
    ...{ urn, type, custom: custom ?? true, inputs: inputs ?? {}, outputs: inputs ?? {} },
    ...(id === undefined ? {} : { id }),
    ...(parent === undefined ? {} : { parent }),
    ...(provider === undefined ? {} : { provider }),
  };
}

/** Its ancestors, the outermost first, and its provider: where the restored state lacks them too, they come with it. */
function needsOf(line: EngineLogLine, told: ReadonlyMap<string, EngineLogLine>): readonly StateResource[] {
  const provider = told.get(line.provider?.split("::").slice(0, -1).join("::") ?? "");
  const parent = line.parent === undefined ? undefined : told.get(line.parent);
  return [
    ...(parent === undefined ? [] : [...needsOf(parent, told), resourceOf(parent)]),
    ...(provider === undefined ? [] : [...needsOf(provider, told), resourceOf(provider)]),
  ];
}

function madeIn(runs: readonly Run[]): ReadonlyMap<string, Made> {
  const made = new Map<string, Made>();
  const told = new Map<string, EngineLogLine>();
  for (const line of runs.flatMap(readEngineLog)) {
    const { kind, urn, operation = "", type = "", custom } = line;
    const stands = kind === "finished" || (kind === "started" && custom === false);
    if (!stands || urn === undefined) continue;
    if (UNMAKES.has(operation)) made.delete(urn);
    else told.set(urn, line);
    if (MAKES.has(operation) && custom === true && line.id !== undefined && !type.startsWith("pulumi:"))
      made.set(urn, { line, needs: needsOf(line, told) });
  }
  return made;
}

/**
 * What runs made of which the state knows nothing, because an older state took the place of one that could not be
 * read. A deployment would make it twice: it is pending until a person adopts it or says that it is gone.
 *
 * @param runs Of the stack, in the order in which they changed it.
 */
export function unaccountedOperations(
  runs: readonly Run[],
  { resources }: Pick<StackState, "resources">,
): readonly PendingOperation[] {
  const index = lastBlindRestore(runs);
  const restore = runs[index];
  if (restore === undefined) return [];
  const settled = new Set(
    runs
      .slice(index + 1)
      .filter(isApplied)
      .flatMap(({ record }) => [
        ...(record.settlement?.gone ?? []),
        ...(record.settlement?.adopted.map(({ urn }) => urn) ?? []),
      ]),
  );
  const known = (urn: string, id: string | undefined): boolean =>
    resources.some((resource) => resource.urn === urn && resource.id === id);
  return [...madeIn(runsSince(runs, restore))]
    .filter(([urn, { line }]) => !settled.has(urn) && !known(urn, line.id))
    .map(([urn, { line, needs }]) => ({ type: "creating", urn, resource: resourceOf(line), needs }));
}

/** The state, and beside its own marks what it ought to have a mark for. */
export function withUnaccounted(state: StackState, runs: readonly Run[]): StackState {
  const marked = new Set(state.pendingOperations.map(({ urn }) => urn));
  const more = unaccountedOperations(runs, state).filter(({ urn }) => !marked.has(urn));
  return more.length === 0 ? state : { ...state, pendingOperations: [...state.pendingOperations, ...more] };
}
