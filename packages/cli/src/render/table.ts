import { padTo, visibleLength } from "./truncate.ts";

/** Rows in aligned columns, two spaces between them; the last column is not padded. */
export function table(rows: readonly (readonly string[])[], indent = ""): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, visibleLength(cell));
    });
  }
  return rows.map((row) =>
    (
      indent +
      row
        .map((cell, column) => (column === row.length - 1 ? cell : padTo(cell, widths[column] ?? 0)))
        .join("  ")
    ).trimEnd(),
  );
}
