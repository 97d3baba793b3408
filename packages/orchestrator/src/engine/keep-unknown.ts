import { GroundplaneError, UNKNOWN_TEXT } from "@groundplane/contracts";
import * as pulumi from "@pulumi/pulumi";
import runtime from "@pulumi/pulumi/runtime/index.js";
import { holdsUnknown } from "./unknown-value.ts";

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * A value in which every text that was built from an unknown one is unknown itself: without it, the engine would
 * plan with the mark's own letters.
 */
export function keepUnknown(value: unknown): unknown {
  if (typeof value === "string") return holdsUnknown(value) ? UNKNOWN_TEXT : value;
  if (typeof value !== "object" || value === null) return value;
  if (pulumi.Output.isInstance(value)) return value.apply(keepUnknown);
  if (value instanceof Promise) return value.then(keepUnknown);
  if (Array.isArray(value)) return value.map(keepUnknown);
  if (pulumi.asset.Asset.isInstance(value) && "text" in value) {
    const asset: unknown = value;
    return Promise.resolve<unknown>(value.text).then((text) =>
      typeof text === "string" && holdsUnknown(text) ? UNKNOWN_TEXT : asset,
    );
  }
  if (!isPlainObject(value)) return value;
  const entries = Object.entries(value);
  if (entries.some(([key]) => holdsUnknown(key))) return UNKNOWN_TEXT;
  return Object.fromEntries(entries.map(([key, inner]) => [key, keepUnknown(inner)]));
}

/** Whether plain values hold what is unknown, or was built from it. */
function mentionsUnknown(value: unknown): boolean {
  if (typeof value === "string") return holdsUnknown(value);
  if (typeof value !== "object" || value === null) return false;
  if (!Array.isArray(value) && !isPlainObject(value)) return false;
  return Object.entries(value).some(([key, inner]) => holdsUnknown(key) || mentionsUnknown(inner));
}

const lookedUp = (token: string): GroundplaneError =>
  new GroundplaneError(
    "UPSTREAM_NOT_KNOWN",
    `${token} looks something up by an output that is not known yet, and the program needs the answer.`,
    { facts: { token } },
  );

/**
 * Lookups by what is not known. The SDK answers a plain one with an empty object, from which a program would go on to
 * make texts with `undefined` in them; an `Output` of one is unknown by itself.
 */
function keepUnknownInLookups(): void {
  const { invoke, invokeSingle, invokeOutput, invokeSingleOutput } = runtime;
  // The SDK of a cloud calls them by way of this object.
  Object.assign(runtime, {
    invoke: (...[token, props, ...rest]: Parameters<typeof invoke>) =>
      mentionsUnknown(props) ? Promise.reject(lookedUp(token)) : invoke(token, props, ...rest),
    invokeSingle: (...[token, props, ...rest]: Parameters<typeof invokeSingle>) =>
      mentionsUnknown(props) ? Promise.reject(lookedUp(token)) : invokeSingle(token, props, ...rest),
    invokeOutput: (...[token, props, ...rest]: Parameters<typeof invokeOutput>) =>
      invokeOutput(token, keptInputs(props), ...rest),
    invokeSingleOutput: (...[token, props, ...rest]: Parameters<typeof invokeSingleOutput>) =>
      invokeSingleOutput(token, keptInputs(props), ...rest),
  });
}

const keptInputs = (props: pulumi.Inputs): pulumi.Inputs =>
  Object.fromEntries(Object.entries(props).map(([key, value]) => [key, keepUnknown(value)]));

/**
 * From here on, what the program gives to resources and lookups goes through `keepUnknown`. For a child process that
 * serves one preview, as it changes the SDK's own functions.
 *
 * @throws {UPSTREAM_NOT_KNOWN} from the program, where it names a resource after an unknown value or needs the answer
 * to a lookup by one.
 */
export function keepUnknownInProgram(): void {
  keepUnknownInLookups();
  pulumi.runtime.registerStackTransformation(({ name, type, props, opts }) => {
    if (holdsUnknown(name)) {
      throw new GroundplaneError(
        "UPSTREAM_NOT_KNOWN",
        `a ${type} is named after an output that is not known yet, so it cannot be planned.`,
        { facts: { type } },
      );
    }
    return { props: keptInputs(props), opts };
  });
}
