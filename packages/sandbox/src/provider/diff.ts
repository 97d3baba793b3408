import { canonicalJson, type JsonValue } from "@groundplane/contracts";
import type { ResourceShape } from "../catalog/shape.ts";
import { joinPath } from "../wire/property-path.ts";
import { isList, isObject, isSecret, type Properties } from "../wire/sentinel.ts";

export type DiffKind = "add" | "delete" | "update";

/** Whether a change of a property replaces: when one value takes another's place, though not when it comes or goes. */
export type Replaces = boolean | "when-changed";

export interface PropertyDiff {
  /** Pulumi's notation, from the top: `tags.Owner`. */
  readonly path: string;
  readonly kind: DiffKind;
  readonly replaces: boolean;
  /** Set where it is an output that differs from what it should be. */
  readonly ofOutputs?: true;
}

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
    for (const { path, kind } of compare(before, after, name)) {
      const replacing = replaces(name, path) ?? resource.inputs[name]?.x !== undefined;
      diffs.push({ path, kind, replaces: replacing === "when-changed" ? kind === "update" : replacing });
    }
  }
  return diffs;
}

function isComputed(name: string, resource: ResourceShape): boolean {
  const output = resource.outputs[name];
  return output !== undefined && output.u !== 1 && resource.inputs[name]?.r !== 1;
}

function compare(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  path: string,
): readonly { path: string; kind: DiffKind }[] {
  const [old, next] = [strip(before), strip(after)];
  if (old === undefined) return next === undefined ? [] : [{ path, kind: "add" }];
  if (next === undefined) return [{ path, kind: "delete" }];
  if (isObject(old) && isObject(next))
    return [...new Set([...Object.keys(old), ...Object.keys(next)])]
      .sort()
      .flatMap((key) => compare(old[key], next[key], joinPath(path, key)));
  if (isList(old) && isList(next))
    return Array.from({ length: Math.max(old.length, next.length) }).flatMap((_, at) =>
      compare(old[at], next[at], joinPath(path, at)),
    );
  return same(old, next) ? [] : [{ path, kind: "update" }];
}

/** The content of a secret; the engine itself masks what it shows of these paths. */
function strip(value: JsonValue | undefined): JsonValue | undefined {
  return isSecret(value) ? strip(value.value) : value === null ? undefined : value;
}

/** Two policy texts with the same content are the same policy. */
function same(a: JsonValue, b: JsonValue): boolean {
  if (canonicalJson(a) === canonicalJson(b)) return true;
  const [left, right] = [document(a), document(b)];
  return left !== undefined && right !== undefined && canonicalJson(left) === canonicalJson(right);
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
