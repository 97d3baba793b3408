import { checkWhole, invalidArgument } from "@groundplane/contracts";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ComponentContext } from "../component-context.ts";
import { checkComponentName } from "../component-name.ts";
import { parseComponentTags } from "../component-tags.ts";
import { nameInStack } from "../name-in-stack.ts";
import { type AlarmRef, alarmRule, checkCondition } from "./alarm-condition.ts";
import type { CompositeAlarmArgs } from "./composite-alarm-args.ts";

/** The resources of a `CompositeAlarm`. */
export interface CompositeAlarmNodes {
  readonly alarm: aws.cloudwatch.CompositeAlarm;
}

/**
 * One alarm of several, so that somebody is woken once, and only when it matters.
 *
 * Creates, named `${name}-…`: `alarm`. Costs 0.50 USD a month (us-east-1, https://aws.amazon.com/cloudwatch/pricing/).
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_TAGS} a required tag is missing, or a tag is not one that AWS takes.
 * @throws {INVALID_ARGUMENT} any other argument is not valid; the message names it.
 */
export class CompositeAlarm extends pulumi.ComponentResource implements AlarmRef {
  readonly arn: pulumi.Output<string>;
  readonly alarmName: pulumi.Output<string>;
  readonly nodes: CompositeAlarmNodes;

  constructor(name: string, args: CompositeAlarmArgs, options: pulumi.ComponentResourceOptions = {}) {
    const tags = validate(name, args);
    super("groundplane:aws:CompositeAlarm", name, {}, options);

    const context = new ComponentContext(name, this, tags);
    const actions = args.topic === undefined ? [] : [args.topic.topicArn];
    const alarm = new aws.cloudwatch.CompositeAlarm(
      context.child("alarm"),
      {
        alarmName: args.alarmName ?? nameInStack(name),
        alarmDescription: args.description,
        alarmRule: alarmRule(args.when),
        alarmActions: actions,
        okActions: actions,
        ...(args.quietWhile !== undefined && {
          actionsSuppressor: {
            alarm: args.quietWhile.alarm.arn,
            waitPeriod: args.quietWhile.waitSeconds ?? 120,
            extensionPeriod: args.quietWhile.thenSeconds ?? 180,
          },
        }),
        tags: context.tags("alarm"),
      },
      context.options(),
    );
    this.nodes = { alarm };
    this.arn = alarm.arn;
    this.alarmName = alarm.alarmName;
    this.registerOutputs({ arn: this.arn, alarmName: this.alarmName });
  }

  /** What other components need, without the rest: to export, or to pass on. */
  get ref(): { readonly arn: pulumi.Output<string> } {
    return { arn: this.arn };
  }
}

function validate(name: string, args: CompositeAlarmArgs) {
  checkComponentName(name);
  const tags = parseComponentTags(args.tags);
  checkCondition(args.when);
  const { description, alarmName, quietWhile } = args;
  if (description.trim() === "" || description.length > 1024)
    throw invalidArgument(`description has ${description.length} characters; say in 1 to 1024 what is wrong`);
  if (alarmName !== undefined && !/^[\w.-]{1,255}$/.test(alarmName))
    throw invalidArgument(`alarmName is "${alarmName}"; give 1 to 255 letters, digits and . _ -`, {
      alarmName,
    });
  checkWhole("quietWhile.waitSeconds", quietWhile?.waitSeconds, 1, 86_400);
  checkWhole("quietWhile.thenSeconds", quietWhile?.thenSeconds, 1, 86_400);
  return tags;
}
