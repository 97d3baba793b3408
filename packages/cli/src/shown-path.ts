import { isAbsolute, relative } from "node:path";

/** A path as a person at this folder writes it: relative below it, else absolute. */
export function shownPath(path: string, cwd: string): string {
  const fromHere = relative(cwd, path);
  return fromHere.startsWith("..") || isAbsolute(fromHere) ? path : fromHere;
}
