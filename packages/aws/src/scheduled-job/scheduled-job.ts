import { checkOneOf, checkWhole, invalidArgument } from "@groundplane/contracts";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ComponentContext } from "../component-context.ts";
import { checkComponentName } from "../component-name.ts";
import { parseComponentTags } from "../component-tags.ts";
import { checkContainer } from "../ecs/check-container.ts";
import { familyOf } from "../ecs/task.ts";
import { policyDocument, serviceTrust } from "../iam/policy-statement.ts";
import { checkAlarms, createAlarms } from "../monitoring/alarms.ts";
import type { DashboardWidget } from "../monitoring/dashboard-widget.ts";
import type { SecurityGroupRef } from "../network/peer-access.ts";
import { presetOf } from "../preset.ts";
import { createFailureQueue, type EndedTasks, watchEndedTasks } from "./failures.ts";
import { jobAlarms, jobWidgets } from "./job-metrics.ts";
import { createTarget, type JobTarget, type TaskTarget } from "./job-target.ts";
import { checkSchedule, checkTimeZone } from "./schedule-expression.ts";
import {
  type FunctionJob,
  SCHEDULED_JOB_PRESETS,
  type ScheduledJobAlarm,
  type ScheduledJobArgs,
  type ScheduledJobSize,
} from "./scheduled-job-args.ts";

/** The resources of a `ScheduledJob`. */
export interface ScheduledJobNodes {
  readonly schedule: aws.scheduler.Schedule;
  readonly group: aws.scheduler.ScheduleGroup;
  /** What the scheduler acts as. */
  readonly role: aws.iam.Role;
  readonly failures: aws.sqs.Queue;
  /** Only of a job that runs a task. */
  readonly task?: TaskTarget;
  /** Only of a job that runs a task. */
  readonly ended?: EndedTasks;
  readonly alarms: ReadonlyMap<ScheduledJobAlarm, aws.cloudwatch.MetricAlarm>;
}

/**
 * A container or a function that runs at set times, with a queue that keeps what failed, and an alarm on it.
 *
 * Creates, named `${name}-…`: `schedule`, `group`, `role` with `policy`, `failures`, `failures-alarm`. For a task
 * also `task`, `task-role`, `execution-role` with `execution-policy`, `logs`, `security-group` with `to-anywhere`,
 * `ended` with `ended-target` and `failures-policy`; `task-policy` (`statements`), `cluster` and `capacity` (none
 * given). For a function also `errors-alarm`.
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_TAGS} a required tag is missing, or a tag is not one that AWS takes.
 * @throws {INVALID_ARGUMENT} any other argument is not valid; the message names it.
 */
export class ScheduledJob extends pulumi.ComponentResource {
  readonly scheduleArn: pulumi.Output<string>;
  /** Runs that could not be started, and tasks that ended badly: kept for 14 days. */
  readonly failureQueueUrl: pulumi.Output<string>;
  readonly failureQueueArn: pulumi.Output<string>;
  /** Of the task. Absent for a function. */
  readonly securityGroupId?: pulumi.Output<string>;
  /** What the program acts as, for the policies of others. Absent for a function. */
  readonly taskRoleArn?: pulumi.Output<string>;
  /** Absent for a function. */
  readonly logGroupName?: pulumi.Output<string>;
  readonly nodes: ScheduledJobNodes;
  readonly #widgets: readonly DashboardWidget[];

  constructor(name: string, args: ScheduledJobArgs, options: pulumi.ComponentResourceOptions = {}) {
    const { tags, size } = validate(name, args);
    super("groundplane:aws:ScheduledJob", name, {}, options);

    const context = new ComponentContext(name, this, tags);
    const { run } = args;
    const failures = createFailureQueue(context, size.protect);
    const target = createTarget(context, run, { size, family: familyOf(`${name}-job`, tags) });
    const group = new aws.scheduler.ScheduleGroup(
      context.child("group"),
      { tags: context.tags("group") },
      context.options(),
    );
    const { role, policy } = createRole(context, group, failures, target);
    const schedule = createSchedule(context, args, { size, group, role, policy, failures, target });
    const { task } = target;
    const ended = task === undefined ? undefined : watchEndedTasks(context, failures, task);
    const watched = { name, queueName: failures.name, functionArn: functionArnOf(run) };
    this.#widgets = jobWidgets(watched);
    this.nodes = {
      ...{ schedule, group, role, failures },
      ...(task !== undefined && { task }),
      ...(ended !== undefined && { ended }),
      alarms: createAlarms(context, jobAlarms(watched), args.alarms),
    };
    this.scheduleArn = schedule.arn;
    this.failureQueueUrl = failures.url;
    this.failureQueueArn = failures.arn;
    if (task !== undefined) {
      this.securityGroupId = task.securityGroup.id;
      this.taskRoleArn = task.taskRole.arn;
      this.logGroupName = task.logs.name;
    }
    this.registerOutputs({
      scheduleArn: this.scheduleArn,
      failureQueueUrl: this.failureQueueUrl,
      failureQueueArn: this.failureQueueArn,
      securityGroupId: this.securityGroupId,
      taskRoleArn: this.taskRoleArn,
      logGroupName: this.logGroupName,
    });
  }

