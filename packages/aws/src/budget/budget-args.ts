import type { Tags } from "@groundplane/contracts";
import type * as pulumi from "@pulumi/pulumi";
import type { AlertTopicRef } from "../monitoring/alarms.ts";

/** Cost Anomaly Detection: what is spent unlike before. */
export interface AnomalyArgs {
  /** What an anomaly must have cost to be told of. @minimum 1 @default 100 */
  readonly minimumUsd?: number;
  /**
   * An account has at most one monitor of all its services.
   *
   * @format ARN of an anomaly monitor
   * @default - made: of the tag's costs with `costTag`, else of all services
   */
  readonly monitorArn?: pulumi.Input<string>;
}

export interface BudgetArgs {
  /** Tax and support included, credits and refunds left out. @minimum 1 */
  readonly monthlyUsd: number;
  /** Percents of the budget that are told of when they are spent. 1 to 9 of them; no order. @default [50, 80, 100] */
  readonly thresholdsPercent?: readonly number[];
  /** Told of when the month's forecast passes it. AWS forecasts after about five weeks of use. @default 100 */
  readonly forecastPercent?: number;
  /** Up to 10. One of `emails` and `topic` is needed. @default - none */
  readonly emails?: readonly string[];
  /** `budgets.amazonaws.com` and `costalerts.amazonaws.com` may publish to it. @default - none */
  readonly topic?: AlertTopicRef;
  /** Only the costs of what has this tag. The tag is activated for cost allocation, in the account that pays. @default - all costs */
  readonly costTag?: { readonly key: string; readonly value: string };
  /** @default - told of from 100 USD */
  readonly anomalies?: AnomalyArgs | "none";
  /** At least Environment, Project, Owner and ManagedBy. */
  readonly tags: Tags;
}
