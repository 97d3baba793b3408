import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { scrub, shownOutput } from "./scrub.ts";

describe("scrub", () => {
  const secret = "s3cr3t/k+y=ü";

  test.each([
    ["as it is", secret],
    ["in base64", Buffer.from(secret).toString("base64")],
    ["in base64 after a user", Buffer.from(`me:${secret}`).toString("base64")],
    ["in base64 for URLs", Buffer.from(`u:${secret}`).toString("base64url")],
    ["in a URL", encodeURIComponent(secret)],
    ["in hexadecimal", Buffer.from(secret).toString("hex")],
    ["in JSON", JSON.stringify({ secret: 'a "quoted" one' })],
  ])("masks a secret %s", (_, text) => {
    const masked = scrub(`begin ${text} end`, [secret, 'a "quoted" one']);
    expect(masked).toMatch(/^begin .*\[secret\].* end$/);
    expect(masked.length).toBeLessThan(text.length + 10);
  });

  test("masks each value and line of a file that is a secret", () => {
    const file = "# keys\nAPI_KEY=abcdef123\nTOKEN: 'quoted one'\nplain-line\n";
    expect(scrub("abcdef123 / quoted one / plain-line", [file])).toBe("[secret] / [secret] / [secret]");
  });

  test("leaves nothing of a secret at any offset in base64", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 5 }),
        fc
          .string({ minLength: 12, maxLength: 40 })
          .filter((text) => text.trim() === text && !/[\s=:]/.test(text)),
        fc.uint8Array({ maxLength: 5 }),
        (before, text, after) => {
          const bytes = Buffer.from(text);
          const encoded = Buffer.concat([Buffer.from(before), bytes, Buffer.from(after)]).toString("base64");
          const masked = scrub(encoded, [text]);
          expect(masked).toContain("[secret]");
          // What is left are the neighbours and at most the bits that share a character with them.
          const left = masked.replaceAll("[secret]", "").replace(/=+$/, "").length;
          expect(left).toBeLessThanOrEqual(Math.ceil(((before.length + after.length) * 4) / 3) + 4);
        },
      ),
    );
  });

  test("shows the end of an output, and no half of a secret where it was cut", () => {
    const output = `-half-of-it and then\nok`;
    expect(shownOutput(output, ["first-half-of-it"], true)).not.toContain("half");
    expect(shownOutput("a\n".repeat(50), [], false).split("\n")).toHaveLength(20);
  });
});