  /**
   * The task, for a database to let in: `allowFrom: { job: job.peer }`.
   *
   * @throws {INVALID_ARGUMENT} it calls a function, which connects with security groups of its own.
   */
  get peer(): SecurityGroupRef {
    if (this.securityGroupId !== undefined) return { securityGroupId: this.securityGroupId };
    throw invalidArgument("the job calls a function; let in the security group of that function");
  }

  /** What is worth looking at, for a `Dashboard`. */
  widgets(): readonly DashboardWidget[] {
    return this.#widgets;
  }
}

function validate(name: string, args: ScheduledJobArgs) {
  checkComponentName(name);
  const tags = parseComponentTags(args.tags);
  const row = presetOf(SCHEDULED_JOB_PRESETS, args.preset);
  const { run } = args;
  checkOneOf("run.type", run.type, ["task", "function"]);
  const size: ScheduledJobSize = {
    ...(run.type === "task" ? checkContainer(run, row) : row),
    retries: args.retries ?? row.retries,
    protect: args.protect ?? row.protect,
  };
  checkSchedule(args.schedule);
  checkTimeZone(args.timeZone);
  checkWhole("windowMinutes", args.windowMinutes, 1, 1440);
  // EventBridge Scheduler API reference, RetryPolicy.
  checkWhole("retries", size.retries, 0, 185);
  checkWhole("maxAgeSeconds", args.maxAgeSeconds, 60, 86_400);
  if (run.type === "function") checkFunction(run);
  checkAlarms<ScheduledJobAlarm>(
    run.type === "function" ? ["failures", "errors"] : ["failures"],
    args.alarms,
  );
  return { tags, size };
}

function checkFunction({ functionArn, input }: FunctionJob): void {
  if (
    typeof functionArn === "string" &&
    !/^arn:[^:]+:lambda:[^:]+:\d{12}:function:[^:]+(?::[^:]+)?$/.test(functionArn)
  )
    throw invalidArgument(
      `run.functionArn is "${functionArn}"; give the ARN of a function, version or alias`,
    );
  if (typeof input !== "string") return;
  try {
    JSON.parse(input);
  } catch {
    throw invalidArgument("run.input is no JSON; build it with JSON.stringify");
  }
}

const functionArnOf = (run: ScheduledJobArgs["run"]): pulumi.Input<string> | undefined =>
  run.type === "function" ? run.functionArn : undefined;

function createRole(
  context: ComponentContext,
  group: aws.scheduler.ScheduleGroup,
  failures: aws.sqs.Queue,
  target: JobTarget,
): { readonly role: aws.iam.Role; readonly policy: aws.iam.RolePolicy } {
  // https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
  const trust = serviceTrust("scheduler.amazonaws.com", {
    ArnEquals: { "aws:SourceArn": group.arn },
  });
  const role = new aws.iam.Role(
    context.child("role"),
    {
      description: `Lets the schedule of ${context.name} start it`,
      assumeRolePolicy: policyDocument([trust]),
      tags: context.tags("role"),
    },
    context.options(),
  );
  const policy = new aws.iam.RolePolicy(
    context.child("policy"),
    {
      role: role.id,
      policy: policyDocument([
        ...target.statements,
        { actions: ["sqs:SendMessage"], resources: [failures.arn] },
      ]),
    },
    context.options(),
  );
  return { role, policy };
}

interface ScheduleSetting {
  readonly size: ScheduledJobSize;
  readonly group: aws.scheduler.ScheduleGroup;
  readonly role: aws.iam.Role;
  readonly policy: aws.iam.RolePolicy;
  readonly failures: aws.sqs.Queue;
  readonly target: JobTarget;
}

function createSchedule(
  context: ComponentContext,
  { schedule, timeZone, windowMinutes, paused, maxAgeSeconds }: ScheduledJobArgs,
  { size, group, role, policy, failures, target }: ScheduleSetting,
): aws.scheduler.Schedule {
  return new aws.scheduler.Schedule(
    context.child("schedule"),
    {
      groupName: group.name,
      description: `Starts ${context.name}`,
      scheduleExpression: schedule,
      scheduleExpressionTimezone: timeZone ?? "UTC",
      flexibleTimeWindow:
        windowMinutes === undefined
          ? { mode: "OFF" }
          : { mode: "FLEXIBLE", maximumWindowInMinutes: windowMinutes },
      state: paused ? "DISABLED" : "ENABLED",
      target: {
        ...target.parameters,
        roleArn: role.arn,
        deadLetterConfig: { arn: failures.arn },
        retryPolicy: {
          maximumRetryAttempts: size.retries,
          maximumEventAgeInSeconds: maxAgeSeconds ?? 3600,
        },
      },
    },
    context.options({ dependsOn: [policy, ...target.policies] }),
  );
}
