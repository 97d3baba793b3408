import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { callerAccount } from "../caller-account.ts";
import type { ComponentContext } from "../component-context.ts";
import { type Cluster, createCluster } from "../ecs/cluster.ts";
import { createTask, type Task } from "../ecs/task.ts";
import { createTaskSecurityGroup } from "../ecs/task-security-group.ts";
import type { PolicyStatement } from "../iam/policy-statement.ts";
import type { FunctionJob, ScheduledJobSize, TaskJob } from "./scheduled-job-args.ts";

/** A task that a schedule starts. */
export interface TaskTarget extends Task {
  readonly clusterArn: pulumi.Output<string>;
  readonly cluster: Cluster["nodes"];
  readonly securityGroup: aws.ec2.SecurityGroup;
}

/** What a schedule starts: what it is told of it, and its rights. */
export interface JobTarget {
  readonly parameters: Pick<aws.types.input.scheduler.ScheduleTarget, "arn" | "input" | "ecsParameters">;
  readonly statements: readonly PolicyStatement[];
  /** Without them it can be started, and fails. */
  readonly policies: readonly aws.iam.RolePolicy[];
  readonly task?: TaskTarget;
}

interface JobTargetSetting {
  readonly size: ScheduledJobSize;
  readonly family: string;
}

/** Creates for a task what it needs; a function is there. */
export function createTarget(
  context: ComponentContext,
  run: TaskJob | FunctionJob,
  setting: JobTargetSetting,
): JobTarget {
  if (run.type === "function")
    return {
      parameters: { arn: run.functionArn, ...(run.input !== undefined && { input: run.input }) },
      statements: [{ actions: ["lambda:InvokeFunction"], resources: [run.functionArn] }],
      policies: [],
    };
  const task = createTaskTarget(context, run, setting);
  return {
    parameters: {
      arn: task.clusterArn,
      ecsParameters: {
        taskDefinitionArn: task.taskDefinition.arn,
        taskCount: 1,
        launchType: "FARGATE",
        networkConfiguration: {
          subnets: run.vpc.privateSubnetIds,
          securityGroups: [task.securityGroup.id],
          assignPublicIp: false,
        },
        enableEcsManagedTags: true,
        propagateTags: "TASK_DEFINITION",
      },
    },
    statements: startStatements(task),
    policies: task.policies,
    task,
  };
}

/** Creates the task, `security-group`, and `to-anywhere`: it calls out, and nothing calls it. */
function createTaskTarget(
  context: ComponentContext,
  job: TaskJob,
  { size, family }: JobTargetSetting,
): TaskTarget {
  const cluster = createCluster(context, job.cluster, "disabled");
  const task = createTask(context, job, {
    ...{ size, family, account: callerAccount(context), protect: size.protect },
  });
  const securityGroup = createTaskSecurityGroup(context, job.vpc);
  return { ...task, clusterArn: cluster.clusterArn, cluster: cluster.nodes, securityGroup };
}

/** The rights to start it: this task, in this cluster, with its own two roles. */
function startStatements(task: TaskTarget): readonly PolicyStatement[] {
  return [
    {
      actions: ["ecs:RunTask"],
      resources: [pulumi.interpolate`${task.taskDefinition.arnWithoutRevision}:*`],
      conditions: { ArnEquals: { "ecs:cluster": task.clusterArn } },
    },
    {
      // Tags of the task definition are handed on to the task.
      actions: ["ecs:TagResource"],
      resources: [task.clusterArn.apply((arn) => `${arn.replace(":cluster/", ":task/")}/*`)],
      conditions: { StringEquals: { "ecs:CreateAction": "RunTask" } },
    },
    {
      actions: ["iam:PassRole"],
      resources: [task.taskRole.arn, task.executionRole.arn],
      conditions: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    },
  ];
}
