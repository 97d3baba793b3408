import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ComponentContext } from "../component-context.ts";
import { policyDocument } from "../iam/policy-statement.ts";
import type { TaskTarget } from "./job-target.ts";

const FOURTEEN_DAYS = 14 * 24 * 3600;

/** Creates `failures`: a queue for runs that could not be started, and for tasks that ended badly. */
export function createFailureQueue(context: ComponentContext, protect: boolean): aws.sqs.Queue {
  return new aws.sqs.Queue(
    context.child("failures"),
    {
      messageRetentionSeconds: FOURTEEN_DAYS,
      sqsManagedSseEnabled: true,
      // It is the end of the line, and of no other queue.
      redriveAllowPolicy: JSON.stringify({ redrivePermission: "denyAll" }),
      tags: context.tags("failures"),
    },
    context.options({ protect }),
  );
}

export interface EndedTasks {
  readonly rule: aws.cloudwatch.EventRule;
  readonly target: aws.cloudwatch.EventTarget;
}

/**
 * The scheduler only starts a task: how it ended is an event of ECS. Creates `ended`, `ended-target` and
 * `failures-policy`, which put a task that failed into the queue.
 */
export function watchEndedTasks(
  context: ComponentContext,
  queue: aws.sqs.Queue,
  { clusterArn, taskDefinition }: TaskTarget,
): EndedTasks {
  const rule = new aws.cloudwatch.EventRule(
    context.child("ended"),
    {
      description: `Tasks of ${context.name} that ended with an error, or did not start`,
      eventPattern: pulumi.jsonStringify({
        source: ["aws.ecs"],
        "detail-type": ["ECS Task State Change"],
        detail: {
          lastStatus: ["STOPPED"],
          clusterArn: [clusterArn],
          taskDefinitionArn: [{ prefix: pulumi.interpolate`${taskDefinition.arnWithoutRevision}:` }],
          $or: [
            { containers: { exitCode: [{ "anything-but": [0] }] } },
            // It never started: no container has an exit code then.
            { stopCode: ["TaskFailedToStart"] },
          ],
        },
      }),
      tags: context.tags("ended"),
    },
    context.options(),
  );
  const policy = new aws.sqs.QueuePolicy(
    context.child("failures-policy"),
    {
      queueUrl: queue.url,
      policy: policyDocument([
        {
          actions: ["sqs:SendMessage"],
          resources: [queue.arn],
          principals: { Service: "events.amazonaws.com" },
          conditions: { ArnEquals: { "aws:SourceArn": rule.arn } },
        },
      ]),
    },
    context.options(),
  );
  const target = new aws.cloudwatch.EventTarget(
    context.child("ended-target"),
    { rule: rule.name, arn: queue.arn },
    context.options({ dependsOn: [policy] }),
  );
  return { rule, target };
}
