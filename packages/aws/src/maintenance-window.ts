import { invalidArgument } from "@groundplane/contracts";

const TIME = "([01]\\d|2[0-3]):[0-5]\\d";
const DAY = "(mon|tue|wed|thu|fri|sat|sun)";

/**
 * Checks a window of each day, in UTC.
 *
 * @throws {INVALID_ARGUMENT} it is not `hh:mm-hh:mm`.
 */
export function checkDailyWindow(argument: string, window: string | undefined): void {
  if (window === undefined || new RegExp(`^${TIME}-${TIME}$`).test(window)) return;
  throw invalidArgument(`${argument} is "${window}"; give hh:mm-hh:mm in UTC, such as 02:00-03:00`, {
    argument,
    window,
  });
}

/**
 * Checks a window of each week, in UTC.
 *
 * @throws {INVALID_ARGUMENT} it is not `ddd:hh:mm-ddd:hh:mm`.
 */
export function checkWeeklyWindow(argument: string, window: string | undefined): void {
  // In lower case, as AWS gives it back: anything else would be a change at each deployment.
  if (window === undefined || new RegExp(`^${DAY}:${TIME}-${DAY}:${TIME}$`).test(window)) return;
  throw invalidArgument(
    `${argument} is "${window}"; give ddd:hh:mm-ddd:hh:mm in UTC and lower case, such as sun:03:00-sun:04:00`,
    { argument, window },
  );
}
