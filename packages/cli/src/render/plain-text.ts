import { stripVTControlCharacters } from "node:util";

/** Text from outside, made safe to print: no escape sequence in it can move the cursor or recolour the review. */
export function plainText(text: string): string {
  const stripped = stripVTControlCharacters(text).replaceAll("\r\n", "\n");
  return Array.from(stripped, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const control = (code < 32 && character !== "\n" && character !== "\t") || (code >= 127 && code < 160);
    // U+202A to U+202E and U+2066 to U+2069 reorder what is read ("Trojan Source", CVE-2021-42574).
    const reorders = (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
    return control || reorders ? "\ufffd" : character;
  }).join("");
}

/** The same on one line. */
export function oneLine(text: string): string {
  return plainText(text)
    .replace(/\s*\n\s*/g, " ")
    .trim();
}
