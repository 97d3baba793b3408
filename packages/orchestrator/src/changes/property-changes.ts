import { canonicalJson, isSecretMark, type JsonValue, type PropertyChange } from "@groundplane/contracts";
import type { EngineStep } from "../engine/engine-request.ts";

type Kind = PropertyChange["kind"];

/** Splits `tags.Owner`, `ingress[0].fromPort` and `tags["a.b"]` into keys. */
export function parsePropertyPath(path: string): readonly (string | number)[] {
  const keys: (string | number)[] = [];
  for (const match of path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)) {
    const [, quoted, index, plain] = match;
    if (quoted !== undefined) keys.push(quoted.replaceAll('\\"', '"'));
    else if (index !== undefined) keys.push(Number(index));
    else if (plain !== undefined) keys.push(plain);
  }
  return keys;
}

/** What stands at a path; a secret's mark for everything below it. */
export function valueAt(
  root: JsonValue | undefined,
  path: readonly (string | number)[],
): JsonValue | undefined {
  let value = root;
  for (const key of path) {
    // Nothing inside a secret is told apart.
    if (isSecretMark(value)) return value;
    if (typeof value !== "object" || value === null) return undefined;
    value = Object.entries(value).find(([name]) => name === String(key))?.[1];
  }
  return value;
}

function change(
  path: string,
  kind: Kind,
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  replaces: boolean,
): PropertyChange {
  return {
    path,
    kind,
    replaces,
    ...(before === undefined || kind === "add" ? {} : { before }),
    ...(after === undefined || kind === "delete" ? {} : { after }),
  };
}

function fromDetailedDiff(
  step: EngineStep,
  diff: NonNullable<EngineStep["detailedDiff"]>,
): readonly PropertyChange[] {
  return Object.entries(diff).map(([path, { kind, inputDiff }]) => {
    const keys = parsePropertyPath(path);
    const before =
      valueAt(inputDiff ? step.old?.inputs : step.old?.outputs, keys) ?? valueAt(step.old?.inputs, keys);
    const after = valueAt(step.new?.inputs, keys);
    const plain: Kind = kind.startsWith("add") ? "add" : kind.startsWith("delete") ? "delete" : "update";
    return change(path, plain, before, after, kind.endsWith("-replace") || step.keys.includes(path));
  });
}

/** Differences of two records, down to the first level: what is left when the provider tells no more. */
export function compareRecords(
  before: Readonly<Record<string, JsonValue>>,
  after: Readonly<Record<string, JsonValue>>,
  replaceKeys: readonly string[] = [],
): readonly PropertyChange[] {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return paths.flatMap((path) => {
    const [old, now] = [before[path], after[path]];
    const replaces = replaceKeys.includes(path);
    if (old === undefined && now !== undefined) return [change(path, "add", old, now, replaces)];
    if (old !== undefined && now === undefined) return [change(path, "delete", old, now, replaces)];
    if (old === undefined || now === undefined) return [];
    // Two secrets look alike behind their marks; the engine told that it changed, or it would not be asked.
    if (canonicalJson(old) === canonicalJson(now) && !(replaces && isSecretMark(now))) return [];
    return [change(path, "update", old, now, replaces)];
  });
}

/** The property changes of one planned step, in path order. */
export function propertyChangesOf(step: EngineStep): readonly PropertyChange[] {
  const changes =
    step.detailedDiff !== undefined && Object.keys(step.detailedDiff).length > 0
      ? fromDetailedDiff(step, step.detailedDiff)
      : compareRecords(step.old?.inputs ?? {}, step.new?.inputs ?? {}, step.keys);
  return [...changes].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
