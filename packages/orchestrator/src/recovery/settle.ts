import {
  type ChangeSet,
  type Finding,
  GroundplaneError,
  nameOfUrn,
  type PropertyChange,
  type Settlement,
} from "@groundplane/contracts";
import { compareRecords } from "../changes/property-changes.ts";
import { copyStates } from "../drift/check-drift.ts";
import { maskEngineRecord } from "../engine/mask.ts";
import { runEngineChild } from "../engine/run-child.ts";
import { parseState, readState, type StackState } from "../engine/stack-state.ts";
import { makeWorkFolder } from "../engine/work-folder.ts";
import { reasonOf } from "../pipeline/relay-engine.ts";
import {
  currentState,
  engineRequest,
  pulumiOptions,
  type RunContext,
  saltedSettings,
} from "../pipeline/run-context.ts";
import { OWN_PACK } from "../policy/own-pack.ts";
import { compareStates } from "./compare-states.ts";
import { type SettledDeployment, settledDeployment, withRead } from "./settle-deployment.ts";
import { withUnaccounted } from "./unaccounted.ts";
import type { WantedState } from "./write-state.ts";

/**
 * Asks the cloud for what is to be read, on a copy of the state: nobody else sees it.
 *
 * @throws {ENGINE_FAILED} when a resource could not be read.
 */
async function readFromCloud(
  context: RunContext,
  present: StackState,
  deployment: SettledDeployment,
): Promise<StackState> {
  const { stack, environment, workFolder, engine, run, signal, files } = context;
  const subject = { project: stack.name, stack: environment.name };
  const settled = parseState(subject, deployment.text);
  if (deployment.read.length === 0) return settled;
  await makeWorkFolder(workFolder, files, environment.name, saltedSettings(context, present));
  const copy = await copyStates(context, workFolder, settled);
  const env = { ...engine.env, ...copy };
  const result = await runEngineChild(
    { ...engineRequest(context, "settle"), targets: [...deployment.read] },
    { env, limits: engine.limits, onMessage: () => undefined, signal },
  );
  if (result.code !== 0 || result.ended !== undefined) {
    throw new GroundplaneError(
      "ENGINE_FAILED",
      `the cloud cannot be asked how the operations went; nothing was changed.\n${reasonOf(result, context)}`,
      { facts: { run: run.id, exitCode: result.code } },
    );
  }
  const found = await readState(subject, { ...pulumiOptions(context), env });
  return parseState(subject, withRead(deployment, found));
}

/** What the cloud has otherwise than it was reviewed; secrets are not compared, as they cannot be seen. */
function differencesOf(
  present: StackState,
  wanted: StackState,
  { urn, id }: Settlement["adopted"][number],
): readonly PropertyChange[] {
  const operation = present.pendingOperations.find((each) => each.urn === urn);
  // The engine told its id, and no state has what was reviewed of it.
  if (operation?.needs !== undefined) {
    const told = operation.resource.id ?? "";
    return told === id ? [] : [{ path: "id", kind: "update", before: told, after: id, replaces: false }];
  }
  const reviewed = operation?.resource.inputs;
  const found = wanted.resources.find((resource) => resource.urn === urn && resource.delete !== true)?.inputs;
  return compareRecords(maskEngineRecord(reviewed), maskEngineRecord(found)).filter(
    ({ path }) => !path.startsWith("__"),
  );
}

const ABOUT = {
  pack: OWN_PACK,
  foundBy: "pipeline",
} as const;

