import { stripVTControlCharacters } from "node:util";

/** Characters that a line takes on the screen, colours left out. */
export function visibleLength(text: string): number {
  return Array.from(stripVTControlCharacters(text)).length;
}

/** The text padded with spaces to this many characters. */
export function padTo(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - visibleLength(text)));
}

/** Cuts a line to a width, with an ellipsis where something is missing; colours end where it is cut. */
export function truncate(text: string, width: number): string {
  if (visibleLength(text) <= width) return text;
  if (width <= 0) return "";
  let shown = 0;
  let result = "";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour sequences begin with the escape character
  for (const [token] of text.matchAll(/\u001b\[[0-9;]*m|./gsu)) {
    if (token.startsWith("\u001b")) {
      result += token;
    } else if (shown < width - 1) {
      result += token;
      shown += 1;
    }
  }
  return insertBeforeTrailingColors(result);
}

function insertBeforeTrailingColors(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour sequences begin with the escape character
  const trailing = /(?:\u001b\[[0-9;]*m)*$/u.exec(text)?.[0] ?? "";
  return `${text.slice(0, text.length - trailing.length)}…${trailing}`;
}
