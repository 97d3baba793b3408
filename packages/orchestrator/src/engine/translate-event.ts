import type {
  EngineEvent,
  PolicyEvent,
  StepEventMetadata,
  StepEventStateMetadata,
} from "@pulumi/pulumi/automation/index.js";
import type { EngineMessage, EngineState, EngineStep } from "./engine-request.ts";
import { maskEngineRecord } from "./mask.ts";

type Scrub = (text: string) => string;

function translateState(state: StepEventStateMetadata | undefined | null): EngineState | undefined {
  if (state === undefined || state === null) return undefined;
  return {
    type: state.type,
    urn: state.urn,
    id: state.id,
    custom: state.custom ?? false,
    parent: state.parent,
    provider: state.provider,
    protect: state.protect ?? false,
    inputs: maskEngineRecord(state.inputs),
    outputs: maskEngineRecord(state.outputs),
  };
}

function translateStep(metadata: StepEventMetadata, planning: boolean): EngineStep {
  const before = translateState(metadata.old);
  const after = translateState(metadata.new);
  const diff = metadata.detailedDiff ?? undefined;
  return {
    operation: metadata.op,
    urn: metadata.urn,
    type: metadata.type,
    planning,
    keys: [...(metadata.keys ?? [])],
    ...(before === undefined ? {} : { old: before }),
    ...(after === undefined ? {} : { new: after }),
    ...(diff === undefined
      ? {}
      : {
          detailedDiff: Object.fromEntries(
            Object.entries(diff).map(([path, change]) => [
              path,
              { kind: String(change.diffKind), inputDiff: change.inputDiff },
            ]),
          ),
        }),
  };
}

function translatePolicy(event: PolicyEvent, scrub: Scrub): EngineMessage {
  return {
    kind: "policy",
    pack: event.policyPackName,
    packVersion: event.policyPackVersion,
    policy: event.policyName,
    enforcement: event.enforcementLevel,
    message: scrub(event.message.trim()),
    ...(event.resourceUrn ? { urn: event.resourceUrn } : {}),
  };
}

/** The engine remarks on each program that it does not find beside itself, and this one is ours (engine/packs). */
const OWN_STAND_IN = /^\s*using pulumi-analyzer-policy\S* from \$PATH at .*[\\/]engine[\\/]packs[\\/]/;

/** The engine writes `PolicyPacks`, the SDK's type says `policyPacks`. */
function policyPacksOf(summary: object): readonly string[] {
  const packs: unknown = Object.entries(summary).find(([key]) => key.toLowerCase() === "policypacks")?.[1];
  return typeof packs === "object" && packs !== null ? Object.keys(packs) : [];
}

/**
 * An engine event as a message to the parent; undefined for those it has no use for.
 * `debug` diagnostics hold resource outputs in the clear and are dropped here.
 */
export function translateEvent(event: EngineEvent, scrub: Scrub): EngineMessage | undefined {
  if (event.resourcePreEvent) {
    const { metadata, planning } = event.resourcePreEvent;
    return { kind: "step.started", step: translateStep(metadata, planning ?? false) };
  }
  if (event.resOutputsEvent) {
    const { metadata, planning } = event.resOutputsEvent;
    return { kind: "step.finished", step: translateStep(metadata, planning ?? false) };
  }
  if (event.resOpFailedEvent) {
    return { kind: "step.failed", step: translateStep(event.resOpFailedEvent.metadata, false) };
  }
  if (event.policyEvent) return translatePolicy(event.policyEvent, scrub);
  if (event.diagnosticEvent) {
    const { message, urn, ephemeral } = event.diagnosticEvent;
    // Wider than the SDK's type, which leaves "debug" out.
    const severity: string = event.diagnosticEvent.severity;
    if (severity === "debug" || ephemeral || OWN_STAND_IN.test(message)) return undefined;
    return {
      kind: "diagnostic",
      severity: severity === "error" || severity === "warning" ? severity : "info",
      message: scrub(message.trim()),
      ...(urn ? { urn } : {}),
    };
  }
  if (event.summaryEvent) {
    return {
      kind: "summary",
      counts: Object.fromEntries(
        Object.entries(event.summaryEvent.resourceChanges ?? {}).map(([op, n]) => [op, Number(n)]),
      ),
      packs: [...policyPacksOf(event.summaryEvent)],
    };
  }
  return undefined;
}
