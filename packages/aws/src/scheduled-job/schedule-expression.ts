import { type GroundplaneError, invalidArgument } from "@groundplane/contracts";

const RATE = /^rate\(([1-9]\d*) (minute|hour|day)(s?)\)$/;
const AT = /^at\((\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\)$/;
const CRON = /^cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)$/;
const FIELD = /^[A-Z0-9*?,/#-]+$/i;

/**
 * Checks when a job runs: `rate(5 minutes)`, `cron(0 3 * * ? *)` or `at(2027-01-31T03:00:00)`.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 *
 * @throws {INVALID_ARGUMENT} EventBridge Scheduler takes no such expression.
 */
export function checkSchedule(expression: string): void {
  const [, count, , plural] = RATE.exec(expression) ?? [];
  if (count !== undefined) {
    if ((count === "1") === (plural === "")) return;
    throw refused(expression, "one minute, hour or day is singular, more are plural");
  }
  const at = AT.exec(expression)?.[1];
  if (at !== undefined) {
    if (!Number.isNaN(Date.parse(`${at}Z`))) return;
    throw refused(expression, "there is no such time");
  }
  const fields = CRON.exec(expression)?.slice(1) ?? [];
  if (fields.length !== 6 || !fields.every((field) => FIELD.test(field)))
    throw refused(
      expression,
      "give rate(5 minutes), at(2027-01-31T03:00:00), or cron with its six fields: minute, hour, day, month, weekday, year",
    );
  const [, , day = "", , weekday = ""] = fields;
  if ((day === "?") === (weekday === "?"))
    throw refused(expression, "one of day and weekday is ?, and the other is not");
}

function refused(expression: string, remedy: string): GroundplaneError {
  return invalidArgument(`schedule is "${expression}"; ${remedy}`, { schedule: expression });
}

/**
 * Checks a time zone.
 *
 * @throws {INVALID_ARGUMENT} the tz database has no such zone.
 */
export function checkTimeZone(timeZone: string | undefined): void {
  if (timeZone === undefined) return;
  try {
    new Intl.DateTimeFormat("en", { timeZone });
  } catch {
    throw invalidArgument(
      `timeZone is "${timeZone}"; give a name of the tz database, such as Europe/Berlin`,
      {
        timeZone,
      },
    );
  }
}
