import type { MachineFacts } from "./machine-facts.ts";
import type { FigureResult } from "./measure-figure.ts";

export interface BenchResult {
  readonly schema: "groundplane.dev/bench/v1";
  readonly at: string;
  readonly machine: MachineFacts;
  readonly figures: readonly FigureResult[];
}

const digits = (value: number): string => value.toFixed(value < 10 ? 2 : 1);
const inSeconds = (ms: number): string => `${digits(ms / 1000)} s`;

function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)];
}

/** The figures in one table: what is wanted, what was measured, and between what it lay. */
export function figureTable(figures: readonly FigureResult[]): readonly string[] {
  return table([
    ["figure", "wanted", "median", "quartiles", "from – to", "pairs", "met"],
    ...figures.map(({ id, unit, wanted, value, pairs, met }) => [
      id,
      `${wanted.bound} ${wanted.value} ${unit}`,
      `${digits(value.median)} ${unit}`,
      `${digits(value.q1)} – ${digits(value.q3)}`,
      `${digits(value.min)} – ${digits(value.max)}`,
      String(pairs.length),
      met ? "yes" : "no",
    ]),
  ]);
}

function sideTable({ sides }: FigureResult): readonly string[] {
  return table([
    ["side", "median", "from – to", "processor", "peak memory", "of which"],
    ...sides.map(({ label, ms, processorMs, peakMiB, parts }) => [
      label,
      inSeconds(ms.median),
      `${inSeconds(ms.min)} – ${inSeconds(ms.max)}`,
      processorMs === undefined ? "not known" : inSeconds(processorMs.median),
      peakMiB === undefined ? "not known" : `${Math.round(peakMiB)} MiB`,
      Object.entries(parts)
        .filter(([name]) => name !== "rules")
        .map(([name, part]) => `${name} ${inSeconds(part)}`)
        .join(", "),
    ]),
  ]);
}

/** The result as a Markdown page. */
export function markdownReport({ at, machine, figures }: BenchResult): string {
  const { cpu, cores, memoryGiB, system, node, engine, load } = machine;
  return [
    "# Measured",
    "",
    `${at.slice(0, 16).replace("T", " ")} UTC, ${cores} × ${cpu}, ${memoryGiB} GiB, ${system}; Node ${node}, Pulumi ${engine}; load ${load.toFixed(1)} before.`,
    "",
    ...figureTable(figures),
    ...figures.flatMap((figure) => [
      "",
      `## ${figure.id}`,
      "",
      `${figure.title}.`,
      "",
      ...sideTable(figure),
      ...Object.entries(figure.also).flatMap(([name, spread]) => [
        "",
        `Also: ${name}: ${digits(spread.median)} (${digits(spread.min)} – ${digits(spread.max)}).`,
      ]),
    ]),
    "",
  ].join("\n");
}
