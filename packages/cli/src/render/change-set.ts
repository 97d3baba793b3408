import {
  assumptionText,
  type ChangeSet,
  changeNote,
  type PropertyChange,
  type ResourceChange,
} from "@groundplane/contracts";
import type { Style } from "../terminal.ts";
import { countsLine, OPERATION_WORDS, operationSymbol } from "./counts.ts";
import { driftItemLines } from "./drift-item.ts";
import { plainText } from "./plain-text.ts";
import { propertyLines } from "./property-change.ts";
import { shortType } from "./resource-name.ts";

/** True when what the resource holds goes away with the change. */
export function losesData(change: ResourceChange): boolean {
  return change.holdsData && (change.operation === "delete" || change.operation === "replace");
}

function marksOf(change: ResourceChange, style: Style): string {
  const marks = [
    losesData(change) ? style.bold(style.red("DATA LOSS")) : undefined,
    change.protect && change.operation !== "create" ? style.yellow("protected") : undefined,
  ].filter((mark) => mark !== undefined);
  return marks.length === 0 ? "" : `  ${marks.join("  ")}`;
}

function noteLines(change: ResourceChange, changeSet: ChangeSet, style: Style): string[] {
  const note = changeNote(change, changeSet);
  return note === undefined ? [] : [style.dim(`      ${note}`)];
}

/** One line: `± replace  aws:rds:Instance  main  DATA LOSS`. */
export function changeHeadline(change: ResourceChange, style: Style): string {
  const words = OPERATION_WORDS[change.operation];
  const operation = style[words.color](change.operation.padEnd(7));
  return `  ${operationSymbol(change.operation, style)} ${operation}  ${style.dim(shortType(change.type))}  ${style.bold(plainText(change.name))}${marksOf(change, style)}`;
}

/** A created resource tells its properties by its inputs, when the engine listed none. */
function propertiesOf(change: ResourceChange, changeSet: ChangeSet): readonly PropertyChange[] {
  if (change.properties.length > 0 || change.operation !== "create") return change.properties;
  const planned = changeSet.planned.find((resource) => resource.urn === change.urn);
  return Object.entries(planned?.inputs ?? {}).map(([path, after]) => ({
    path,
    kind: "add",
    after,
    replaces: false,
  }));
}

const TITLES: Readonly<Record<ChangeSet["operation"], (where: string) => string>> = {
  update: (where) => where,
  destroy: (where) => `${where}, destroy`,
  state: (where) => `${where}, the state alone`,
};

/** What the words mean where only a state is written. */
export function stateOnlyLines({ operation, unreadable }: ChangeSet, style: Style): string[] {
  if (operation !== "state") return [];
  return [
    style.dim("  Only the state is written; nothing in the cloud changes."),
    style.dim(
      "  import: the state knows it again · update: it holds other values · forget: it knows it no more",
    ),
    ...(unreadable === undefined ? [] : [style.yellow(`  The present state: ${plainText(unreadable)}`)]),
  ];
}

/** The whole change set, property by property. */
export function changeSetLines(changeSet: ChangeSet, style: Style): string[] {
  const where = `${changeSet.environment}/${changeSet.stack}`;
  const title = TITLES[changeSet.operation](where);
  const head = `${style.bold(title)}: ${countsLine(changeSet.counts, "planned", style)}`;
  const resources = changeSet.changes.flatMap((change) => [
    "",
    changeHeadline(change, style),
    ...noteLines(change, changeSet, style),
    ...propertiesOf(change, changeSet).flatMap((property) => propertyLines(property, style)),
  ]);
  const outputs =
    changeSet.outputs.length === 0
      ? []
      : ["", style.bold("  Outputs"), ...changeSet.outputs.flatMap((output) => propertyLines(output, style))];
  const refreshed =
    (changeSet.refreshed ?? []).length === 0
      ? []
      : [
          "",
          style.bold("  Drift: read from the cloud into the state first"),
          ...(changeSet.refreshed ?? []).flatMap((item) => driftItemLines(item, style)),
        ];
  const assumes =
    changeSet.assumes === undefined
      ? []
      : [style.yellow(`  Previewed on ${plainText(assumptionText(changeSet.assumes))}`)];
  return [head, ...stateOnlyLines(changeSet, style), ...assumes, ...refreshed, ...resources, ...outputs];
}

/** What a reviewer must not overlook: replacements, deletes, loss of data. */
export function dangerLines(changeSet: ChangeSet, style: Style): string[] {
  return changeSet.changes
    .filter((change) => change.operation === "replace" || change.operation === "delete")
    .flatMap((change) => {
      const why = change.properties.filter((property) => property.replaces).map((property) => property.path);
      const because = why.length === 0 ? "" : `  (${plainText(why.join(", "))} changes)`;
      return [`${changeHeadline(change, style)}${because}`, ...noteLines(change, changeSet, style)];
    });
}
