import { shellQuote } from "@groundplane/contracts";

/** A value as a POSIX shell reads it back unchanged. */
export function quotedForShell(value: string): string {
  return /^[A-Za-z0-9_./:@%+=,-]+$/.test(value) ? value : shellQuote(value);
}
