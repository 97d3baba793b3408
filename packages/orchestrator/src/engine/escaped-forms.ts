const XML_NAMES: Readonly<Record<string, string>> = {
  "&": "amp",
  "<": "lt",
  ">": "gt",
  '"': "quot",
  "'": "apos",
};
const JSON_NAMES: Readonly<Record<string, string>> = {
  "\b": "b",
  "\f": "f",
  "\n": "n",
  "\r": "r",
  "\t": "t",
};
/** Forms of single characters: of a shell, of SQL, YAML and CSV, of a form's text, of another system's lines. */
const OWN_FORMS: Readonly<Record<string, readonly string[]>> = {
  "'": ["''", String.raw`'\''`],
  '"': ['""'],
  " ": ["+"],
  "\n": ["\r\n"],
};

/** Once, twice and three times in JSON a quote has 1, 3 and 7 of them before it, and the n of a line's end 1, 2 and 4. */
const SLASHES = [1, 2, 3, 4, 7].map((count) => "\\".repeat(count));
/** How often what begins an escape may itself have been escaped. */
const TIMES = [0, 1, 2];

const hexOf = (number: number, width: number): string => number.toString(16).padStart(width, "0");
const inBothCases = (text: string): readonly string[] => [...new Set([text, text.toUpperCase()])];

function xmlNames(character: string): readonly string[] {
  const code = character.codePointAt(0) ?? 0;
  const name = XML_NAMES[character];
  return [
    ...(name === undefined ? [] : [name]),
    `#${code}`,
    `#0${code}`,
    ...[1, 2, 4].flatMap((width) =>
      inBothCases(hexOf(code, width)).flatMap((hex) => [`#x${hex}`, `#X${hex}`]),
    ),
  ];
}

/** Whatever a program may have made of one character. Letters and digits stay what they are. */
function formsOfCharacter(character: string): readonly string[] {
  if (/^[A-Za-z0-9]$/.test(character)) return [character];
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  const bytes = [...Buffer.from(character, "utf8")];
  const jsonName = JSON_NAMES[character];
  const escaped = (slashes: string): readonly string[] => [
    ...[false, true].map((upper) => joined(units, `${slashes}u`, 4, upper)),
    ...[false, true].map((upper) => joined(bytes, `${slashes}x`, 2, upper)),
    ...(jsonName === undefined ? [] : [slashes + jsonName]),
    slashes + character,
  ];
  return [
    ...new Set([
      character,
      ...(OWN_FORMS[character] ?? []),
      ...SLASHES.flatMap(escaped),
      ...TIMES.flatMap((times) =>
        [false, true].map((upper) => joined(bytes, `%${"25".repeat(times)}`, 2, upper)),
      ),
      ...TIMES.flatMap((times) => xmlNames(character).map((name) => `&${"amp;".repeat(times)}${name};`)),
    ]),
  ];
}

function joined(numbers: readonly number[], before: string, width: number, upper: boolean): string {
  return numbers
    .map((number) => before + (upper ? hexOf(number, width).toUpperCase() : hexOf(number, width)))
    .join("");
}

const literal = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);

/** Where the wanted text ends when it stands here in any mixture of its characters' forms: the farthest. */
function endOf(parts: readonly (readonly string[])[], text: string, start: number): number | undefined {
  let ends = new Set([start]);
  for (const forms of parts) {
    const next = new Set<number>();
    for (const end of ends)
      for (const form of forms) if (text.startsWith(form, end)) next.add(end + form.length);
    if (next.size === 0) return undefined;
    ends = next;
  }
  return Math.max(...ends);
}

/**
 * Replaces a text as it is and as other programs tell it: escaped for JSON, Go, a URL, XML, a shell, SQL, once or
 * several times, each character by itself, as no two programs escape the same ones. Not one regular expression, which
 * for a long key would be more than the engine of them takes.
 */
export function replacingEscaped(wanted: string, replacement: string): (text: string) => string {
  // Letters and digits that stand together are one part.
  const parts = (wanted.match(/[A-Za-z0-9]+|[^A-Za-z0-9]/gsu) ?? []).map((part) =>
    part.length > 1 && /^[A-Za-z0-9]/.test(part) ? [part] : formsOfCharacter(part),
  );
  const first = new RegExp((parts[0] ?? []).map(literal).join("|"), "g");
  return (text) => {
    let replaced = "";
    let from = 0;
    first.lastIndex = 0;
    for (let found = first.exec(text); found !== null; found = first.exec(text)) {
      const end = endOf(parts, text, found.index);
      if (end !== undefined) {
        replaced += text.slice(from, found.index) + replacement;
        from = end;
      }
      first.lastIndex = end ?? found.index + 1;
    }
    return replaced + text.slice(from);
  };
}
