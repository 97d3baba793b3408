import type { Style } from "../terminal.ts";
import { oneLine } from "./plain-text.ts";
import { table } from "./table.ts";

/** One thing that was looked at. */
export interface DoctorCheck {
  /** `engine`, `node`, `project`, `environment dev` … */
  readonly area: string;
  readonly status: "ok" | "warn" | "fail";
  readonly message: string;
  readonly remedy?: string;
}

const LOOKS = {
  ok: { symbol: "✔", color: "green" },
  warn: { symbol: "!", color: "yellow" },
  fail: { symbol: "✖", color: "red" },
} as const;

/** The checks as a table, remedies below the checks they belong to, and a verdict. */
export function doctorLines(checks: readonly DoctorCheck[], style: Style): string[] {
  const rows = checks.flatMap((check, index) => {
    const look = LOOKS[check.status];
    const area = checks[index - 1]?.area === check.area ? "" : check.area;
    const head = [style[look.color](look.symbol), area, oneLine(check.message)];
    return check.remedy === undefined
      ? [head]
      : [head, ["", "", style.bold(`Fix: ${oneLine(check.remedy)}`)]];
  });
  const failed = checks.filter((check) => check.status === "fail").length;
  const verdict =
    failed === 0
      ? style.green("Everything that is needed is there.")
      : style.red(`${failed} ${failed === 1 ? "thing needs" : "things need"} mending.`);
  return [...table(rows), "", verdict];
}
