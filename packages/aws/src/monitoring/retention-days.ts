import { checkOneOf } from "@groundplane/contracts";

/** What CloudWatch Logs takes: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

export type RetentionDays = (typeof RETENTION_DAYS)[number];

/**
 * Checks how long logs are kept.
 *
 * @throws {INVALID_ARGUMENT} CloudWatch Logs takes no such number of days.
 */
export function checkRetention(argument: string, days: RetentionDays | undefined): void {
  checkOneOf(argument, days, RETENTION_DAYS);
}
