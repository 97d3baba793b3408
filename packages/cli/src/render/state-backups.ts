import type { StateBackup } from "@groundplane/contracts";
import type { Style } from "../terminal.ts";
import { age, dateTime } from "./duration.ts";
import { plainText } from "./plain-text.ts";
import { table } from "./table.ts";

function contentText(backup: StateBackup, style: Style): string {
  if (!backup.intact) return style.red(`not intact: ${plainText(backup.problem ?? "it cannot be read")}`);
  const { resources = 0, pending = 0 } = backup;
  const count = `${resources} ${resources === 1 ? "resource" : "resources"}`;
  return pending === 0 ? count : `${count}, ${style.yellow(`${pending} pending`)}`;
}

/** Kept states as a table, in the order given. */
export function stateBackupLines(backups: readonly StateBackup[], now: Date, style: Style): string[] {
  if (backups.length === 0)
    return ["No state is kept yet: each deployment keeps the one before it, and the one that it leaves."];
  const header = ["RUN", "STATE", "KEPT", "AGE", "FENCE", "CONTENT"].map((title) => style.dim(title));
  return table([
    header,
    ...backups.map((backup) => [
      backup.run,
      backup.moment,
      dateTime(backup.keptAt),
      age(now.getTime() - Date.parse(backup.keptAt)),
      backup.fence === undefined ? "" : String(backup.fence),
      contentText(backup, style),
    ]),
  ]);
}
