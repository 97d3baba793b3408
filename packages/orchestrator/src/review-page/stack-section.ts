import { type Html, html } from "./html.ts";
import type { ReviewFacts } from "./review-facts.ts";
import { type GraphPlace, neighbours, placeStacks } from "./stack-graph.ts";

/** In user units, which are CSS pixels at full size. Stack names have at most 40 characters. */
const ROW = 52;
const HEIGHT = 34;
const GAP = 56;
const CHARACTER = 7.9;
const MARGIN = 2;
/** What an arrow head takes of its line. */
const ARROW = 8;

/** The project's stacks around this one: what it takes from, and who takes from it. */
export function stackSection(facts: ReviewFacts): Html | undefined {
  const { stacks, run } = facts;
  if (stacks === undefined || stacks.length === 0) return undefined;
  const { needs, neededBy } = neighbours(stacks, run.stack);
  const names = (list: readonly string[]) => (list.length === 0 ? "no other stack" : list.join(", "));
  return html`<section id="stacks"><h2>Stacks</h2><p><strong>${run.stack}</strong> takes outputs of ${names(needs)}; ${
    neededBy.length === 0 ? "no other stack takes its outputs." : html`its outputs go to ${names(neededBy)}.`
  }</p>${(needs.length > 0 || neededBy.length > 0) && graph(facts)}</section>`;
}

function graph({ stacks = [], run }: ReviewFacts): Html {
  const { stacks: placed, edges } = placeStacks(stacks, run.stack);
  const width = Math.round(Math.max(...placed.map(({ name }) => name.length)) * CHARACTER + 32);
  const places = [...placed, ...edges.flat()];
  const columns = Math.max(...places.map(({ column }) => column)) + 1;
  const rows = Math.max(...places.map(({ row }) => row)) + 1;
  const left = ({ column }: GraphPlace) => MARGIN + column * (width + GAP);
  const middle = ({ row }: GraphPlace) => MARGIN + row * ROW + HEIGHT / 2;
  const lines = edges.map((edge) => {
    const steps = edge.slice(1).map((end, index) => {
      const start = edge[index] ?? end;
      const [from, to] = [left(start) + width, left(end) - (index === edge.length - 2 ? ARROW : 0)];
      const bend = (from + to) / 2;
      const through = index === 0 ? "" : `H${from}`;
      return `${through}C${bend} ${middle(start)} ${bend} ${middle(end)} ${to} ${middle(end)}`;
    });
    const [start] = edge;
    return (
      start !== undefined &&
      html`<path d="M${left(start) + width} ${middle(start)}${steps.join("")}l0 -4l8 4l-8 4l0 -4"/>`
    );
  });
  const boxes = placed.map((stack) => {
    const focus = stack.name === run.stack && html` class="focus"`;
    const box = html`<rect x="${left(stack)}" y="${middle(stack) - HEIGHT / 2}" width="${width}" height="${HEIGHT}" rx="6"/>`;
    return html`<g${focus}>${box}<text x="${left(stack) + width / 2}" y="${middle(stack) + 5}">${stack.name}</text></g>`;
  });
  const [fullWidth, fullHeight] = [
    columns * (width + GAP) - GAP + 2 * MARGIN,
    rows * ROW - ROW + HEIGHT + 2 * MARGIN,
  ];
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Graph of the stacks"><svg class="graph" width="${fullWidth}" height="${fullHeight}" viewBox="0 0 ${fullWidth} ${fullHeight}" role="img" aria-label="Stacks from upstream, left, to downstream, right"><g class="edges">${lines}</g>${boxes}</svg></div>`;
}
