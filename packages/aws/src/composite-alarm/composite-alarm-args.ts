import type { Tags } from "@groundplane/contracts";
import type { AlertTopicRef } from "../monitoring/alarms.ts";
import type { AlarmCondition, AlarmRef } from "./alarm-condition.ts";

export interface CompositeAlarmArgs {
  /** At most 100 alarms. */
  readonly when: AlarmCondition;
  /** For who is woken: what is wrong, and where to look first. At most 1024 characters. */
  readonly description: string;
  /** Who is told when it begins and when it ends. @default - nobody: it shows in the console and on dashboards */
  readonly topic?: AlertTopicRef;
  /**
   * Nobody is told while this alarm rings: that of a deployment, or of what all of these stand on.
   *
   * @default - who is told is told always
   */
  readonly quietWhile?: {
    readonly alarm: AlarmRef;
    /** How long to wait for that alarm, before somebody is told. @minimum 1 @maximum 86400 @default 120 */
    readonly waitSeconds?: number;
    /** How long it stays quiet after that alarm ended. @minimum 1 @maximum 86400 @default 180 */
    readonly thenSeconds?: number;
  };
  /**
   * Up to 255 characters, of its own in the account and region.
   *
   * @default - of the project, the stack and the name, since AWS generates none
   */
  readonly alarmName?: string;
  /** At least Environment, Project, Owner and ManagedBy. */
  readonly tags: Tags;
}
