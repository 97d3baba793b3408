import type { AlarmSpec } from "../monitoring/alarms.ts";

/** Of every PostgreSQL database: writing stops when it runs out of transaction ids. */
export function transactionIdsAlarm(
  name: string,
  of: Pick<AlarmSpec, "namespace" | "dimensions">,
): AlarmSpec<"transaction-ids"> {
  return {
    ...of,
    id: "transaction-ids",
    metric: "MaximumUsedTransactionIDs",
    statistic: "Maximum",
    comparison: "above",
    // Writing stops at 2 billion. AWS Database Blog, "Implement an early warning system for transaction ID wraparound".
    threshold: 1_000_000_000,
    periodSeconds: 300,
    periods: 1,
    description: `${name} uses up its transaction ids: look at what keeps autovacuum from old tables, such as long transactions.`,
  };
}
