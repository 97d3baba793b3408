import type { Tags } from "@groundplane/contracts";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { CallerAccount } from "../caller-account.ts";
import type { ComponentContext } from "../component-context.ts";
import { type PolicyStatement, policyDocument, serviceTrust } from "../iam/policy-statement.ts";
import { openingTag } from "../opening.ts";
import type { ContainerArgs, ContainerSize } from "./container-args.ts";
import { containerDefinitions, volumeOf } from "./container-definition.ts";
import { pullStatements } from "./container-image.ts";
import { secretStatements } from "./secrets.ts";

/** A task definition, and what its tasks run as. */
export interface Task {
  readonly taskDefinition: aws.ecs.TaskDefinition;
  /** What the program in the container acts as. */
  readonly taskRole: aws.iam.Role;
  /** What ECS acts as to start it: pulls the image, reads secrets, writes logs. */
  readonly executionRole: aws.iam.Role;
  readonly logs: aws.cloudwatch.LogGroup;
  /** Tasks do not start, or may do nothing, before these. */
  readonly policies: readonly aws.iam.RolePolicy[];
}

/** What a task has besides its container. */
export interface TaskSetting {
  readonly size: ContainerSize;
  readonly account: CallerAccount;
  /** Revisions are counted by family. */
  readonly family: string;
  /** Of the log group. */
  readonly protect: boolean;
  readonly port?: number;
  readonly healthCommand?: readonly string[];
}

/**
 * Creates `logs`, `execution-role` with `execution-policy`, `task-role`, with statements `task-policy`, and `task`.
 */
export function createTask(context: ComponentContext, args: ContainerArgs, setting: TaskSetting): Task {
  const { size, account } = setting;
  const logs = new aws.cloudwatch.LogGroup(
    context.child("logs"),
    {
      retentionInDays: size.logRetentionDays,
      ...(args.logsKmsKeyArn !== undefined && { kmsKeyId: args.logsKmsKeyArn }),
      tags: context.tags("logs"),
    },
    context.options({ protect: setting.protect }),
  );
  const executionRole = createRole(context, "execution-role", "Starts tasks", account);
  const taskRole = createRole(context, "task-role", "What the program in the container may do", account);
  const policies = [
    allow(context, "execution-policy", executionRole, [
      ...pullStatements(args.image, account),
      {
        actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
        resources: [pulumi.interpolate`${logs.arn}:*`],
      },
      ...secretStatements(args.secrets),
    ]),
    ...(args.statements === undefined || args.statements.length === 0
      ? []
      : [allow(context, "task-policy", taskRole, args.statements)]),
  ];
  const taskDefinition = new aws.ecs.TaskDefinition(
    context.child("task"),
    {
      family: setting.family,
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: String(size.cpuUnits),
      memory: String(size.memoryMiB),
      runtimePlatform: {
        operatingSystemFamily: "LINUX",
        cpuArchitecture: args.architecture === "x86_64" ? "X86_64" : "ARM64",
      },
      executionRoleArn: executionRole.arn,
      taskRoleArn: taskRole.arn,
      containerDefinitions: containerDefinitions(args, {
        logGroupName: logs.name,
        region: account.region,
        ...(setting.port !== undefined && { port: setting.port }),
        ...(setting.healthCommand !== undefined && { healthCommand: setting.healthCommand }),
      }),
      volumes: (args.temporaryPaths ?? []).toSorted().map((path) => ({ name: volumeOf(path) })),
      ...(args.ephemeralStorageGiB !== undefined && {
        ephemeralStorage: { sizeInGib: args.ephemeralStorageGiB },
      }),
      // ECS rolls back to an earlier revision, which must not have been deregistered by then.
      skipDestroy: true,
      tags: context.tags("task", {
        ...openingTag("root-user", args.rootUser),
        ...openingTag("writable-root-filesystem", args.writableRootFilesystem),
      }),
    },
    context.options(),
  );
  return { taskDefinition, taskRole, executionRole, logs, policies };
}

/** Environments of one account do not share a family. */
export function familyOf(name: string, { Environment }: Tags): string {
  return `${name}-${Environment.replaceAll(/[^\w-]+/g, "-").slice(0, 64)}`;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html has these conditions. */
function createRole(
  context: ComponentContext,
  role: string,
  description: string,
  { accountId, partition, region }: CallerAccount,
): aws.iam.Role {
  const trust = serviceTrust("ecs-tasks.amazonaws.com", {
    StringEquals: { "aws:SourceAccount": accountId },
    ArnLike: { "aws:SourceArn": pulumi.interpolate`arn:${partition}:ecs:${region}:${accountId}:*` },
  });
  return new aws.iam.Role(
    context.child(role),
    {
      description: `${description} (${context.name})`,
      assumeRolePolicy: policyDocument([trust]),
      tags: context.tags(role),
    },
    context.options(),
  );
}

function allow(
  context: ComponentContext,
  child: string,
  role: aws.iam.Role,
  statements: readonly PolicyStatement[],
): aws.iam.RolePolicy {
  return new aws.iam.RolePolicy(
    context.child(child),
    { role: role.id, policy: policyDocument(statements) },
    context.options(),
  );
}
