import type { ConnectivityReport } from "../fleet/fleet-prover.ts";
import type { Style } from "../terminal.ts";
import { plainText } from "./plain-text.ts";
import { table } from "./table.ts";

type Flow = ConnectivityReport["flows"][number];

const SEEN: Readonly<Record<Flow["seen"], string>> = {
  open: "answered",
  closed: "let through, nothing listens",
  filtered: "no answer",
  unknown: "not tried",
};

function flowCells({ from, to, port, expected, seen, holds }: Flow, style: Style): readonly string[] {
  const colour = holds ? style.green : seen === "unknown" ? style.yellow : style.red;
  const mark = holds ? "✔" : seen === "unknown" ? "○" : "✖";
  return [colour(mark), plainText(from.name), plainText(to.name), String(port), expected, colour(SEEN[seen])];
}

function untriedLines({ untriedSources, untriedRows }: ConnectivityReport, style: Style): readonly string[] {
  if (untriedSources.length + untriedRows.length === 0) return [];
  return [
    "",
    style.bold("Not tried"),
    ...untriedSources.map(({ from, flows, why, failed }) => {
      const mark = failed ? style.red("✖") : style.yellow("○");
      return `  ${mark} from ${plainText(from.name)} (${flows}): ${plainText(why)}`;
    }),
    ...untriedRows.map(
      ({ row, why }) =>
        `  ${style.yellow("○")} every row ${row.from} → ${row.to}, port ${row.port}: ${plainText(why)}`,
    ),
  ];
}

/** What does not hold, or with `all` every flow; then what was not tried. */
export function connectivityLines(
  title: string,
  report: ConnectivityReport,
  { all }: { readonly all: boolean },
  style: Style,
): readonly string[] {
  const { flows, summary, broken, held } = report;
  const colour = broken > 0 ? style.red : held === 0 ? style.yellow : style.green;
  const shown = flows.filter(({ holds, seen }) => all || (!holds && seen !== "unknown"));
  const rows = shown.map((flow) => flowCells(flow, style));
  const head = ["", "from", "to", "port", "expected", "seen"].map((word) => style.dim(word));
  return [
    `${style.bold(title)}: ${colour(summary)}`,
    ...(rows.length === 0 ? [] : ["", ...table([head, ...rows], "  ")]),
    ...untriedLines(report, style),
  ];
}
