// Control and format characters, what has no glyph, lone surrogates, and spaces that pass for a plain one: text can
// be made to read as something else with them (Unicode TR36; "Trojan Source", CVE-2021-42574). \n and \t stay.
const DECEIVING =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/gu;

/** Text in which a character that would not be seen is spelt out: `⟨U+202E⟩`. */
export function shownText(text: string): string {
  // Most text is plain, and the classes above are slow.
  if (/^[ -~\n\t]*$/.test(text)) return text;
  return text.replaceAll(DECEIVING, (character) =>
    character === "\n" || character === "\t"
      ? character
      : `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`,
  );
}
