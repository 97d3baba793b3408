import type { JsonValue, PropertyChange } from "@groundplane/contracts";
import { type Html, html } from "./html.ts";
import { type DiffLine, diffLines, foldUnchanged } from "./line-diff.ts";
import { SECRET_SIGN, UNKNOWN_SIGN, valueLines } from "./value-lines.ts";
import { counted } from "./words.ts";

/** A value of more lines than this is folded. */
const LONG_LINES = 24;

const SIGNS: Readonly<Record<string, Html>> = {
  [SECRET_SIGN]: html`<span class="mark"><svg class="lock"><use href="#lock"/></svg>secret</span>`,
  [UNKNOWN_SIGN]: html`<span class="mark">known after apply</span>`,
};
const NOT_SET = html`<span class="mark">not set</span>`;

/** A line's text, its signs as marks. */
function lineText(line: string): readonly (Html | string)[] {
  return line.split(/([\uE000\uE001])/).map((piece) => SIGNS[piece] ?? piece);
}

const removed = (content: Html | readonly (Html | string)[]): Html =>
  html`<del><i>−</i><span>${content}</span></del>`;
const added = (content: Html | readonly (Html | string)[]): Html =>
  html`<ins><i>+</i><span>${content}</span></ins>`;
const plain = (line: string): Html => html`<div><i> </i><span>${lineText(line)}</span></div>`;

function diffLine({ kind, text }: DiffLine): Html {
  if (kind === "same") return plain(text);
  return kind === "removed" ? removed(lineText(text)) : added(lineText(text));
}

/** Two single lines, with what differs between them marked where most of the line is the same. */
function linePair(before: string, after: string): readonly Html[] {
  const [old, now] = [Array.from(before), Array.from(after)];
  const shorter = Math.min(old.length, now.length);
  let head = 0;
  while (head < shorter && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
  const hasSign = /[\uE000\uE001]/.test(before + after);
  if (hasSign || (head + tail) * 3 < shorter) return [removed(lineText(before)), added(lineText(after))];
  const marked = (line: readonly string[]) => [
    line.slice(0, head).join(""),
    html`<b>${line.slice(head, line.length - tail).join("")}</b>`,
    line.slice(line.length - tail).join(""),
  ];
  return [removed(marked(old)), added(marked(now))];
}

function hunks(before: readonly string[], after: readonly string[]): readonly Html[] {
  return foldUnchanged(diffLines(before, after)).map(({ folded, lines }) =>
    folded
      ? html`<details class="fold"><summary>${counted(lines.length, "unchanged line")}</summary>${lines.map(diffLine)}</details>`
      : html`${lines.map(diffLine)}`,
  );
}

function foldLong(lines: readonly Html[]): Html {
  return lines.length > LONG_LINES
    ? html`<details class="fold"><summary>${counted(lines.length, "line")}</summary>${lines}</details>`
    : html`${lines}`;
}

function oneSide(value: JsonValue, line: (content: readonly (Html | string)[]) => Html): Html {
  return foldLong(valueLines(value).map((text) => line(lineText(text))));
}

/** Where two values look alike once laid out: secrets, and documents that differ in white space only. */
function alike(before: JsonValue, after: JsonValue, lines: readonly string[]): Html {
  const secret = lines.some((line) => line.includes(SECRET_SIGN));
  if (secret || before === after || typeof before !== "string" || typeof after !== "string") {
    const note = secret
      ? "The secret changes; its values are never shown."
      : "The engine says it changes; no difference shows.";
    return html`${lines.map(plain)}<p class="note">${note}</p>`;
  }
  return html`${linePair(JSON.stringify(before), JSON.stringify(after))}<p class="note">Only white space differs.</p>`;
}

function values({ kind, before, after }: PropertyChange, onlyAdds: boolean): Html {
  if (kind === "add" || (kind === "update" && before === undefined)) {
    if (after === undefined) return added(NOT_SET);
    return oneSide(after, onlyAdds ? (content) => html`<div><span>${content}</span></div>` : added);
  }
  if (before === undefined) return removed(NOT_SET);
  if (kind === "delete") return oneSide(before, removed);
  if (after === undefined) return html`${oneSide(before, removed)}${added(NOT_SET)}`;
  const [old, now] = [valueLines(before), valueLines(after)];
  if (old.join("\n") === now.join("\n")) return alike(before, after, old);
  const [oldLine, newLine] = [old[0], now[0]];
  if (old.length === 1 && now.length === 1 && oldLine !== undefined && newLine !== undefined) {
    return html`${linePair(oldLine, newLine)}`;
  }
  return html`${hunks(old, now)}`;
}

/** What the engine notes for itself: which properties its bridge filled in. */
const isBookkeeping = ({ path }: PropertyChange): boolean => /(?:^|\.)__defaults(?:$|\[)/.test(path);

export function shownProperties(properties: readonly PropertyChange[]): readonly PropertyChange[] {
  return properties.filter((property) => !isBookkeeping(property));
}

/** Properties with before and after. */
export function propertyList(properties: readonly PropertyChange[]): Html {
  const shown = shownProperties(properties);
  const onlyAdds = shown.every(({ kind }) => kind === "add");
  return html`<dl class="props">${shown.map(
    (property) =>
      html`<div><dt>${property.path}${property.replaces && html` <span class="why">forces replacement</span>`}</dt><dd class="diff">${values(property, onlyAdds)}</dd></div>`,
  )}</dl>`;
}
