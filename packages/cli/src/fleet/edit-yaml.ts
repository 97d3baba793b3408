import { GroundplaneError } from "@groundplane/contracts";
import { type Document, isMap, isScalar, isSeq, type Pair, parseDocument, type YAMLMap } from "yaml";

/** A change of a text: from, until, and what comes there. */
interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

function spliced(text: string, splices: readonly Splice[]): string {
  return [...splices]
    .sort((a, b) => b.from - a.from || b.to - a.to)
    .reduce((so, { from, to, text: put }) => so.slice(0, from) + put + so.slice(to), text);
}

const keyOf = ({ key }: Pair): string => (isScalar(key) ? String(key.value) : "");

/** Where a node's text begins and ends, without the comment behind it. */
function rangeOf(node: unknown): readonly [from: number, to: number] | undefined {
  if (!isScalar(node) && !isMap(node) && !isSeq(node)) return undefined;
  const [from, to] = node.range ?? [];
  return from === undefined || to === undefined ? undefined : [from, to];
}

const columnOf = (text: string, at: number): number => at - (text.lastIndexOf("\n", at - 1) + 1);

/** From the begin of the line that a key is on to the begin of the next. */
function lineOf(text: string, at: number): readonly [from: number, to: number] {
  const end = text.indexOf("\n", at);
  return [text.lastIndexOf("\n", at - 1) + 1, end < 0 ? text.length : end + 1];
}

function blockLines(record: Readonly<Record<string, string>>, indent: number): string {
  return Object.entries(record)
    .map(([name, value]) => `\n${" ".repeat(indent)}${name}: ${value}`)
    .join("");
}

/** Entry by entry, so that comments and the order of the lines stay. */
function changedEntries(text: string, map: YAMLMap, record: Readonly<Record<string, string>>): Splice[] {
  const wanted = new Map(Object.entries(record));
  const splices: Splice[] = [];
  for (const pair of map.items) {
    const [key, value] = [rangeOf(pair.key), rangeOf(pair.value)];
    if (key === undefined || value === undefined) continue;
    const put = wanted.get(keyOf(pair));
    wanted.delete(keyOf(pair));
    if (put === undefined) {
      const [from, to] = lineOf(text, key[0]);
      splices.push({ from, to, text: "" });
    } else if (!isScalar(pair.value) || pair.value.value !== put) {
      splices.push({ from: value[0], to: value[1], text: put });
    }
  }
  const [first, last] = [rangeOf(map.items[0]?.key), rangeOf(map.items.at(-1)?.value)];
  if (first === undefined || last === undefined || wanted.size === 0) return splices;
  const [, end] = lineOf(text, last[1]);
  const added = blockLines(Object.fromEntries(wanted), columnOf(text, first[0])).slice(1);
  return [
    ...splices,
    { from: end, to: end, text: text.endsWith("\n") || end < text.length ? `${added}\n` : `\n${added}` },
  ];
}

/** Under the last entry of a map, or in the place of a value that is no list of lines. */
function newEntries(
  text: string,
  parent: YAMLMap,
  key: string,
  record: Readonly<Record<string, string>>,
): Splice[] {
  const indent = columnOf(text, rangeOf(parent.items[0]?.key)?.[0] ?? 0);
  const lines = blockLines(record, indent + 2);
  const pair = parent.items.find((each) => keyOf(each) === key);
  const [there, value] = [rangeOf(pair?.key), rangeOf(pair?.value)];
  if (there !== undefined) {
    const colon = text.indexOf(":", there[1]) + 1;
    return [{ from: colon, to: Math.max(colon, value?.[1] ?? colon), text: lines }];
  }
  const end = parent.range?.[1] ?? text.length;
  const before = text.slice(0, end).trimEnd().length;
  const [, to] = lineOf(text, Math.max(0, before - 1));
  const line = `${" ".repeat(indent)}${key}:${lines}\n`;
  return [{ from: to, to, text: text.slice(0, to).endsWith("\n") ? line : `\n${line}` }];
}

function parsed(file: string, text: string): Document.Parsed {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error === undefined) return document;
  throw new GroundplaneError("CONFIG_INVALID", `${file} is no YAML: ${error.message.split(/:?\n/)[0]}`, {
    facts: { file },
  });
}

/** The place of a value: keys of maps, and places in lists. */
export type YamlPath = readonly (string | number)[];

/** A record of names that a YAML text holds, changed line by line: whatever else is in the text stays as it is. */
export function withRecord(
  file: string,
  text: string,
  path: YamlPath,
  record: Readonly<Record<string, string>>,
): string {
  const document = parsed(file, text);
  const [key, parentPath] = [String(path.at(-1)), path.slice(0, -1)];
  const parent = parentPath.length === 0 ? document.contents : document.getIn(parentPath, true);
  const node = document.getIn(path, true);
  if (!isMap(parent) || parent.flow === true) throw notEditable(file, path);
  const inLines = isMap(node) && node.flow !== true && node.items.length > 0;
  const emptied = Object.keys(record).length === 0;
  if (emptied && node === undefined) return text;
  if (emptied && inLines) throw notEditable(file, path);
  const splices = inLines ? changedEntries(text, node, record) : newEntries(text, parent, key, record);
  return checked(file, spliced(text, splices), path, record);
}

/** A text in a map of a YAML text that does not have it yet. */
export function withEntry(file: string, text: string, path: YamlPath, value: string): string {
  const map = parsed(file, text).getIn(path.slice(0, -1), true);
  if (!isMap(map)) throw notEditable(file, path);
  const [first, last] = [rangeOf(map.items[0]?.key), rangeOf(map.items.at(-1)?.value)];
  if (first === undefined || last === undefined) throw notEditable(file, path);
  const put = map.flow === true ? ", " : `\n${" ".repeat(columnOf(text, first[0]))}`;
  const at =
    isScalar(map.items.at(-1)?.value) || map.flow === true
      ? last[1]
      : text.slice(0, last[1]).trimEnd().length;
  return checked(
    file,
    spliced(text, [{ from: at, to: at, text: `${put}${path.at(-1)}: ${value}` }]),
    path,
    value,
  );
}

/** What was written is read again: a text that this does not understand is refused, not spoilt. */
function checked(file: string, text: string, path: YamlPath, wanted: unknown): string {
  const found: unknown = parsed(file, text).toJS();
  const value = path.reduce<unknown>(
    (so, key) => (typeof so === "object" && so !== null ? Reflect.get(so, key) : undefined),
    found,
  );
  const sorted = (each: unknown): string =>
    JSON.stringify(typeof each === "object" && each !== null ? Object.entries(each).sort() : each);
  if (sorted(value) === sorted(wanted)) return text;
  throw notEditable(file, path);
}

function notEditable(file: string, path: YamlPath): GroundplaneError {
  return new GroundplaneError(
    "CONFIG_INVALID",
    `${file}: ${path.join(".")} cannot be written without changing the rest of the file. Write it by hand, one line for each entry.`,
    { facts: { file, path: path.join(".") } },
  );
}
