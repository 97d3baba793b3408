const FIRST_MS = 1_000;
const LONGEST_MS = 60 * 60_000;

/**
 * How long to wait after so many failures in a row: 1 s, doubled each time, an hour at most; up to a fifth less, so
 * that not everyone comes back at the same moment.
 *
 * @param random 0 to 1.
 */
export function backOffMs(failures: number, random: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 20));
  return Math.round(full * (1 - random / 5));
}
