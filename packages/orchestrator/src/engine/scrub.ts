import { replacingEscaped } from "./escaped-forms.ts";

/** Shorter values are too common to blank out of text: "a" or "5432" would leave nothing readable. */
const SHORTEST_SECRET = 6;

const REPLACEMENT = "[secret]";

/** Shorter pieces of base64 would be found in ordinary words. */
const SHORTEST_BASE64 = 8;

/**
 * Base64 of the value by itself, and the part of it that stays the same when something else stands around it, as in
 * `user:secret` of basic authentication: at each of the three alignments, without what its neighbours bear on.
 */
function inBase64(bytes: Buffer): readonly string[] {
  const inside = [0, 1, 2].map((skipped) => {
    const rest = bytes.subarray(skipped);
    return rest.subarray(0, rest.length - (rest.length % 3));
  });
  const whole = bytes.toString("base64");
  return [
    whole,
    whole.replace(/=+$/, ""),
    bytes.toString("base64url"),
    ...inside
      .flatMap((part) => [part.toString("base64"), part.toString("base64url")])
      .filter((text) => text.length >= SHORTEST_BASE64),
  ];
}

interface Hidden {
  /** Characters of the value, or of the form of it. */
  readonly length: number;
  readonly blank: (text: string) => string;
}

/** The forms in which a value tends to turn up in errors and stack traces. */
function formsOf(secret: string): readonly Hidden[] {
  const bytes = Buffer.from(secret, "utf8");
  const hex = bytes.toString("hex");
  return [
    { length: secret.length, blank: replacingEscaped(secret, REPLACEMENT) },
    ...[...new Set([...inBase64(bytes), hex, hex.toUpperCase()])].map((form) => ({
      length: form.length,
      blank: (text: string) => text.replaceAll(form, REPLACEMENT),
    })),
  ];
}

/** A key or certificate is often told line by line, and indented. */
function partsOf(secret: string): readonly string[] {
  return [secret, secret.trim(), ...secret.split(/\r?\n/).flatMap((line) => [line, line.trim()])];
}

/**
 * A function that blanks these secrets out of any text: as they are, escaped in any usual way, in base64 (also inside
 * of a longer text's) and in hex. Values under six characters are left, as they would take ordinary text with them.
 */
export function scrubber(secrets: Iterable<string>): (text: string) => string {
  const parts = new Set([...secrets].flatMap(partsOf).filter((part) => part.length >= SHORTEST_SECRET));
  const forms = [...parts].flatMap(formsOf).sort((a, b) => b.length - a.length);
  return (text) => forms.reduce((scrubbed, { blank }) => blank(scrubbed), text);
}

/** Every string inside a JSON value. A secret object hides its parts too. */
export function stringsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(stringsIn);
}
