import type { Figure, Prepared, Size } from "./figures.ts";
import { type Spread, spreadOf } from "./quantiles.ts";
import { type Pair, runPairs } from "./run-pairs.ts";
import type { Measured } from "./run-side.ts";

export interface SideResult {
  readonly label: string;
  readonly ms: Spread;
  /** Absent where it cannot be read. */
  readonly processorMs?: Spread;
  /** Highest of all pairs; absent where it cannot be read. */
  readonly peakMiB?: number;
  /** Medians, in milliseconds. */
  readonly parts: Readonly<Record<string, number>>;
}

export interface FigureResult {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly wanted: Figure["wanted"];
  readonly value: Spread;
  readonly met: boolean;
  readonly also: Readonly<Record<string, Spread>>;
  readonly sides: readonly SideResult[];
  /** As they were measured, in order. */
  readonly pairs: readonly Pair[];
}

function sideResult(label: string, measured: readonly Measured[]): SideResult {
  const peaks = measured.flatMap(({ peakMiB }) => peakMiB ?? []);
  const processor = measured.flatMap(({ processorMs }) => processorMs ?? []);
  const names = [...new Set(measured.flatMap(({ parts }) => Object.keys(parts)))];
  return {
    label,
    ms: spreadOf(measured.map(({ ms }) => ms)),
    ...(processor.length === 0 ? {} : { processorMs: spreadOf(processor) }),
    ...(peaks.length === 0 ? {} : { peakMiB: Math.max(...peaks) }),
    parts: Object.fromEntries(
      names.map((name) => [name, spreadOf(measured.map(({ parts }) => parts[name] ?? 0)).median]),
    ),
  };
}

function isMet({ bound, value }: Figure["wanted"], median: number): boolean {
  return bound === "at most" ? median <= value : median >= value;
}

function resultOf(figure: Figure, prepared: Prepared, pairs: readonly Pair[]): FigureResult {
  const { id, title, unit, wanted } = figure;
  const value = spreadOf(pairs.map(prepared.value));
  return {
    ...{ id, title, unit, wanted, value },
    met: isMet(wanted, value.median),
    also: Object.fromEntries(
      Object.entries(prepared.also).map(([name, tell]) => [name, spreadOf(pairs.map(tell))]),
    ),
    sides: [
      sideResult(
        prepared.sides.first.label,
        pairs.map(({ first }) => first),
      ),
      sideResult(
        prepared.sides.second.label,
        pairs.map(({ second }) => second),
      ),
    ],
    pairs,
  };
}

/** Measures one figure: a warm-up of each side, then pairs. */
export async function measureFigure(
  figure: Figure,
  { size, pairs, onPair }: MeasureOptions,
): Promise<FigureResult> {
  const prepared = await figure.prepare(size, pairs);
  try {
    const measured = await runPairs(prepared.sides, { pairs, warmUp: size === "full" }, (pair, number) =>
      onPair(number, prepared.value(pair)),
    );
    return resultOf(figure, prepared, measured);
  } finally {
    await prepared.remove();
  }
}

export interface MeasureOptions {
  readonly size: Size;
  /** @minimum 1 */
  readonly pairs: number;
  readonly onPair: (number: number, value: number) => void;
}
