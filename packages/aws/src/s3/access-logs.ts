import type * as pulumi from "@pulumi/pulumi";

/** Where a bucket's access logs go: a bucket of the same region and account that the logging service may write to. */
export interface AccessLogs {
  readonly bucketName: pulumi.Input<string>;
  /** @default - the name of the component and a slash */
  readonly prefix?: string;
}
