import type { StackNode } from "./review-facts.ts";

/** A place in the grid of the graph. */
export interface GraphPlace {
  readonly column: number;
  readonly row: number;
}

/** Column 0 has no upstream that is shown; each stack stands right of all that it needs. */
export interface PlacedStack extends GraphPlace {
  readonly name: string;
}

export interface StackGraph {
  readonly stacks: readonly PlacedStack[];
  /** From the upstream to who takes its outputs, by way of free places in the columns between. */
  readonly edges: readonly (readonly GraphPlace[])[];
}

function reach(start: string, next: (name: string) => readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const open = [start];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const following of next(name)) {
      if (seen.has(following) || following === start) continue;
      seen.add(following);
      open.push(following);
    }
  }
  return seen;
}

type Upstreams = ReadonlyMap<string, readonly string[]>;

/** Upstreams of the stack, of all that it needs, and of all that needs it. */
function shownUpstreams(stacks: readonly StackNode[], focus: string): Upstreams {
  const upstreams = new Map(stacks.map(({ name, dependsOn }) => [name, dependsOn]));
  const needed = reach(focus, (name) => upstreams.get(name) ?? []);
  const needing = reach(focus, (name) =>
    stacks.filter(({ dependsOn }) => dependsOn.includes(name)).map((stack) => stack.name),
  );
  const shown = new Set([focus, ...needed, ...needing]);
  return new Map(
    [...shown]
      .sort()
      .map((name) => [
        name,
        [...new Set(upstreams.get(name))].filter((upstream) => shown.has(upstream)).sort(),
      ]),
  );
}

function columnsOf(upstreams: Upstreams): ReadonlyMap<string, number> {
  const columns = new Map<string, number>();
  const columnOf = (name: string, path: readonly string[]): number => {
    const known = columns.get(name);
    if (known !== undefined) return known;
    const before = (upstreams.get(name) ?? []).filter((upstream) => !path.includes(upstream));
    const column = Math.max(-1, ...before.map((upstream) => columnOf(upstream, [...path, name]))) + 1;
    columns.set(name, column);
    return column;
  };
  for (const name of upstreams.keys()) columnOf(name, []);
  return columns;
}

/** The stack, all that it needs, and all that needs it, placed in columns. */
export function placeStacks(stacks: readonly StackNode[], focus: string): StackGraph {
  const upstreams = shownUpstreams(stacks, focus);
  const columns = columnsOf(upstreams);
  const used: number[] = [];
  const take = (column: number): GraphPlace => {
    const row = used[column] ?? 0;
    used[column] = row + 1;
    return { column, row };
  };
  const placed = new Map(
    [...upstreams.keys()].map((name) => [name, { name, ...take(columns.get(name) ?? 0) }]),
  );
  const edges = [...placed.values()].flatMap((end) =>
    (upstreams.get(end.name) ?? []).flatMap((upstream) => {
      const start = placed.get(upstream);
      if (start === undefined) return [];
      const between = Array.from({ length: Math.max(0, end.column - start.column - 1) }, (_, index) =>
        take(start.column + 1 + index),
      );
      return [[start, ...between, end]];
    }),
  );
  return { stacks: [...placed.values()], edges };
}

/** What a stack needs, and what needs it, directly. */
export function neighbours(stacks: readonly StackNode[], focus: string) {
  return {
    needs: stacks.find(({ name }) => name === focus)?.dependsOn ?? [],
    neededBy: stacks.filter(({ dependsOn }) => dependsOn.includes(focus)).map(({ name }) => name),
  };
}
