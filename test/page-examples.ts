/** The examples of a fixture, as a page shows them: what stands between `#region` and `#endregion`. */
export function regionsOf(fixture: string): readonly string[] {
  return [...fixture.matchAll(/\/\/ #region \w+\n([\s\S]*?)\/\/ #endregion/g)].map(([, body = ""]) =>
    dedent(body),
  );
}

/** The TypeScript that a page shows. */
export function blocksOf(page: string): readonly string[] {
  return [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, body = ""]) => body.trim());
}

/** A page whose tables are without the formatter's padding. */
export function squeezed(page: string): string {
  return page.replaceAll(/ +\|/g, " |").replaceAll(/\| +/g, "| ");
}

/** The rows of the page's table of what a change does. */
export function changeRows(page: string): readonly string[] {
  const text = squeezed(page);
  const section = text.slice(text.indexOf("## What a change does")).split("\n## ")[0] ?? "";
  return section.split("\n").filter((line) => /^\| `/.test(line));
}

function dedent(text: string): string {
  const lines = text.split("\n");
  const indent = Math.min(...lines.filter((line) => line.trim() !== "").map((line) => line.search(/\S/)));
  return lines
    .map((line) => line.slice(indent))
    .join("\n")
    .trim();
}
