import type { RuleSummary } from "@groundplane/contracts";

const BEGIN = "<!-- rules: generated -->";
const END = "<!-- /rules -->";

/**
 * A README with its table of rules written anew, between `<!-- rules: generated -->` and `<!-- /rules -->`; at its end
 * where these are missing.
 */
export function withRuleTable(readme: string, rules: readonly RuleSummary[]): string {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin === -1 || end === -1) return withRuleTable(`${readme}\n${BEGIN}\n${END}\n`, rules);
  const rows = aligned([
    ["rule", "severity", "enforcement", "what it asks for"],
    ...rules.map((rule) => [`[\`${rule.id}\`](#${rule.id})`, rule.severity, rule.enforcement, rule.title]),
  ]);
  const sections = rules.map(
    (rule) =>
      `### ${rule.id}\n\n${rule.why}\n\nTo mend: ${rule.remedy}\n\nSource: ${rule.source ?? "our own"}.\n`,
  );
  return [readme.slice(0, begin) + BEGIN, "", ...rows, "", sections.join("\n"), readme.slice(end)].join("\n");
}

/** A Markdown table as the formatter would write it. */
function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)];
}
