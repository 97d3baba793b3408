import { UNKNOWN_TEXT } from "@groundplane/contracts";

/** How an unknown value is told to people. */
export const UNKNOWN_WORDS = "(known after apply)";

/** The part of its base64 that is the same wherever it stands in what is encoded: one for each place in a group of 3. */
function base64Forms(text: string): readonly string[] {
  return [0, 1, 2].map((shift) => {
    const encoded = Buffer.from("x".repeat(shift) + text).toString("base64");
    // Groups of four; the first and the last may hold bits of what stands beside it.
    return encoded.slice(shift === 0 ? 0 : 4, encoded.length - 4);
  });
}

const FORMS = [UNKNOWN_TEXT, UNKNOWN_TEXT.toUpperCase(), ...base64Forms(UNKNOWN_TEXT)];

/** Whether a text is the mark of an unknown value, or was built from it. What was hashed from it cannot be told. */
export function holdsUnknown(text: string): boolean {
  return FORMS.some((form) => text.includes(form));
}

/** A text for people, without the mark. */
export function withUnknownWords(text: string): string {
  return FORMS.reduce((told, form) => told.replaceAll(form, UNKNOWN_WORDS), text);
}
