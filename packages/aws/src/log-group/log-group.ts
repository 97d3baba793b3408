import { invalidArgument } from "@groundplane/contracts";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ComponentContext } from "../component-context.ts";
import { checkComponentName } from "../component-name.ts";
import { parseComponentTags } from "../component-tags.ts";
import type { PolicyStatement } from "../iam/policy-statement.ts";
import { type AlarmSpec, checkAlarms, createAlarms } from "../monitoring/alarms.ts";
import { checkRetention } from "../monitoring/retention-days.ts";
import { presetOf } from "../preset.ts";
import {
  LOG_GROUP_PRESETS,
  type LogGroupAlarm,
  type LogGroupArgs,
  type LogGroupSize,
} from "./log-group-args.ts";

/** What other components need of a log group. */
export interface LogGroupRef {
  readonly logGroupName: pulumi.Input<string>;
  /** Without `:*` at its end. */
  readonly logGroupArn: pulumi.Input<string>;
}

/** The resources of a `LogGroup`. */
export interface LogGroupNodes {
  readonly logGroup: aws.cloudwatch.LogGroup;
  readonly errorFilter?: aws.cloudwatch.LogMetricFilter;
  readonly alarms: ReadonlyMap<LogGroupAlarm, aws.cloudwatch.MetricAlarm>;
}

/**
 * A CloudWatch log group that ends what it keeps, and tells of errors.
 *
 * Creates, named `${name}-…`: `group`; with `errorPattern` also `errors-filter` and `errors-alarm`.
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_TAGS} a required tag is missing, or a tag is not one that AWS takes.
 * @throws {INVALID_ARGUMENT} any other argument is not valid; the message names it.
 */
export class LogGroup extends pulumi.ComponentResource implements LogGroupRef {
  readonly logGroupName: pulumi.Output<string>;
  readonly logGroupArn: pulumi.Output<string>;
  readonly nodes: LogGroupNodes;

  constructor(name: string, args: LogGroupArgs, options: pulumi.ComponentResourceOptions = {}) {
    const { tags, size } = validate(name, args);
    super("groundplane:aws:LogGroup", name, {}, options);

    const context = new ComponentContext(name, this, tags);
    const logGroup = new aws.cloudwatch.LogGroup(
      context.child("group"),
      {
        ...(args.logGroupName !== undefined && { name: args.logGroupName }),
        retentionInDays: size.retentionDays,
        ...(args.kmsKeyArn !== undefined && { kmsKeyId: args.kmsKeyArn }),
        tags: context.tags("group"),
      },
      context.options({ protect: size.protect }),
    );
    this.nodes = { logGroup, ...watchErrors(context, args, logGroup) };
    this.logGroupName = logGroup.name;
    this.logGroupArn = logGroup.arn;
    this.registerOutputs(this.ref);
  }

  /** What other components need, without the rest: to export, or to pass on. */
  get ref(): { readonly logGroupName: pulumi.Output<string>; readonly logGroupArn: pulumi.Output<string> } {
    const { logGroupName, logGroupArn } = this;
    return { logGroupName, logGroupArn };
  }

  /** The rights of who writes to it. */
  writeStatements(): readonly PolicyStatement[] {
    return [
      {
        actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
        resources: [pulumi.interpolate`${this.logGroupArn}:*`],
      },
    ];
  }
}

function validate(name: string, args: LogGroupArgs) {
  checkComponentName(name);
  const tags = parseComponentTags(args.tags);
  const row = presetOf(LOG_GROUP_PRESETS, args.preset);
  const size: LogGroupSize = {
    retentionDays: args.retentionDays ?? row.retentionDays,
    protect: args.protect ?? row.protect,
  };
  checkRetention("retentionDays", size.retentionDays);
  if (args.logGroupName !== undefined && !/^[\w./#-]{1,512}$/.test(args.logGroupName)) {
    throw invalidArgument(
      `logGroupName is "${args.logGroupName}"; give 1 to 512 letters, digits and _ - / . #`,
      { logGroupName: args.logGroupName },
    );
  }
  if (args.errorPattern !== undefined && args.errorPattern.length > 1024)
    throw invalidArgument(`errorPattern has ${args.errorPattern.length} characters; give at most 1024`);
  checkAlarms<LogGroupAlarm>(["errors"], args.alarms);
  return { tags, size };
}

function watchErrors(
  context: ComponentContext,
  { errorPattern, alarms = {} }: LogGroupArgs,
  logGroup: aws.cloudwatch.LogGroup,
): Pick<LogGroupNodes, "errorFilter" | "alarms"> {
  if (errorPattern === undefined) return { alarms: new Map() };
  const namespace = "Groundplane/Logs";
  const metric = context.child("errors");
  const errorFilter = new aws.cloudwatch.LogMetricFilter(
    context.child("errors-filter"),
    {
      logGroupName: logGroup.name,
      pattern: errorPattern,
      metricTransformation: { namespace, name: metric, value: "1", defaultValue: "0" },
    },
    context.options(),
  );
  const spec: AlarmSpec<LogGroupAlarm> = {
    id: "errors",
    description: `${context.name} logs errors: look at the newest lines that match ${errorPattern}.`,
    namespace,
    metric,
    dimensions: {},
    statistic: "Sum",
    comparison: "above",
    threshold: 0,
    periodSeconds: 300,
    periods: 1,
    noData: "notBreaching",
  };
  return { errorFilter, alarms: createAlarms(context, [spec], alarms) };
}
