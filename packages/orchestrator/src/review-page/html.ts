import { shownText } from "./shown-text.ts";

/** Markup. Only the `html` tag makes it, so what is not `Html` is text and gets escaped. */
export class Html {
  readonly #markup: string;

  /** Reserved for the `html` tag. */
  constructor(markup: string) {
    this.#markup = markup;
  }

  toString(): string {
    return this.#markup;
  }
}

export type HtmlPart = Html | string | number | undefined | false | readonly HtmlPart[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

/** Text for an element's content or a quoted attribute. */
export function escapeText(text: string): string {
  return shownText(text).replaceAll(/[&<>"'`]/g, (character) => ENTITIES[character] ?? "");
}

function markupOf(part: HtmlPart): string {
  if (part === undefined || part === false) return "";
  if (part instanceof Html) return part.toString();
  if (typeof part === "object") return part.map(markupOf).join("");
  return escapeText(String(part));
}

/** Markup with parts filled in. A string that is filled in is text, whatever it holds; attributes are to be quoted. */
export function html(template: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return new Html(
    template.map((literal, index) => (index === 0 ? "" : markupOf(parts[index - 1])) + literal).join(""),
  );
}
