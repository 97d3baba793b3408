import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { ComponentContext } from "./component-context.ts";

/** Where a component's resources are, as its provider says. Never written down in code. */
export interface CallerAccount {
  /** 12 digits. */
  readonly accountId: pulumi.Output<string>;
  /** `aws`, `aws-us-gov`, `aws-cn` … */
  readonly partition: pulumi.Output<string>;
  readonly region: pulumi.Output<string>;
}

/** Asks the component's provider. */
export function callerAccount(context: ComponentContext): CallerAccount {
  return {
    accountId: aws.getCallerIdentityOutput({}, context.lookup()).accountId,
    partition: aws.getPartitionOutput({}, context.lookup()).partition,
    region: aws.getRegionOutput({}, context.lookup()).region,
  };
}
