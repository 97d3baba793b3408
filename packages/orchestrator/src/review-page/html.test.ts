import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { html } from "./html.ts";
import { shownText } from "./shown-text.ts";

const text = fc.string({ unit: "binary" });

describe("html", () => {
  test("escapes every string, in content and in attributes", () => {
    expect(String(html`<a href="${`"'\`&`}">${"</a><script>"}</a>`)).toBe(
      '<a href="&quot;&#39;&#96;&amp;">&lt;/a&gt;&lt;script&gt;</a>',
    );
  });

  test("takes markup, lists and what is absent", () => {
    expect(String(html`<p>${[html`<b>${1}</b>`, "<"]}${undefined}${false}</p>`)).toBe("<p><b>1</b>&lt;</p>");
  });

  test("lets no string make markup", () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(String(html`${value}`)).toMatch(/^(?:[^<>"'`&]|&(?:amp|lt|gt|quot|#39|#96);)*$/u);
      }),
    );
  });
});

describe("shownText", () => {
  test.each([
    ["\u202Eevil", "⟨U+202E⟩evil"],
    ["a\u200Bb", "a⟨U+200B⟩b"],
    ["a\u00A0b", "a⟨U+00A0⟩b"],
    ["\u001B[31m\0", "⟨U+001B⟩[31m⟨U+0000⟩"],
    ["\uD800", "⟨U+D800⟩"],
    ["\uE000", "⟨U+E000⟩"],
    ["é 日本 a b\n\tc", "é 日本 a b\n\tc"],
  ])("spells out in %j what would not be seen", (given, shown) => {
    expect(shownText(given)).toBe(shown);
  });

  test("leaves well-formed text that it does not touch again", () => {
    fc.assert(
      fc.property(text, (value) => {
        const shown = shownText(value);
        expect(shown).not.toMatch(/\p{Cs}/u);
        expect(shownText(shown)).toBe(shown);
      }),
    );
  });
});
