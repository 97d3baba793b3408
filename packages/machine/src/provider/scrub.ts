/** Shorter parts of a secret are words: masking them would hide every message. */
const MIN_PART = 6;
const MASK = "[secret]";

/**
 * The text without any of these secrets: as they are, by line, word and value of an assignment, and each of these in
 * base64, URL encoding, hexadecimal and JSON.
 */
export function scrub(text: string, secrets: readonly string[]): string {
  return secretForms(secrets).reduce((masked, form) => masked.replaceAll(form, MASK), text);
}

/** Longest first, so that no rest of a long one stays. */
export function secretForms(secrets: readonly string[]): readonly string[] {
  const forms = new Set(secrets.flatMap(parts).flatMap(encodings));
  return [...forms].filter((form) => form.length > 0).sort((a, b) => b.length - a.length);
}

function parts(secret: string): readonly string[] {
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  const values = lines.map((line) => /^[^=:]*[=:]\s*(.+)$/.exec(line)?.[1] ?? "");
  const words = secret.split(/[\s"'`=,;]+/);
  const small = [
    ...lines,
    ...values,
    ...values.map((value) => value.replace(/^(["'])(.*)\1$/, "$2")),
    ...words,
  ];
  return [secret, secret.trim(), ...small.filter((part) => part.length >= MIN_PART)].filter(
    (part) => part !== "",
  );
}

function encodings(part: string): readonly string[] {
  const bytes = Buffer.from(part);
  const encoded = [
    encodeUrl(part),
    encodeUrl(part).replaceAll("%20", "+"),
    JSON.stringify(part).slice(1, -1),
  ];
  // Below that an encoding has so few characters that any text may hold it.
  const coded =
    bytes.length < 4
      ? []
      : [...base64Forms(bytes), bytes.toString("hex"), bytes.toString("hex").toUpperCase()];
  return [part, ...encoded, ...coded];
}

function encodeUrl(part: string): string {
  // Through bytes: a lone surrogate has no URL encoding.
  return encodeURIComponent(Buffer.from(part).toString());
}

/** In base64 a text looks different at each of three offsets in what is encoded; the characters at its ends hold neighbours. */
function base64Forms(bytes: Buffer): readonly string[] {
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    const begin = offset === 0 ? 0 : offset + 1;
    const whole = (offset + bytes.length) % 3 === 0;
    const inner = encoded.slice(begin, whole ? undefined : -1);
    const url = inner.replaceAll("+", "-").replaceAll("/", "_");
    // By itself it is masked to its last character.
    return offset === 0 ? [encoded, inner, url] : [inner, url];
  });
}

/** What of a script's output a message may show: its end, scrubbed before it is cut. */
export function shownOutput(output: string, secrets: readonly string[], cut: boolean): string {
  // Where the beginning is missing, a secret may begin there in its middle.
  const longest = cut ? Math.max(0, ...secretForms(secrets).map((form) => form.length)) : 0;
  return lastLines(scrub(output.slice(longest), secrets));
}

function lastLines(text: string): string {
  return text.trim().split("\n").slice(-20).join("\n").slice(-2000);
}
