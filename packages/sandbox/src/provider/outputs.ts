import { canonicalJson, type JsonValue, UNKNOWN_TEXT } from "@groundplane/contracts";
import {
  hasUnknown,
  isList,
  isObject,
  type Properties,
  revealProperties,
  secretOf,
  secretTexts,
} from "@groundplane/provider";
import type { ResourceShape } from "../catalog/shape.ts";
import { SANDBOX_OUTPUT } from "../marks.ts";
import type { Cloud, CloudSettings, RuleContext } from "./cloud.ts";

/** What a preview of a create shows: the inputs, the defaults, and unknown for what the cloud computes. */
export function plannedOutputs(
  cloud: Cloud,
  type: string,
  inputs: Properties,
  resource: ResourceShape,
  settings: CloudSettings,
  sandbox: string,
): Properties {
  const outputs: Record<string, JsonValue> = {};
  for (const [name, output] of Object.entries(resource.outputs))
    if (output.u !== 1) outputs[name] = UNKNOWN_TEXT;
  const inside = cloud.rule(type).inside?.(inputs, {}, () => UNKNOWN_TEXT);
  return { ...outputs, ...settled(cloud, inputs, resource, settings), ...inside, [SANDBOX_OUTPUT]: sandbox };
}

/**
 * Everything that the resource shows once it exists.
 *
 * @param heldSecrets - secrets of the outputs before this update: what is carried over stays secret
 */
export function createdOutputs(
  cloud: Cloud,
  context: RuleContext,
  inputs: Properties,
  resource: ResourceShape,
  sandbox: string,
  heldSecrets: readonly string[] = [],
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
  return {
    ...conceal(computed, [...secretTexts(inputs), ...heldSecrets]),
    ...settled(cloud, inputs, resource, context.settings),
    ...cloud.rule(context.type).inside?.(inputs, context.previous ?? {}, (make) => make()),
    [SANDBOX_OUTPUT]: sandbox,
  };
}

/** What a preview of an update shows: what was before, the new inputs over it, and unknown for what is computed anew. */
export function plannedUpdate(
  cloud: Cloud,
  context: RuleContext & { readonly previous: Properties },
  inputs: Properties,
  resource: ResourceShape,
  sandbox: string,
  heldSecrets: readonly string[],
): Properties {
  const { previous } = context;
  const known = hasUnknown(inputs)
    ? previous
    : revealProperties(createdOutputs(cloud, context, inputs, resource, sandbox));
  const outputs: Record<string, JsonValue> = {};
  for (const [name, { u }] of Object.entries(resource.outputs)) {
    const [before, after] = [previous[name], known[name]];
    if (after === undefined) continue;
    const same = before !== undefined && canonicalJson(before) === canonicalJson(after);
    if (!(name in resource.inputs)) outputs[name] = same ? after : UNKNOWN_TEXT;
    else if (u !== 1) outputs[name] = after;
  }
  const secret = conceal(outputs, [...secretTexts(inputs), ...heldSecrets]);
  const inside = cloud.rule(context.type).inside?.(inputs, previous, () => UNKNOWN_TEXT);
  return {
    ...secret,
    ...settled(cloud, inputs, resource, context.settings),
    ...inside,
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

/** A computed value that repeats a secret, such as an ARN with a secret name in it, is secret too. */
function conceal(computed: Properties, secrets: readonly string[]): Properties {
  if (secrets.length === 0) return computed;
  return Object.fromEntries(
    Object.entries(computed).map(([name, value]) => [
      name,
      repeats(value, secrets) ? secretOf(value) : value,
    ]),
  );
}

function repeats(value: JsonValue, secrets: readonly string[]): boolean {
  if (isList(value)) return value.some((item) => repeats(item, secrets));
  if (isObject(value)) return Object.values(value).some((item) => repeats(item, secrets));
  const text = String(value);
  // A short secret is inside many texts by chance; there only the whole text counts.
  return secrets.some((secret) => text === secret || (secret.length >= 6 && text.includes(secret)));
}
