import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  blocks,
  type ChangeSet,
  changeSetSchema,
  type Finding,
  GroundplaneError,
  toSarif,
} from "@groundplane/contracts";
import { reviewDigest } from "../digest/review-digest.ts";
import { runPulumi } from "../engine/pulumi-cli.ts";
import { isRealResource, parseState, type StackState } from "../engine/stack-state.ts";
import type { HeldLease } from "../lease/hold-lease.ts";
import { requireReviewed } from "../pipeline/apply.ts";
import { endBlocked, endPreview, openReview } from "../pipeline/prepare-review.ts";
import { createStack, currentState, pulumiOptions, type RunContext } from "../pipeline/run-context.ts";
import { isImportOf } from "./compare-states.ts";
import { type PresentState, presentState } from "./present-state.ts";
import { keepState } from "./state-backup.ts";

/** A state that is to take the place of the present one, and what speaks for or against it. */
export interface WantedState {
  readonly present: PresentState;
  readonly state: StackState;
  readonly changeSet: ChangeSet;
  readonly findings: readonly Finding[];
  /** Nothing of it has to be written. */
  readonly stands: boolean;
  readonly confirmed: readonly string[];
}

export interface ReviewOptions {
  readonly now: Date;
  /** Ends when the review stands. @default false */
  readonly previewOnly?: boolean | undefined;
}

const asFile = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** From IN_PROGRESS to a review that can be approved, to BLOCKED, or to DONE when there is nothing to write. */
export async function reviewWantedState(
  context: RunContext,
  wanted: WantedState,
  { now, previewOnly }: ReviewOptions,
): Promise<void> {
  const { run, environment } = context;
  const { present, state, changeSet, findings, stands } = wanted;
  const confirmed = [...wanted.confirmed];
  run.storeArtifact("change-set", "change-set.json", asFile(changeSet));
  run.moveTo("VALIDATING");
  run.storeArtifact("findings", "findings.json", asFile(findings));
  run.storeArtifact("sarif", "findings.sarif", asFile(toSarif(findings, { strict: environment.strict })));
  const recorded = {
    type: "review.recorded" as const,
    counts: changeSet.counts,
    findings: [...findings],
    confirmed,
  };
  const blocking = findings.filter((finding) => blocks(finding, environment.strict)).length;
  if (blocking > 0) {
    run.append(recorded);
    return endBlocked(context, changeSet, blocking);
  }
  run.storeArtifact("plan", "state-wanted.json", state.text);
  const digest = await reviewDigest(context, {
    operation: run.record.operation,
    changeSet,
    plan: state.text,
    stateDigest: present.digest,
    confirmed,
    wayBack: undefined,
  });
  run.append({ ...recorded, digest });
  run.moveTo("READY_FOR_APPLY");
  if (stands) return run.moveTo("DONE", { outcome: "unchanged" });
  if (previewOnly === true) return endPreview(context, changeSet);
  openReview(context, changeSet, digest.digest, now);
}

function wantedOf({ run, stack, environment }: RunContext): StackState {
  return parseState({ project: stack.name, stack: environment.name }, run.readArtifact("plan"));
}

/** The file as it was found, or the state: nothing takes its place before it is kept. */
function keepPresent({ run }: RunContext, { state, broken }: PresentState): string {
  if (state !== undefined) {
    keepState(run, "before", state);
    return "state-before.json";
  }
  if (broken === undefined) return "the engine's own copy beside it (.bak)";
  run.storeArtifact("state-broken", broken.name, broken.bytes);
  return broken.name;
}

async function importState(context: RunContext, wanted: StackState): Promise<void> {
  const { run, stack, environment, workFolder } = context;
  const file = join(workFolder, "state-wanted.json");
  await writeFile(file, wanted.text, { mode: 0o600 });
  const name = `organization/${stack.name}/${environment.name}`;
  const { code, stderr } = await runPulumi(
    ["stack", "import", `--stack=${name}`, `--file=${file}`],
    pulumiOptions(context),
  );
  if (code === 0) return;
  throw new GroundplaneError(
    "ENGINE_FAILED",
    `the engine does not take the state: ${stderr.trim().split("\n").at(-1)}. What stood before is in the run's folder.`,
    { facts: { run: run.id, exitCode: code } },
  );
}

/**
 * Under the stack's lease: keeps what stands, writes exactly the reviewed state in its place, reads it back.
 *
 * @throws {APPROVAL_VOID} when what was reviewed has moved.
 * @throws {LEASE_LOST}
 * @throws {ENGINE_FAILED} when the engine does not take it, or reads back another.
 */
export async function writeWantedState(context: RunContext, held: HeldLease): Promise<void> {
  const { run } = context;
  const present = await presentState(context);
  const changeSet = changeSetSchema.parse(JSON.parse(run.readArtifact("change-set")));
  const digest = await requireReviewed(context, changeSet, present.digest);
  const wanted = wantedOf(context);
  await held.check();
  const kept = keepPresent(context, present);
  const { fence } = held.lease;
  run.append({ type: "apply.started", fence, digest: digest.digest });
  run.moveTo("APPLYING");
  const startedAt = performance.now();
  run.emit("stack.state.started", { fence, kept });
  if (present.state?.exists === false) await createStack(context);
  await held.check();
  await importState(context, wanted);
  const found = await currentState(context);
  if (!isImportOf(found, wanted)) {
    throw new GroundplaneError(
      "ENGINE_FAILED",
      `the state reads back otherwise than it was written. What stood before is in the run's folder (${kept}); look at both before anything else.`,
      { facts: { run: run.id } },
    );
  }
  run.emit("stack.state.finished", {
    resources: found.resources.filter(isRealResource).length,
    durationMs: performance.now() - startedAt,
  });
  finishStateWrite(context, found);
}

function finishStateWrite({ run }: RunContext, state: StackState): void {
  keepState(run, "after", state);
  run.moveTo("DONE", { outcome: "applied" });
}

/** Finds out how far a run came whose process ended while it wrote a state. One write either happened or did not. */
export async function recoverStateWrite(context: RunContext): Promise<"written" | "untouched" | "unknown"> {
  const { run } = context;
  const present = await presentState(context);
  if (present.state !== undefined && isImportOf(present.state, wantedOf(context))) {
    finishStateWrite(context, present.state);
    return "written";
  }
  return present.digest === run.record.digest?.parts.state ? "untouched" : "unknown";
}
