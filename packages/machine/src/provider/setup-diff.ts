import { canonicalJson, type JsonValue } from "@groundplane/contracts";
import { hasUnknown, isList, isObject, type Properties, reveal } from "../wire/special-value.ts";

export interface PropertyDiff {
  /** Pulumi's notation, from the top: `files[0].content`. */
  readonly path: string;
  readonly kind: "add" | "delete" | "update";
  readonly replaces: boolean;
  /** Whether it is an input that differs; else the machine does. */
  readonly input: boolean;
}

/** What differs between what was asked for and is asked for now, and between the machine and both. */
export function diffSetup(
  oldInputs: Properties,
  newInputs: Properties,
  outputs: Properties,
): readonly PropertyDiff[] {
  const names = [...new Set([...Object.keys(oldInputs), ...Object.keys(newInputs)])].sort();
  const inputs = names
    .filter((name) => !name.startsWith("__"))
    .flatMap((name) => compare(plain(oldInputs[name]), plain(newInputs[name]), name))
    .map(({ path, kind }) => ({ path, kind, replaces: path === "connection.host", input: true }));
  const drifted = outputs["healthy"] === false;
  return [
    ...inputs,
    ...(drifted ? [{ path: "healthy", kind: "update", replaces: false, input: false } as const] : []),
  ];
}

/**
 * Whether the files are written and `setup` runs: not where only the way to the machine differs, or a script that runs
 * at another time.
 */
export function needsSetup(oldInputs: Properties, newInputs: Properties, outputs: Properties): boolean {
  return diffSetup(oldInputs, newInputs, outputs).some(({ path, input }) => {
    if (!input) return true;
    return (
      /^(files|setup|triggers)\b/.test(path) ||
      path.startsWith("connection.hostKey.trustOnFirstUse.machineId")
    );
  });
}

function plain(value: JsonValue | undefined): JsonValue | undefined {
  return value === undefined ? undefined : reveal(value);
}

type Found = { readonly path: string; readonly kind: PropertyDiff["kind"] };

function compare(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  path: string,
): readonly Found[] {
  if (before === undefined) return after === undefined ? [] : [{ path, kind: "add" }];
  if (after === undefined) return [{ path, kind: "delete" }];
  if (isObject(before) && isObject(after))
    return [...new Set([...Object.keys(before), ...Object.keys(after)])]
      .sort()
      .flatMap((key) => compare(before[key], after[key], join(path, key)));
  if (isList(before) && isList(after))
    return Array.from({ length: Math.max(before.length, after.length) }).flatMap((_, at) =>
      compare(before[at], after[at], `${path}[${at}]`),
    );
  if (hasUnknown(after)) return [{ path, kind: "update" }];
  return canonicalJson(before) === canonicalJson(after) ? [] : [{ path, kind: "update" }];
}

function join(path: string, key: string): string {
  return /^[\w$-]+$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}
