import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ComponentContext } from "../component-context.ts";
import { createAlarms } from "../monitoring/alarms.ts";
import type { BreakGlassAlarm, BreakGlassRoleArgs } from "./break-glass-role-args.ts";

export interface UseWatch {
  readonly rule: aws.cloudwatch.EventRule;
  readonly target: aws.cloudwatch.EventTarget;
  /** Absent without `auditLogs`. */
  readonly filter?: aws.cloudwatch.LogMetricFilter;
  readonly alarms: ReadonlyMap<BreakGlassAlarm, aws.cloudwatch.MetricAlarm>;
}

export function watchUse(context: ComponentContext, args: BreakGlassRoleArgs, role: aws.iam.Role): UseWatch {
  const rule = new aws.cloudwatch.EventRule(
    context.child("use-rule"),
    {
      description: `${context.name} was taken`,
      // AssumeRole only reads, and rules see such events only in this state:
      // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
      state: "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
      eventPattern: pulumi.jsonStringify({
        source: ["aws.sts"],
        "detail-type": ["AWS API Call via CloudTrail"],
        detail: { eventName: ["AssumeRole"], requestParameters: { roleArn: [role.arn] } },
      }),
      tags: context.tags("use-rule"),
    },
    context.options(),
  );
  const target = new aws.cloudwatch.EventTarget(
    context.child("use-target"),
    {
      rule: rule.name,
      arn: args.topic.topicArn,
      inputTransformer: {
        inputPaths: {
          who: "$.detail.userIdentity.arn",
          from: "$.detail.sourceIPAddress",
          when: "$.time",
          error: "$.detail.errorCode",
        },
        inputTemplate: `"The break-glass role ${context.name} was asked for by <who> from <from> at <when>. Refused with: <error> (empty: it was given)."`,
      },
    },
    context.options(),
  );
  return { rule, target, ...watchLogs(context, args, role) };
}

/** The rule sees one region; a session may begin and act in any. */
function watchLogs(
  context: ComponentContext,
  { auditLogs, topic, alarms = {} }: BreakGlassRoleArgs,
  role: aws.iam.Role,
): Pick<UseWatch, "filter" | "alarms"> {
  if (auditLogs === undefined || alarms.off?.use !== undefined) return { alarms: new Map() };
  const namespace = "Groundplane/Audit";
  const metric = context.child("use");
  const filter = new aws.cloudwatch.LogMetricFilter(
    context.child("use-filter"),
    {
      logGroupName: auditLogs.logGroupName,
      pattern: pulumi.interpolate`{ ($.userIdentity.sessionContext.sessionIssuer.arn = "${role.arn}") || (($.eventName = "AssumeRole") && ($.requestParameters.roleArn = "${role.arn}")) }`,
      metricTransformation: { namespace, name: metric, value: "1", defaultValue: "0" },
    },
    context.options(),
  );
  const spec = {
    id: "use",
    description: `${context.name}, which has all rights, is in use. Look in the audit trail's log group for who it is, and call them.`,
    namespace,
    metric,
    dimensions: {},
    statistic: "Sum",
    comparison: "above",
    threshold: 0,
    periodSeconds: 60,
    periods: 1,
    noData: "notBreaching",
  } as const;
  return { filter, alarms: createAlarms(context, [spec], { ...alarms, topic }) };
}
