/** Shorter values are too common to blank out of text: "a" or "5432" would leave nothing readable. */
const SHORTEST_SECRET = 6;

const REPLACEMENT = "[secret]";

/** The forms in which a value tends to turn up in errors and stack traces. */
function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret, "utf8");
  const json = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    json,
    // Go's encoding/json, which the engine and most providers write with.
    json.replaceAll("<", "\\u003c").replaceAll(">", "\\u003e").replaceAll("&", "\\u0026"),
    // From the bytes, as half a surrogate pair cannot be encoded.
    encodeURIComponent(bytes.toString("utf8")),
    bytes.toString("base64"),
    bytes.toString("base64").replace(/=+$/, ""),
    bytes.toString("base64url"),
    bytes.toString("hex"),
  ];
}

/**
 * A function that blanks these secrets out of any text: as they are, JSON-escaped, URL-encoded, in base64 and hex.
 * Values under six characters are left, as they would take ordinary text with them.
 */
export function scrubber(secrets: Iterable<string>): (text: string) => string {
  const forms = [
    ...new Set(
      [...secrets]
        // A key or certificate is often told line by line.
        .flatMap((secret) => [secret, ...secret.split(/\r?\n/)])
        .filter((secret) => secret.length >= SHORTEST_SECRET)
        .flatMap(formsOf),
    ),
  ].sort((a, b) => b.length - a.length);
  return (text) => forms.reduce((scrubbed, form) => scrubbed.replaceAll(form, REPLACEMENT), text);
}

/** Every string inside a JSON value. A secret object hides its parts too. */
export function stringsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(stringsIn);
}