function adoptedFinding(
  urn: string,
  id: string,
  differs: readonly PropertyChange[],
  confirmed: boolean,
): Finding {
  const name = nameOfUrn(urn);
  if (differs.length === 0) {
    return {
      ...{ ...ABOUT, rule: "pending-adopted", urn, severity: "medium", enforcement: "advisory" },
      status: "violation",
      title: "What was begun exists, and is taken into the state",
      message: `${name} is ${id} in the cloud, as it was reviewed`,
      remedy: "Make sure that it is the one that the engine made, and not another that looks the same.",
    };
  }
  const paths = differs.map(({ path }) => path).join(", ");
  return {
    ...{ ...ABOUT, rule: "adopted-differs", urn, severity: "critical", enforcement: "mandatory" },
    status: confirmed ? "exempted" : "violation",
    title: "What is to be adopted is not what was reviewed",
    message: `${id} differs from ${name} as it was reviewed in ${paths}; the next deployment would change it, or replace it and delete what it is${confirmed ? "; confirmed by name" : ""}`,
    remedy: `Look whether ${id} is the right one. If it is, and the differences are to be brought back by the next deployment, say so by name: --confirm '${urn}'.`,
  };
}

function goneFinding(urn: string): Finding {
  return {
    ...{ ...ABOUT, rule: "pending-gone", urn, severity: "high", enforcement: "advisory" },
    status: "violation",
    title: "What was begun does not exist, by the word of a person",
    message: `the mark on ${nameOfUrn(urn)} is cleared, and the next deployment creates it: if it exists after all, there will be two`,
    remedy:
      "Look in the cloud by its type and its name, in every region that it could be in, before you approve.",
  };
}

function findingsOf(
  { gone, adopted }: Settlement,
  present: StackState,
  wanted: StackState,
  confirmed: readonly string[],
): readonly Finding[] {
  const about = adopted.map(({ urn, id }) => ({
    urn,
    id,
    differs: differencesOf(present, wanted, { urn, id }),
  }));
  const differing = about.filter(({ differs }) => differs.length > 0).map(({ urn }) => urn);
  const stray = confirmed.filter((urn) => !differing.includes(urn));
  if (stray.length > 0) {
    throw new GroundplaneError(
      "CONFIRMATION_REQUIRED",
      `confirmed, but not adopted with differences: ${stray.join(", ")}. Check the URN.`,
      { facts: { urns: [...stray] } },
    );
  }
  return [
    ...gone.map(goneFinding),
    ...about.map(({ urn, id, differs }) => adoptedFinding(urn, id, differs, confirmed.includes(urn))),
  ];
}

function requireAdopted({ adopted }: Settlement, wanted: StackState): void {
  const missing = adopted.filter(
    ({ urn, id }) => !wanted.resources.some((resource) => resource.urn === urn && resource.id === id),
  );
  if (missing.length === 0) return;
  throw new GroundplaneError(
    "INVALID_ARGUMENT",
    `the cloud has no such thing: ${missing.map(({ urn, id }) => `${urn} as "${id}"`).join(", ")}. Nothing was changed; look for the right id, or give --gone <urn>.`,
    { facts: { urns: missing.map(({ urn }) => urn) } },
  );
}

function changesOf(context: RunContext, present: StackState, wanted: StackState): ChangeSet {
  const { project, stack, environment } = context;
  return compareStates(
    { project: project.definition.name, stack: stack.name, environment: environment.name },
    present,
    wanted,
  );
}

/**
 * The state once every pending operation is settled: by a person's word for what was being created, by asking the
 * cloud for what was being updated or deleted.
 *
 * @throws {INVALID_ARGUMENT} when a creation is left undecided, or something adopted is not there.
 * @throws {CONFIRMATION_REQUIRED} when a confirmation names nothing that differs.
 */
export async function settledState(context: RunContext, confirmed: readonly string[]): Promise<WantedState> {
  const settlement = context.run.record.settlement ?? { gone: [], adopted: [] };
  const present = withUnaccounted(await currentState(context), context.run.ofSameStack());
  const wanted = await readFromCloud(context, present, settledDeployment(present, settlement));
  requireAdopted(settlement, wanted);
  return {
    present: { state: present, digest: present.digest },
    state: wanted,
    changeSet: changesOf(context, present, wanted),
    findings: findingsOf(settlement, present, wanted, confirmed),
    stands: present.pendingOperations.length === 0,
    confirmed,
  };
}
