import type * as pulumi from "@pulumi/pulumi";

/** A line of a graph. */
export interface DashboardMetric {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
  /** @default "Average" */
  readonly statistic?: string;
  /** @default - the metric's name */
  readonly label?: string;
}

/**
 * A graph as data. Components give out what is worth looking at as such (`service.widgets()`), and a `Dashboard`
 * lays them out.
 */
export interface DashboardWidget {
  readonly title: string;
  readonly metrics: readonly DashboardMetric[];
  /** In seconds. @default 60 */
  readonly periodSeconds?: number;
  /** Lower end of the axis. @default 0 */
  readonly min?: number;
}
