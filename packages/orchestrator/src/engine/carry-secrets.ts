import { isSecretMark, type JsonValue, SECRET_MARK } from "@groundplane/contracts";
import type { EngineState, EngineStep } from "./engine-request.ts";

function hasSecret(value: JsonValue): boolean {
  if (isSecretMark(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(hasSecret);
}

/** `after` with a mark wherever `before` has one. */
function carried(before: JsonValue | undefined, after: JsonValue): JsonValue {
  if (before === undefined) return after;
  if (isSecretMark(before)) return SECRET_MARK;
  if (typeof before !== "object" || before === null || !hasSecret(before)) return after;
  // A list may have been put in another order: which of its elements is the secret one cannot be told.
  if (Array.isArray(before) || Array.isArray(after)) return SECRET_MARK;
  // What was an object with a secret in it may have become that secret's text.
  if (typeof after !== "object" || after === null) return SECRET_MARK;
  return carriedRecord(Object.fromEntries(Object.entries(before)), Object.fromEntries(Object.entries(after)));
}

type Properties = Readonly<Record<string, JsonValue>>;

function carriedRecord(before: Properties, after: Properties): Record<string, JsonValue> {
  return Object.fromEntries(Object.entries(after).map(([key, value]) => [key, carried(before[key], value)]));
}

function marked(state: EngineState, known: readonly EngineState[]): EngineState {
  const both = (properties: Properties): Record<string, JsonValue> =>
    known.reduce<Record<string, JsonValue>>(
      (masked, { inputs, outputs }) => carriedRecord(inputs, carriedRecord(outputs, masked)),
      { ...properties },
    );
  return { ...state, inputs: both(state.inputs), outputs: both(state.outputs) };
}

/**
 * Puts a mark wherever the state or the program has a secret, in inputs or outputs, for the steps of one command
 * that reads the cloud: a provider need not know that a program declared a value secret, and hands it back in the clear.
 */
export function secretCarrier(): (step: EngineStep) => EngineStep {
  // What the state had before the cloud was read: later steps of the resource begin with what was read.
  const first = new Map<string, EngineState>();
  return (step) => {
    const { old, new: next } = step;
    if (old !== undefined && !first.has(step.urn)) first.set(step.urn, old);
    const known = [first.get(step.urn), old, next].filter((state) => state !== undefined);
    return {
      ...step,
      ...(old === undefined ? {} : { old: marked(old, known) }),
      ...(next === undefined ? {} : { new: marked(next, known) }),
    };
  };
}
