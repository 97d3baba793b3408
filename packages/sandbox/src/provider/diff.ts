import type { JsonValue } from "@groundplane/contracts";
import { compareValues, isEqual, type Properties, type PropertyDiff } from "@groundplane/provider";
import type { ResourceShape } from "../catalog/shape.ts";

/** Whether a change of a property replaces: when one value takes another's place, though not when it comes or goes. */
export type Replaces = boolean | "when-changed";

/**
 * What lies between the old and the new inputs, one entry for each leaf that differs. Where `replaces` says nothing of a
 * property, the catalog decides.
 */
export function diffInputs(
  oldInputs: Properties,
  newInputs: Properties,
  resource: ResourceShape,
  replaces: (property: string, path: string) => Replaces | undefined,
): readonly PropertyDiff[] {
  const diffs: PropertyDiff[] = [];
  const names = new Set([...Object.keys(oldInputs), ...Object.keys(newInputs)]);
  for (const name of [...names].sort()) {
    if (name.startsWith("__")) continue;
    const [before, after] = [oldInputs[name], newInputs[name]];
    // What the program no longer says, and the cloud computes when it is not said, stays as it is.
    if (after === undefined && isComputed(name, resource)) continue;
    for (const { path, kind } of compareValues(before, after, name, same)) {
      const replacing = replaces(name, path) ?? resource.inputs[name]?.x !== undefined;
      diffs.push({
        path,
        kind,
        input: true,
        replaces: replacing === "when-changed" ? kind === "update" : replacing,
      });
    }
  }
  return diffs;
}

function isComputed(name: string, resource: ResourceShape): boolean {
  const output = resource.outputs[name];
  return output !== undefined && output.u !== 1 && resource.inputs[name]?.r !== 1;
}

/** Two policy texts with the same content are the same policy. */
function same(a: JsonValue, b: JsonValue): boolean {
  if (isEqual(a, b)) return true;
  const [left, right] = [document(a), document(b)];
  return left !== undefined && right !== undefined && isEqual(left, right);
}

function document(value: JsonValue): JsonValue | undefined {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return undefined;
  try {
    const parsed: JsonValue = JSON.parse(value);
    return parsed;
  } catch {
    return undefined;
  }
}
