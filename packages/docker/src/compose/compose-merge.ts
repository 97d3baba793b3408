import { type ComposeFile, type ComposeOverlay, checkedCompose, composeFileSchema } from "./compose-file.ts";

/** Where in a file, names left out: `services.*.ports`. */
type Place = string;

/** Lists that an overlay gives anew. */
const REPLACED: readonly Place[] = [
  "services.*.command",
  "services.*.entrypoint",
  "services.*.healthcheck.test",
];

/** Lists with one entry for each key: a later one takes the place of an earlier one. */
const KEYED: Readonly<Record<Place, (entry: Tree) => string>> = {
  "services.*.volumes": (entry) => field(entry, "target"),
  "services.*.secrets": (entry) => field(entry, "target") || `/run/secrets/${field(entry, "source")}`,
  "services.*.ports": (entry) =>
    [
      field(entry, "host_ip"),
      field(entry, "published"),
      field(entry, "target"),
      field(entry, "protocol") || "tcp",
    ].join(":"),
};

type Tree = unknown;
type Branch = Readonly<Record<string, Tree>>;

/**
 * The file that compose makes of a file and overlays, `-f compose.yaml -f compose.dev.yaml`: maps are merged, single
 * values replaced, lists joined without doubles; `command`, `entrypoint` and a health check's `test` are replaced;
 * mounts and secrets are one for each target, ports one for each address and port; the options of another log driver
 * do not stay.
 * https://github.com/compose-spec/compose-spec/blob/main/13-merge.md
 *
 * @throws {INVALID_ARGUMENT} what comes out is no valid file: an overlay adds half a service, or names what is not there.
 */
export function mergeCompose(file: ComposeFile, ...overlays: readonly ComposeOverlay[]): ComposeFile {
  const merged = overlays.reduce<Tree>((base, overlay) => merge(base, overlay, []), file);
  return checkedCompose(composeFileSchema, merged);
}

function merge(base: Tree, over: Tree, path: readonly string[]): Tree {
  if (over === undefined) return base;
  if (base === undefined) return over;
  const place = placeOf(path);
  if (Array.isArray(base) && Array.isArray(over)) {
    if (REPLACED.includes(place)) return over;
    return unique([...base, ...over], KEYED[place] ?? identity);
  }
  if (!isBranch(base) || !isBranch(over)) return over;
  if (
    place === "services.*.logging" &&
    field(base, "driver") !== (field(over, "driver") || field(base, "driver"))
  )
    return over;
  const keys = new Set([...Object.keys(base), ...Object.keys(over)]);
  return Object.fromEntries([...keys].map((key) => [key, merge(base[key], over[key], [...path, key])]));
}

/** The second level holds names, those of services and so on. */
function placeOf(path: readonly string[]): Place {
  return path.map((key, at) => (at === 1 ? "*" : key)).join(".");
}

/** The last entry of each key, where its first one was. */
function unique(entries: readonly Tree[], keyOf: (entry: Tree) => string): readonly Tree[] {
  return [...new Map(entries.map((entry) => [keyOf(entry), entry])).values()];
}

const identity = (entry: Tree): string => JSON.stringify(entry);

function isBranch(tree: Tree): tree is Branch {
  return typeof tree === "object" && tree !== null && !Array.isArray(tree);
}

function field(tree: Tree, name: string): string {
  const value = isBranch(tree) ? tree[name] : undefined;
  return value === undefined ? "" : String(value);
}
