import type { Tags } from "@groundplane/contracts";
import type * as pulumi from "@pulumi/pulumi";
import type { AlarmsArgs } from "../monitoring/alarms.ts";
import type { Preset, PresetTable } from "../preset.ts";

export type AlertTopicAlarm = "delivery-failures";

export interface AlertTopicSize {
  /** How long AWS waits before it deletes the key. @minimum 7 @maximum 30 */
  readonly keyDeletionDays: number;
  /** Pulumi's `protect`: topic and key are not deleted or replaced before that is taken off. */
  readonly protect: boolean;
}

/** What the presets set. Days: KMS API reference, ScheduleKeyDeletion. */
export const ALERT_TOPIC_PRESETS: PresetTable<AlertTopicSize> = {
  dev: { keyDeletionDays: 7, protect: false },
  staging: { keyDeletionDays: 7, protect: false },
  prod: { keyDeletionDays: 30, protect: true },
};

/** CloudWatch alarms, AWS Budgets, Cost Anomaly Detection, and rules of EventBridge. */
export type AlertPublisher = "cloudwatch" | "budgets" | "cost-anomalies" | "events";

/** Who is told. */
export type AlertSubscription = (
  | { /** They get a mail to confirm first. */ readonly email: string }
  | {
      /** A pager's address, which must confirm itself. Often a secret: give it as one. */ readonly https: pulumi.Input<string>;
    }
  | { /** Its policy lets the topic send: `queueStatements()`. */ readonly queueArn: pulumi.Input<string> }
  | { /** Gets the right to be called by the topic. */ readonly functionArn: pulumi.Input<string> }
) & {
  /** Where messages go that could not be delivered; its policy lets the topic send. @default - they are lost */
  readonly deadLetterQueueArn?: pulumi.Input<string>;
};

export interface AlertTopicArgs {
  /** @default "prod" */
  readonly preset?: Preset;
  /** By name, lower-case letters, digits and dashes: `on-call`. @default {}, nobody is told */
  readonly subscriptions?: Readonly<Record<string, AlertSubscription>>;
  /**
   * Services of the account that may publish. EventBridge gives no account with what it sends, so that `events` lets
   * in its rules of any account:
   * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
   *
   * @default ["cloudwatch", "budgets", "cost-anomalies"]
   */
  readonly publishers?: readonly AlertPublisher[];
  /**
   * Its key policy lets the publishers use it.
   *
   * @format ARN of a KMS key
   * @default - a key of its own, which turns every year
   */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /** @default - of the preset: 7 or 30 */
  readonly keyDeletionDays?: number;
  readonly alarms?: AlarmsArgs<AlertTopicAlarm>;
  /** @default - of the preset: only in prod */
  readonly protect?: boolean;
  /**
   * Takes over a topic that exists, with its subscribers. While it is set, the topic, its key and its policy stay as
   * they are; remove it afterwards, and the review shows what the component brings into line.
   *
   * @default - it is created
   */
  readonly adopt?: { readonly topicArn: string };
  /** At least Environment, Project, Owner and ManagedBy. */
  readonly tags: Tags;
}
