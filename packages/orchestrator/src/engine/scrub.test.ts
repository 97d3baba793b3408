import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { scrubber, stringsIn } from "./scrub.ts";

/** Written here again, by what other programs make of a value. */
const forms: Readonly<Record<string, (secret: string) => string>> = {
  "as it is": (secret) => secret,
  "in JSON": (secret) => JSON.stringify(secret).slice(1, -1),
  "in JSON of Go, which escapes <, > and &": (secret) =>
    JSON.stringify(secret)
      .slice(1, -1)
      .replaceAll(/[<>&]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`),
  "in JSON inside of JSON": (secret) => JSON.stringify(JSON.stringify(secret).slice(1, -1)).slice(1, -1),
  "in a URL": (secret) => encodeURIComponent(secret),
  "in a URL, in small letters": (secret) =>
    encodeURIComponent(secret).replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
  "in a form": (secret) => new URLSearchParams({ "": secret }).toString().slice(1),
  "in XML": (secret) =>
    secret.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&#34;"),
  "in HTML's attribute": (secret) => secret.replaceAll("&", "&amp;").replaceAll('"', "&quot;"),
  "in a shell's quotes": (secret) => secret.replaceAll("'", "'\\''"),
  "in base64": (secret) => Buffer.from(secret).toString("base64"),
  "in base64 for URLs": (secret) => Buffer.from(secret).toString("base64url"),
  "in hex": (secret) => Buffer.from(secret).toString("hex"),
};

const PLACE = "[secret]";
// What the replacement itself holds, or could begin or end, is told apart by no one.
const secrets = fc
  .string({ unit: "grapheme", minLength: 6, maxLength: 30 })
  .filter((secret) => !PLACE.includes(secret) && !/[[\]]/.test(secret));

describe("scrubber", () => {
  test.each(Object.entries(forms))("blanks out a secret %s", (_how, form) => {
    for (const secret of [
      "hunter2!",
      'with "quotes" & <angles>',
      "line\nbreak\\",
      "pässwörd",
      "a+b/c=d?e%",
    ]) {
      const text = scrubber([secret])(`before ${form(secret)} after`);
      expect(text).not.toContain(form(secret));
      expect(text).toBe("before [secret] after");
    }
  });

  test("leaves no form of any secret in any text", { timeout: 60_000 }, () => {
    const textsWithSecrets = fc.array(secrets, { minLength: 1, maxLength: 4 }).chain((values) => {
      const told = fc
        .tuple(fc.constantFrom(...values), fc.constantFrom(...Object.values(forms)))
        .map(([value, form]) => form(value));
      return fc.tuple(
        fc.constant(values),
        fc.array(fc.oneof(fc.string({ maxLength: 8 }), told), { maxLength: 8 }),
      );
    });
    fc.assert(
      fc.property(textsWithSecrets, ([values, parts]) => {
        const left = scrubber(values)(parts.join(" ")).split(PLACE);
        for (const form of Object.values(forms))
          for (const piece of left) expect(values.filter((value) => piece.includes(form(value)))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test("blanks out a secret that holds another one whole", () => {
    expect(scrubber(["hunter2", "hunter2-and-more"])("x hunter2-and-more y hunter2 z")).toBe(
      "x [secret] y [secret] z",
    );
  });

  test.each([1, 2, 3, 4, 5, 6, 7])("blanks out base64 of a text that holds it, %i bytes before", (before) => {
    const secret = "s3cret-and-long";
    const text = Buffer.from(`${"u".repeat(before)}${secret}:more`).toString("base64");
    const left = scrubber([secret])(`Basic ${text}`).split("[secret]");
    expect(left).toHaveLength(2);
    // Of its edges at most two bytes share a sign with what stands beside it.
    for (const piece of left)
      expect(Buffer.from(piece.replace("Basic ", ""), "base64").toString()).not.toMatch(/s3cr|long/);
  });

  test("is quick on a long key, and on text that is nearly one", { timeout: 60_000 }, () => {
    const key = Array.from({ length: 60 }, (_, line) => `${line}\\"'&<+/`.repeat(8)).join("\n");
    const scrub = scrubber([key]);
    const startedAt = performance.now();
    for (const text of [
      "\\".repeat(20_000),
      "&amp;".repeat(5000),
      key.slice(1).repeat(3),
      "%25".repeat(8000),
    ])
      scrub(text);
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });

  test("takes no sign of a secret for a pattern", () => {
    expect(scrubber(["a.c$&*(^)"])("abcccc a.c$&*(^)")).toBe("abcccc [secret]");
  });

  test("leaves values under six characters, and text that holds none", () => {
    expect(scrubber(["abc", "5432", ""])("port 5432, abc")).toBe("port 5432, abc");
    expect(scrubber([])("nothing")).toBe("nothing");
  });

  test("takes a secret that is no well-formed text", () => {
    expect(scrubber(["\ud800-half-a-pair", "hunter2"])("hunter2")).toBe("[secret]");
  });
});

describe("stringsIn", () => {
  test("finds each string at any depth", () => {
    expect(stringsIn({ a: "one", b: [{ c: "two" }, 3, null, true], d: ["three"] })).toEqual([
      "one",
      "two",
      "three",
    ]);
    expect(stringsIn("one")).toEqual(["one"]);
    expect(stringsIn(undefined)).toEqual([]);
  });
});

test("a secret of several lines is scrubbed line by line too", () => {
  const scrub = scrubber(["-----BEGIN KEY-----\nMIIEvQIBADANBg\n-----END KEY-----"]);
  expect(scrub("line 2 is MIIEvQIBADANBg, said the provider")).toBe("line 2 is [secret], said the provider");
});
