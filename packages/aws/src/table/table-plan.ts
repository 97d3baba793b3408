import { checkOneOf, checkWhole, invalidArgument, type Tags } from "@groundplane/contracts";
import { checkComponentName } from "../component-name.ts";
import { parseComponentTags } from "../component-tags.ts";
import { checkAlarms } from "../monitoring/alarms.ts";
import { openingTag } from "../opening.ts";
import { presetOf } from "../preset.ts";
import {
  type OnDemandCapacity,
  type ProvisionedCapacity,
  TABLE_ALARMS,
  TABLE_PRESETS,
  type TableArgs,
  type TableKey,
  type TableProjection,
  type TableSize,
} from "./table-args.ts";

/** What the arguments come to, with every default in its place. */
export interface TablePlan extends TableSize {
  readonly tags: Tags;
  readonly capacity: OnDemandCapacity | ProvisionedCapacity;
  /** Of the keys of table and indexes, by name; DynamoDB takes no others. */
  readonly attributes: readonly { readonly name: string; readonly type: "S" | "N" | "B" }[];
}

/** Quotas of DynamoDB: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html */
const MAX_GLOBAL_INDEXES = 20;
const MAX_LOCAL_INDEXES = 5;
const MAX_UNITS = 40_000;

/**
 * Checks everything before anything exists, and says what it comes to.
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_TAGS} a required tag is missing, or a tag is not one that AWS takes.
 * @throws {INVALID_ARGUMENT} any other argument is not valid.
 */
export function planTable(name: string, args: TableArgs): TablePlan {
  checkComponentName(name);
  const tags = parseComponentTags(args.tags);
  const row = presetOf(TABLE_PRESETS, args.preset);
  const { capacity = { mode: "on-demand" } } = args;
  checkCapacity(capacity);
  checkIndexes(args);
  checkWhole("recoveryDays", args.recoveryDays, 1, 35);
  openingTag("no-recovery", args.noRecovery);
  if (args.noRecovery !== undefined && args.recoveryDays !== undefined)
    throw invalidArgument("recoveryDays and noRecovery are both given; leave one out");
  checkOneOf("stream", args.stream, ["keys", "new-image", "old-image", "new-and-old-images"]);
  checkOneOf("tableClass", args.tableClass, ["standard", "infrequent-access"]);
  if (args.timeToLiveAttribute !== undefined) checkAttribute("timeToLiveAttribute", args.timeToLiveAttribute);
  checkTableName(args);
  checkAlarms(TABLE_ALARMS, args.alarms);
  return {
    recoveryDays: args.recoveryDays ?? row.recoveryDays,
    deletionProtection: args.deletionProtection ?? row.deletionProtection,
    protect: args.protect ?? row.protect,
    tags,
    capacity,
    attributes: attributesOf(args),
  };
}

function checkCapacity(capacity: OnDemandCapacity | ProvisionedCapacity): void {
  checkOneOf("capacity.mode", capacity.mode, ["on-demand", "provisioned"]);
  if (capacity.mode === "on-demand") {
    checkWhole("capacity.maxReadUnits", capacity.maxReadUnits, 1, MAX_UNITS);
    checkWhole("capacity.maxWriteUnits", capacity.maxWriteUnits, 1, MAX_UNITS);
    return;
  }
  for (const side of ["read", "write"] as const) {
    const { min, max } = capacity[side];
    checkWhole(`capacity.${side}.min`, min, 1, MAX_UNITS);
    checkWhole(`capacity.${side}.max`, max, min, MAX_UNITS);
  }
  checkWhole("capacity.targetPercent", capacity.targetPercent, 20, 90);
}

function checkIndexes({ sortKey, globalIndexes = {}, localIndexes = {} }: TableArgs): void {
  const globals = Object.keys(globalIndexes);
  const locals = Object.keys(localIndexes);
  if (globals.length > MAX_GLOBAL_INDEXES)
    throw invalidArgument(
      `globalIndexes has ${globals.length} indexes; DynamoDB takes ${MAX_GLOBAL_INDEXES} unless its quota is raised`,
    );
  if (locals.length > MAX_LOCAL_INDEXES)
    throw invalidArgument(`localIndexes has ${locals.length} indexes; DynamoDB takes ${MAX_LOCAL_INDEXES}`);
  if (locals.length > 0 && sortKey === undefined)
    throw invalidArgument("localIndexes need a table with a sortKey; give one, or use globalIndexes");
  for (const [index, { projection }] of [...Object.entries(globalIndexes), ...Object.entries(localIndexes)]) {
    // Resources are named after it, so that its words are those of a resource.
    if (!/^[a-z](-?[a-z0-9])*$/.test(index) || index.length < 3 || index.length > 40)
      throw invalidArgument(
        `"${index}" cannot name an index; give 3 to 40 lower-case letters, digits and single dashes, a letter first`,
        { index },
      );
    checkProjection(index, projection);
  }
  const twice = globals.find((index) => locals.includes(index));
  if (twice !== undefined)
    throw invalidArgument(`globalIndexes and localIndexes both have "${twice}"; give one another name`, {
      index: twice,
    });
}

function checkProjection(index: string, projection: TableProjection = "all"): void {
  if (typeof projection === "string") checkOneOf(`projection of ${index}`, projection, ["all", "keys"]);
  else if (projection.length < 1 || projection.length > 100)
    throw invalidArgument(
      `the projection of ${index} has ${projection.length} attributes; give 1 to 100, or "keys"`,
      { index },
    );
}

/**
 * Every key attribute once.
 *
 * @throws {INVALID_ARGUMENT} one is given two types.
 */
function attributesOf({
  partitionKey,
  sortKey,
  globalIndexes = {},
  localIndexes = {},
}: TableArgs): TablePlan["attributes"] {
  const keys = [
    partitionKey,
    sortKey,
    ...Object.values(globalIndexes).flatMap((index) => [index.partitionKey, index.sortKey]),
    ...Object.values(localIndexes).map((index) => index.sortKey),
  ].filter((key): key is TableKey => key !== undefined);
  const types = new Map<string, TableKey["type"]>();
  for (const { name, type } of keys) {
    checkAttribute("a key's name", name);
    checkOneOf(`type of ${name}`, type, ["string", "number", "binary"]);
    const known = types.get(name);
    if (known !== undefined && known !== type)
      throw invalidArgument(`the attribute ${name} is a ${known} and a ${type}; give it one type`, { name });
    types.set(name, type);
  }
  const letters = { string: "S", number: "N", binary: "B" } as const;
  return [...types]
    .map(([name, type]) => ({ name, type: letters[type] }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function checkAttribute(argument: string, name: string): void {
  if (name.length >= 1 && name.length <= 255) return;
  throw invalidArgument(`${argument} has ${name.length} characters; give 1 to 255`, { argument });
}

function checkTableName({ tableName, adopt = false }: TableArgs): void {
  if (tableName !== undefined && !/^[\w.-]{3,255}$/.test(tableName))
    throw invalidArgument(`tableName is "${tableName}"; give 3 to 255 letters, digits and _ . -`, {
      tableName,
    });
  if (adopt && tableName === undefined)
    throw invalidArgument("adopt needs tableName: the name of the table that exists");
}
