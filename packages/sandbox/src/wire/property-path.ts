import { GroundplaneError, type JsonValue } from "@groundplane/contracts";
import { isList, isObject, type Properties } from "@groundplane/provider";

type Segment = string | number;

/**
 * @throws {SANDBOX_INVALID} where the text is no property path
 */
export function parsePath(text: string): readonly Segment[] {
  const segments: Segment[] = [];
  const token = /\.?([^.[\]"]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]/y;
  while (token.lastIndex < text.length) {
    const match = token.exec(text);
    if (match === null)
      throw new GroundplaneError(
        "SANDBOX_INVALID",
        `"${text}" is no property path; one looks like tags.Owner or ingress[0].fromPort`,
      );
    const [, name, index, quoted] = match;
    if (index !== undefined) segments.push(Number(index));
    else segments.push(name ?? (quoted ?? "").replaceAll('\\"', '"'));
  }
  if (segments.length === 0)
    throw new GroundplaneError("SANDBOX_INVALID", "an empty property path names nothing");
  return segments;
}

/** A copy with the value at the path set, or removed where the value is undefined. Missing objects on the way are made. */
export function withValueAt(
  properties: Properties,
  path: readonly Segment[],
  value: JsonValue | undefined,
): Properties {
  const set = (target: JsonValue | undefined, at: number): JsonValue | undefined => {
    const segment = path[at];
    if (segment === undefined) return value;
    if (typeof segment === "number") {
      const items = isList(target) ? [...target] : [];
      const inner = set(items[segment], at + 1);
      if (inner === undefined) items.splice(segment, 1);
      else items[segment] = inner;
      return items.map((item) => item ?? null);
    }
    const { [segment]: old, ...rest } = isObject(target) ? target : {};
    const inner = set(old, at + 1);
    return inner === undefined ? rest : { ...rest, [segment]: inner };
  };
  const result = set(properties, 0);
  return isObject(result) ? result : {};
}
