import { canonicalJson, type JsonValue } from "@groundplane/contracts";
import { hasUnknown, isList, isObject, isSecret } from "./special-value.ts";

export interface PropertyDiff {
  /** Pulumi's notation, from the top: `files[0].content`. */
  readonly path: string;
  readonly kind: "add" | "delete" | "update";
  readonly replaces: boolean;
  /** Whether it is an input that differs; else it is an output that is not what it should be. */
  readonly input: boolean;
}

/** The path one step further, in Pulumi's notation: `tags.Owner`, `ingress[0]`, `tags["a.b"]`. */
export function joinPath(path: string, segment: string | number): string {
  if (typeof segment === "number") return `${path}[${segment}]`;
  if (!/^[\w$-]+$/.test(segment)) return `${path}[${JSON.stringify(segment)}]`;
  return path === "" ? segment : `${path}.${segment}`;
}

/**
 * One entry for each leaf that differs. The content of secrets is compared, as the engine itself masks what it shows of
 * these paths; null is the same as nothing.
 *
 * @param same whether two leaves that are known say the same; without it, whether they are equal.
 */
export function compareValues(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  path: string,
  same: (before: JsonValue, after: JsonValue) => boolean = isEqual,
): readonly Pick<PropertyDiff, "path" | "kind">[] {
  const [old, next] = [opened(before), opened(after)];
  if (old === undefined) return next === undefined ? [] : [{ path, kind: "add" }];
  if (next === undefined) return [{ path, kind: "delete" }];
  if (isObject(old) && isObject(next))
    return [...new Set([...Object.keys(old), ...Object.keys(next)])]
      .sort()
      .flatMap((key) => compareValues(old[key], next[key], joinPath(path, key), same));
  if (isList(old) && isList(next))
    return Array.from({ length: Math.max(old.length, next.length) }).flatMap((_, at) =>
      compareValues(old[at], next[at], joinPath(path, at), same),
    );
  return !hasUnknown(next) && same(old, next) ? [] : [{ path, kind: "update" }];
}

function opened(value: JsonValue | undefined): JsonValue | undefined {
  return isSecret(value) ? opened(value.value) : value === null ? undefined : value;
}

export function isEqual(a: JsonValue, b: JsonValue): boolean {
  return canonicalJson(a) === canonicalJson(b);
}
