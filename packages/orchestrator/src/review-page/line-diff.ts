export interface DiffLine {
  readonly kind: "same" | "removed" | "added";
  readonly text: string;
}

/** Above this many cells, about 1 ms, the middle counts as rewritten: a diff of it would tell nothing anyway. */
const MAX_CELLS = 250_000;

const as =
  (kind: DiffLine["kind"]) =>
  (text: string): DiffLine => ({ kind, text });

/** Lengths of the longest common subsequences of all tails, row by row. */
function tailLengths(before: readonly string[], after: readonly string[]): Uint32Array {
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  for (let row = before.length - 1; row >= 0; row -= 1) {
    for (let column = after.length - 1; column >= 0; column -= 1) {
      const at = row * width + column;
      lengths[at] =
        before[row] === after[column]
          ? (lengths[at + width + 1] ?? 0) + 1
          : Math.max(lengths[at + width] ?? 0, lengths[at + 1] ?? 0);
    }
  }
  return lengths;
}

function diffMiddle(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const [removed, added] = [as("removed"), as("added")];
  if (before.length * after.length > MAX_CELLS) return [...before.map(removed), ...after.map(added)];
  const width = after.length + 1;
  const lengths = tailLengths(before, after);
  const lines: DiffLine[] = [];
  let [row, column] = [0, 0];
  while (row < before.length || column < after.length) {
    const [old, now] = [before[row], after[column]];
    if (old !== undefined && old === now) {
      lines.push({ kind: "same", text: old });
      row += 1;
      column += 1;
    } else if (
      old !== undefined &&
      (now === undefined ||
        (lengths[(row + 1) * width + column] ?? 0) >= (lengths[row * width + column + 1] ?? 0))
    ) {
      lines.push(removed(old));
      row += 1;
    } else if (now !== undefined) {
      lines.push(added(now));
      column += 1;
    }
  }
  return lines;
}

/** Two texts line by line: a shortest edit, removals before additions. */
export function diffLines(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  while (
    tail < before.length - head &&
    tail < after.length - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  )
    tail += 1;
  return [
    ...before.slice(0, head).map(as("same")),
    ...diffMiddle(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...before.slice(before.length - tail).map(as("same")),
  ];
}

export interface DiffHunk {
  /** Unchanged lines far from any change: there to be folded. */
  readonly folded: boolean;
  readonly lines: readonly DiffLine[];
}

/** Parts a diff into what is near a change, and what is not. @param context Unchanged lines kept around a change. */
export function foldUnchanged(lines: readonly DiffLine[], context = 3): readonly DiffHunk[] {
  const near = new Uint8Array(lines.length);
  lines.forEach((line, index) => {
    if (line.kind !== "same") near.fill(1, Math.max(0, index - context), index + context + 1);
  });
  const hunks: { folded: boolean; lines: DiffLine[] }[] = [];
  lines.forEach((line, index) => {
    const folded = near[index] === 0;
    const last = hunks.at(-1);
    if (last?.folded === folded) last.lines.push(line);
    else hunks.push({ folded, lines: [line] });
  });
  // Folding one or two lines saves nothing.
  return hunks.map((hunk) => (hunk.folded && hunk.lines.length < 3 ? { ...hunk, folded: false } : hunk));
}
