import type { Tags } from "@groundplane/contracts";
import type { LogGroupRef } from "../log-group/log-group.ts";
import type { VpcRef } from "../vpc/vpc-ref.ts";

export interface ResolverLoggingArgs {
  /** Whose hosts' DNS queries are logged, by names that stay: `main`. One to 100. */
  readonly vpcs: Readonly<Record<string, Pick<VpcRef, "vpcId">>>;
  /** Where they are written, in the same region. Another one starts anew there. */
  readonly logGroup: Pick<LogGroupRef, "logGroupArn">;
  /** At least Environment, Project, Owner and ManagedBy. */
  readonly tags: Tags;
}
