import { invalidArgument } from "@groundplane/contracts";
import type * as pulumi from "@pulumi/pulumi";
import { checkRetention, type RetentionDays } from "../monitoring/retention-days.ts";
import { type Opening, openingTag } from "../opening.ts";

interface FlowLogDelivery {
  /** @default "ALL" */
  readonly traffic?: "ALL" | "ACCEPT" | "REJECT";
  /**
   * How long packets are gathered into one record. 60 gives more records, which are charged.
   *
   * @default 600
   */
  readonly aggregationSeconds?: 60 | 600;
}

/** A log group of the VPC's own, with a role that can write to nothing else. */
export interface CloudWatchFlowLogArgs extends FlowLogDelivery {
  readonly destination: "cloud-watch-logs";
  /** @default 90 */
  readonly retentionDays?: RetentionDays;
  /**
   * Its key policy lets the logs service of the region use it.
   *
   * @format ARN of a KMS key
   * @default - encrypted with a key that AWS owns
   */
  readonly kmsKeyArn?: pulumi.Input<string>;
}

/** An existing bucket, whose policy lets `delivery.logs.amazonaws.com` write. */
export interface S3FlowLogArgs extends FlowLogDelivery {
  readonly destination: "s3";
  /** @format ARN of a bucket, and a prefix if wanted: `arn:aws:s3:::logs/vpc/` */
  readonly bucketArn: pulumi.Input<string>;
}

/** No flow logs. */
export interface NoFlowLogArgs extends Opening {
  readonly destination: "none";
}

export type FlowLogArgs = CloudWatchFlowLogArgs | S3FlowLogArgs | NoFlowLogArgs;

export const DEFAULT_FLOW_LOGS: CloudWatchFlowLogArgs = { destination: "cloud-watch-logs" };

/**
 * Checks what is asked for.
 *
 * @throws {INVALID_ARGUMENT} a retention, an aggregation interval or a reason is not valid.
 */
export function checkFlowLogs(args: FlowLogArgs = DEFAULT_FLOW_LOGS): void {
  if (args.destination === "none") {
    openingTag("no-flow-logs", args);
    return;
  }
  const { traffic = "ALL", aggregationSeconds = 600 } = args;
  if (!["ALL", "ACCEPT", "REJECT"].includes(traffic)) {
    throw invalidArgument(`flowLogs.traffic is "${traffic}"; choose ALL, ACCEPT or REJECT`);
  }
  if (aggregationSeconds !== 60 && aggregationSeconds !== 600) {
    throw invalidArgument(
      `flowLogs.aggregationSeconds is ${String(aggregationSeconds)}; AWS takes 60 or 600`,
    );
  }
  if (args.destination !== "cloud-watch-logs" && args.destination !== "s3") {
    throw invalidArgument("flowLogs.destination is unknown; choose cloud-watch-logs, s3 or none");
  }
  if (args.destination === "cloud-watch-logs") checkRetention("flowLogs.retentionDays", args.retentionDays);
}
