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
  "in a URL": (secret) => encodeURIComponent(secret),
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

  test("leaves no form of any secret in any text", () => {
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
      { numRuns: 500 },
    );
  });

  test("blanks out a secret that holds another one whole", () => {
    expect(scrubber(["hunter2", "hunter2-and-more"])("x hunter2-and-more y hunter2 z")).toBe(
      "x [secret] y [secret] z",
    );
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
