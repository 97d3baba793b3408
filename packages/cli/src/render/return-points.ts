import type { ReturnPointSummary } from "@groundplane/orchestrator";
import type { Style } from "../terminal.ts";
import { countsLine } from "./counts.ts";
import { age, dateTime } from "./duration.ts";
import { table } from "./table.ts";

function standing(point: ReturnPointSummary, style: Style): string {
  if (point.missing.length > 0) return style.red(`${point.missing.join(" and ")} gone or changed`);
  if (point.stands) return style.green("stands now");
  return point.next ? style.yellow("next way back") : "intact";
}

/** The runs that a stack can go back to, newest first. */
export function returnPointLines(points: readonly ReturnPointSummary[], now: Date, style: Style): string[] {
  if (points.length === 0)
    return ["Nothing to go back to: no run has deployed this stack and kept its program."];
  const header = ["RUN", "OPERATION", "CHANGED", "BY", "WHEN", "AGE", ""].map((title) => style.dim(title));
  return table([
    header,
    ...points.map((point) => [
      point.run,
      point.operation,
      countsLine({ ...point.counts, same: 0 }, "done", style),
      point.requester,
      dateTime(point.at),
      age(now.getTime() - Date.parse(point.at)),
      standing(point, style),
    ]),
  ]);
}
