import fc from "fast-check";
import type { StackGraph } from "./stack-graph.ts";

export interface GraphShape {
  /** Always as many stacks as the most. @default false */
  readonly exactly?: boolean;
  /** The most stacks that one needs. @default - any number */
  readonly needs?: number;
}

/** Graphs without circles of `s0`, `s1`, …, in any order. */
export function graphs(most: number, { exactly = false, needs }: GraphShape = {}): fc.Arbitrary<StackGraph> {
  const picks = fc.array(fc.nat(), needs === undefined ? {} : { maxLength: needs });
  return fc
    .array(picks, { minLength: exactly ? most : 1, maxLength: most })
    .map((all): [string, string[]][] =>
      all.map((chosen, index) => [
        `s${index}`,
        index === 0 ? [] : [...new Set(chosen.map((pick) => `s${pick % index}`))],
      ]),
    )
    .chain((stacks) => fc.shuffledSubarray(stacks, { minLength: stacks.length }))
    .map((stacks): StackGraph => new Map(stacks));
}
