import type { Tags } from "@groundplane/contracts";
import type * as pulumi from "@pulumi/pulumi";
import type { LogGroupRef } from "../log-group/log-group.ts";
import type { AlarmsArgs, AlertTopicRef } from "../monitoring/alarms.ts";

export type BreakGlassAlarm = "use";

export interface BreakGlassRoleArgs {
  /**
   * Who may take it: users, or roles whose sessions carry MFA. At least one; not a whole account.
   *
   * @format ARNs of IAM users and roles
   */
  readonly principalArns: readonly string[];
  /** Told of each use within a minute or two. `events.amazonaws.com` may publish to it. */
  readonly topic: AlertTopicRef;
  /**
   * The log group of a trail of all regions, such as an `AuditTrail`. Adds the alarm `use`, which sees every region and every
   * call; without it only `AssumeRole` in the provider's region is seen.
   *
   * @default - none
   */
  readonly auditLogs?: LogGroupRef;
  /** How long a session lasts. @minimum 60 @maximum 240 @default 60 */
  readonly sessionMinutes?: number;
  /** How long ago MFA may have been given. @minimum 5 @maximum 240 @default 60 */
  readonly mfaMinutes?: number;
  /** ARNs of managed policies, each under a name of its own for the child. @default - AdministratorAccess of AWS, as `administrator` */
  readonly managedPolicies?: Readonly<Record<string, pulumi.Input<string>>>;
  readonly alarms?: Omit<AlarmsArgs<BreakGlassAlarm>, "topic">;
  /** At least Environment, Project, Owner and ManagedBy. */
  readonly tags: Tags;
}
