import type { DriftIgnore, DriftItem } from "@groundplane/contracts";
import type { Style } from "../terminal.ts";
import { plainText } from "./plain-text.ts";
import { propertyLines } from "./property-change.ts";
import { shortType } from "./resource-name.ts";

function ignoredWords({ until, who, reason }: DriftIgnore): string {
  return plainText(`ignored until ${until} by ${who}: ${reason}`);
}

/** One resource, and each of its properties: the state's value → the cloud's. */
export function driftItemLines(item: DriftItem, style: Style): string[] {
  const kind = item.kind === "missing" ? style.red("- missing") : style.yellow("~ changed");
  const whole = item.ignoredBy === undefined ? "" : `  ${style.dim(`(${ignoredWords(item.ignoredBy)})`)}`;
  return [
    "",
    `  ${kind}  ${style.dim(shortType(item.type))}  ${style.bold(plainText(item.name))}${whole}`,
    ...item.properties.flatMap(({ ignoredBy, ...property }) => [
      ...propertyLines({ ...property, replaces: false }, style),
      ...(ignoredBy === undefined ? [] : [style.dim(`          (${ignoredWords(ignoredBy)})`)]),
    ]),
  ];
}
