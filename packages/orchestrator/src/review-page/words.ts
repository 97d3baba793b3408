import type { ApprovalRule, ChangeOperation, RunOperation } from "@groundplane/contracts";

/** Sign and word of each operation: the page never tells one by colour only. */
export const OPERATION_LOOK: Readonly<
  Record<ChangeOperation, { readonly sign: string; readonly word: string }>
> = {
  delete: { sign: "−", word: "delete" },
  replace: { sign: "±", word: "replace" },
  update: { sign: "~", word: "update" },
  forget: { sign: "×", word: "forget" },
  import: { sign: "→", word: "import" },
  create: { sign: "+", word: "create" },
  read: { sign: "?", word: "read" },
  same: { sign: "=", word: "same" },
};

export const OPERATION_TITLE: Readonly<Record<RunOperation, string>> = {
  deploy: "Deploy",
  preview: "Preview",
  destroy: "Destroy",
  rollback: "Roll back",
  restore: "Restore the state of",
  settle: "Settle the operations of",
};

/** `1 approval`, `2 approvals`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `21 Nov 2026, 05:38:07 UTC`, the same on every machine. */
export function utcTime(timestamp: string): string {
  const [, year, month, day, time] = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)/.exec(timestamp) ?? [];
  if (day === undefined) return timestamp;
  return `${Number(day)} ${MONTHS[Number(month) - 1] ?? month} ${year}, ${time} UTC`;
}

/** `2 min 5 s`, or milliseconds below a second. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.max(0, Math.round(milliseconds))} ms`;
  const seconds = Math.round(milliseconds / 1000);
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor((seconds % 86_400) / 3600), "h"],
    [Math.floor((seconds % 3600) / 60), "min"],
    [seconds % 60, "s"],
  ];
  const first = parts.findIndex(([amount]) => amount > 0);
  return parts
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(" ");
}

/** The rule as a sentence. */
export function ruleSentence(rule: ApprovalRule, requester: string): string {
  switch (rule.type) {
    case "automatic":
      return "Automatic: nobody is asked.";
    case "any-person":
      return "One person, who may be the requester.";
    case "other-person":
      return `One person other than the requester, ${requester}.`;
    case "group":
      return `${rule.count} of ${rule.members.join(", ")}.${rule.requesterCounts ? "" : " The requester's own approval does not count."}`;
  }
}

/** A value as a POSIX shell reads it back unchanged. */
export function shellWord(value: string): string {
  return /^[A-Za-z0-9_./:@%+=,-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
