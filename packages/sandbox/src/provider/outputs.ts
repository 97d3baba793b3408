import type { JsonValue } from "@groundplane/contracts";
import type { ResourceShape } from "../catalog/shape.ts";
import { SANDBOX_OUTPUT } from "../marks.ts";
import { type Properties, redact, secretOf, secretStrings, UNKNOWN } from "../wire/sentinel.ts";
import type { Cloud, CloudSettings, RuleContext } from "./cloud.ts";

/** What a preview of a create shows: the inputs, the defaults, and unknown for what the cloud computes. */
export function plannedOutputs(
  cloud: Cloud,
  inputs: Properties,
  resource: ResourceShape,
  settings: CloudSettings,
  sandbox: string,
): Properties {
  const outputs: Record<string, JsonValue> = {};
  for (const [name, output] of Object.entries(resource.outputs)) if (output.u !== 1) outputs[name] = UNKNOWN;
  return { ...outputs, ...settled(cloud, inputs, resource, settings), [SANDBOX_OUTPUT]: sandbox };
}

/** Everything that the resource shows once it exists. */
export function createdOutputs(
  cloud: Cloud,
  context: RuleContext,
  inputs: Properties,
  resource: ResourceShape,
  sandbox: string,
): Properties {
  const known: Properties = {
    ...context.previous,
    ...cloud.rule(context.type).outputs?.(context),
  };
  const computed: Record<string, JsonValue> = {};
  for (const [name, output] of Object.entries(resource.outputs)) {
    const settable = name in resource.inputs;
    const value =
      known[name] !== undefined && (output.u !== 1 || !settable || !(name in (context.previous ?? {})))
        ? known[name]
        : output.u === 1
          ? undefined
          : cloud.computed(context, name, resource);
    if (value !== undefined && value !== null) computed[name] = value;
  }
  const secrets = secretStrings(inputs);
  return {
    ...concealAll(computed, secrets),
    ...settled(cloud, inputs, resource, context.settings),
    [SANDBOX_OUTPUT]: sandbox,
  };
}

/** The inputs, the documented defaults, and what follows from the inputs alone. */
function settled(
  cloud: Cloud,
  inputs: Properties,
  resource: ResourceShape,
  settings: CloudSettings,
): Properties {
  const outputs: Record<string, JsonValue> = {};
  for (const [name, input] of Object.entries(resource.inputs))
    if (input.d !== undefined && name in resource.outputs) outputs[name] = input.d;
  for (const [name, value] of Object.entries(inputs)) if (name in resource.outputs) outputs[name] = value;
  return { ...outputs, ...cloud.planned(inputs, resource, settings) };
}

/** A computed text that repeats a secret, such as an ARN with a secret name in it, is secret too. */
function concealAll(computed: Properties, secrets: readonly string[]): Properties {
  if (secrets.length === 0) return computed;
  return Object.fromEntries(
    Object.entries(computed).map(([name, value]) => {
      const text = JSON.stringify(value);
      const long = secrets.filter((secret) => secret.length >= 6);
      return [name, redact(text, long) !== text || secrets.includes(String(value)) ? secretOf(value) : value];
    }),
  );
}
