const INDENT = "  ";

/**
 * JSON text laid out over lines. Only white space between tokens changes: duplicate keys, long numbers and escapes
 * stay as they were written, so that nothing is shown that is not there. Undefined when it is no JSON object or array.
 */
export function jsonLayout(text: string): readonly string[] | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  const lines: string[] = [];
  let line = "";
  let depth = 0;
  const breakLine = () => {
    lines.push(line);
    line = INDENT.repeat(depth);
  };
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  tokens.forEach((token, index) => {
    const closes = token === "}" || token === "]";
    const empty = closes && (tokens[index - 1] === "{" || tokens[index - 1] === "[");
    if (closes) {
      depth -= 1;
      if (!empty) breakLine();
    }
    line += token === ":" ? ": " : token;
    if (token === "{" || token === "[") {
      depth += 1;
      const next = tokens[index + 1];
      if (next !== "}" && next !== "]") breakLine();
    } else if (token === ",") breakLine();
  });
  return [...lines, line];
}
