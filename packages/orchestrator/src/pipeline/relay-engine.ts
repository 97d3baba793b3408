import { type Finding, nameOfUrn } from "@groundplane/contracts";
import { operationOf } from "../changes/change-set.ts";
import type { EngineDiagnostic, EngineMessage, EngineStep } from "../engine/engine-request.ts";
import type { EngineRunResult } from "../engine/run-child.ts";
import type { JournaledRun } from "./journaled-run.ts";
import type { RunContext } from "./run-context.ts";

function resourceOf(step: EngineStep) {
  const operation = operationOf(step.operation);
  return operation === undefined
    ? undefined
    : { urn: step.urn, type: step.type, name: nameOfUrn(step.urn), operation };
}

/** Turns what the engine says into events of the run. Returns the listener for one engine command. */
export function engineRelay(run: JournaledRun): (message: EngineMessage) => void {
  const startedAt = new Map<string, number>();
  return (message) => {
    switch (message.kind) {
      case "step.started": {
        const resource = resourceOf(message.step);
        startedAt.set(message.step.urn, performance.now());
        if (resource !== undefined)
          run.emit("resource.started", { ...resource, planning: message.step.planning });
        break;
      }
      case "step.finished": {
        const resource = resourceOf(message.step);
        const durationMs = performance.now() - (startedAt.get(message.step.urn) ?? performance.now());
        if (resource !== undefined)
          run.emit("resource.finished", { ...resource, planning: message.step.planning, durationMs });
        break;
      }
      case "step.failed": {
        const resource = resourceOf(message.step);
        if (resource !== undefined) run.emit("resource.failed", resource);
        break;
      }
      case "preflight": {
        const { problems, durationMs } = message;
        run.emit("stack.preflight.finished", { problems, durationMs });
        if (problems.length === 0) run.emit("stack.preview.started", {});
        break;
      }
      case "diagnostic": {
        const { severity, message: text, urn } = message;
        run.emit("engine.message", { severity, message: text, ...(urn === undefined ? {} : { urn }) });
        break;
      }
      default:
        break;
    }
  };
}

/** Errors that the engine and providers told, for a reason; the engine's own closing words only where nothing else was said. */
export function errorDiagnostics(messages: readonly EngineMessage[]): readonly EngineDiagnostic[] {
  const errors = messages.flatMap((message) =>
    message.kind === "diagnostic" && message.severity === "error"
      ? [{ ...message, message: message.message.replace(/^error: /, "") }]
      : [],
  );
  // With a plan, the engine also complains of every step that it did not come to.
  const telling = errors.filter(
    ({ message }) =>
      !/^(preview|update|destroy) failed$|^expected resource operations for .* but none were seen/.test(
        message,
      ),
  );
  return telling.length > 0 ? telling : errors;
}

/** Providers often do not say what of many it is about. */
function named({ message, urn = "" }: EngineDiagnostic): string {
  const name = nameOfUrn(urn);
  if (name === "" || urn.includes("::pulumi:pulumi:Stack::") || message.includes(name)) return message;
  return `${name}: ${message}`;
}

/** The same as text, each once, with the name of the resource. */
export function errorsOf(messages: readonly EngineMessage[]): string {
  return [...new Set(errorDiagnostics(messages).map(named))].join("\n");
}

/** Why an engine command failed, in words for a person. */
export function reasonOf(
  result: Pick<EngineRunResult, "messages" | "text">,
  { stack, environment }: Pick<RunContext, "stack" | "environment">,
): string {
  const told = errorsOf(result.messages) || result.text.trim();
  // The engine's own words on a lock name a command that breaks it without looking.
  return told.includes("stack is currently locked")
    ? `${told}\nIf that engine was killed, \`groundplane unlock ${environment.name} ${stack.name}\` verifies it and clears the lock.`
    : told;
}

/** What the packs said inside the engine, as findings. */
export function engineFindings(messages: readonly EngineMessage[]): readonly Finding[] {
  return messages.flatMap((message): Finding[] => {
    if (message.kind !== "policy") return [];
    const mandatory = message.enforcement === "mandatory";
    // The engine turns a rule that met an unknown value into an advisory remark (pkg/engine/plugin_host policies).
    const unevaluated = /can't run policy .* during preview/.test(message.message);
    return [
      {
        rule: message.policy,
        title: message.message.split("\n")[0] ?? message.policy,
        severity: mandatory ? "high" : "low",
        enforcement: mandatory || unevaluated ? "mandatory" : "advisory",
        status: unevaluated ? "not-evaluated" : "violation",
        message: message.message,
        remedy: "",
        pack: { name: message.pack, version: message.packVersion },
        foundBy: "engine",
        ...(message.urn === undefined ? {} : { urn: message.urn }),
      },
    ];
  });
}

/** Where both say the same of a rule and a resource, the change set's finding tells more than the engine's. */
export function mergeFindings(engine: readonly Finding[], review: readonly Finding[]): readonly Finding[] {
  const key = (finding: Finding): string =>
    `${finding.pack.name} ${finding.rule} ${finding.status} ${finding.urn ?? ""}`;
  const known = new Set(review.map(key));
  return [...review, ...engine.filter((finding) => !known.has(key(finding)))];
}
