import type { ChangeOperation, RunRecord } from "@groundplane/contracts";
import type { Style } from "../terminal.ts";

interface OperationWords {
  readonly symbol: string;
  /** After a number, before the change. */
  readonly planned: string;
  /** After a number, after the change. */
  readonly done: string;
  /** While it is going on, before the resource's name. */
  readonly doing: string;
  readonly color: "green" | "yellow" | "red" | "magenta" | "cyan" | "dim";
}

/** How each operation is shown, in the order in which counts are listed. */
export const OPERATION_WORDS: Readonly<Record<ChangeOperation, OperationWords>> = {
  create: { symbol: "+", planned: "to create", done: "created", doing: "creating", color: "green" },
  update: { symbol: "~", planned: "to update", done: "updated", doing: "updating", color: "yellow" },
  replace: { symbol: "±", planned: "to replace", done: "replaced", doing: "replacing", color: "magenta" },
  delete: { symbol: "-", planned: "to delete", done: "deleted", doing: "deleting", color: "red" },
  import: { symbol: "=", planned: "to import", done: "imported", doing: "importing", color: "cyan" },
  forget: { symbol: "x", planned: "to forget", done: "forgotten", doing: "forgetting", color: "yellow" },
  read: { symbol: ">", planned: "to read", done: "read", doing: "reading", color: "dim" },
  same: { symbol: " ", planned: "unchanged", done: "unchanged", doing: "checking", color: "dim" },
};

const ORDER: readonly ChangeOperation[] = [
  "create",
  "update",
  "replace",
  "delete",
  "import",
  "forget",
  "same",
];

/** `3 to create, 1 to replace, 14 unchanged`, or `no changes` with what stays as it is. */
export function countsLine(counts: RunRecord["counts"], tense: "planned" | "done", style: Style): string {
  const parts = ORDER.flatMap((operation) => {
    const count = counts[operation] ?? 0;
    if (count === 0) return [];
    const words = OPERATION_WORDS[operation];
    return [style[words.color](`${count} ${words[tense]}`)];
  });
  const changing = ORDER.some((operation) => operation !== "same" && (counts[operation] ?? 0) > 0);
  if (changing) return parts.join(", ");
  return ["no changes", ...parts].join(", ");
}

export function operationSymbol(operation: ChangeOperation, style: Style): string {
  const words = OPERATION_WORDS[operation];
  return style[words.color](words.symbol);
}
