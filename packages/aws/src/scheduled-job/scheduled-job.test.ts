import { describe, expect, test } from "vitest";
import { record, resolved } from "../../../../test/recording-mocks.ts";
import { ScheduledJob } from "./scheduled-job.ts";
import type { ScheduledJobArgs, TaskJob } from "./scheduled-job-args.ts";

const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const functionArn = "arn:aws:lambda:eu-central-1:123456789012:function:clean-up:live";
const run: TaskJob = {
  type: "task",
  image: "ghcr.io/acme/clean-up:1.4.2",
  vpc: {
    vpcId: "vpc-1",
    cidrBlock: "10.0.0.0/16",
    publicSubnetIds: [],
    privateSubnetIds: ["subnet-a", "subnet-b"],
    isolatedSubnetIds: [],
  },
};

async function create(args: Partial<ScheduledJobArgs> = {}) {
  const recording = await record(
    (options) => new ScheduledJob("nightly", { schedule: "rate(1 hour)", run, tags, ...args }, options),
    ({ name, type }) => ({
      arn: type.endsWith(":Cluster") ? `arn:aws:ecs:eu-central-1:1:cluster/${name}` : `arn:${name}`,
      arnWithoutRevision: `arn:${name}`,
      url: `url:${name}`,
      name,
    }),
  );
  const inputs = (role: string) =>
    recording.resources.find(({ name }) => name === `nightly-${role}`)?.inputs ?? {};
  const statements = (role: string, property = "policy") =>
    JSON.parse(String(inputs(role)[property])).Statement;
  return { ...recording, inputs, statements };
}

describe("ScheduledJob", () => {
  test("starts one task in private subnets, three more times if it must, and keeps what failed", async () => {
    const { inputs, children, component } = await create({ timeZone: "Europe/Berlin", windowMinutes: 10 });
    expect(inputs("schedule")).toEqual({
      groupName: "nightly-group",
      description: "Starts nightly",
      scheduleExpression: "rate(1 hour)",
      scheduleExpressionTimezone: "Europe/Berlin",
      flexibleTimeWindow: { mode: "FLEXIBLE", maximumWindowInMinutes: 10 },
      state: "ENABLED",
      target: {
        arn: "arn:aws:ecs:eu-central-1:1:cluster/nightly-cluster",
        roleArn: "arn:nightly-role",
        deadLetterConfig: { arn: "arn:nightly-failures" },
        retryPolicy: { maximumRetryAttempts: 3, maximumEventAgeInSeconds: 3600 },
        ecsParameters: {
          taskDefinitionArn: "arn:nightly-task",
          taskCount: 1,
          launchType: "FARGATE",
          networkConfiguration: {
            subnets: ["subnet-a", "subnet-b"],
            securityGroups: ["nightly-security-group-id"],
            assignPublicIp: false,
          },
          enableEcsManagedTags: true,
          propagateTags: "TASK_DEFINITION",
        },
      },
    });
    expect(await resolved(component.peer.securityGroupId)).toBe("nightly-security-group-id");
    expect(inputs("failures")).toMatchObject({
      messageRetentionSeconds: 1_209_600,
      sqsManagedSseEnabled: true,
      redriveAllowPolicy: '{"redrivePermission":"denyAll"}',
    });
    const isProtected = children.filter(({ options }) => options.protect).map(({ name }) => name);
    expect(isProtected).toEqual(["nightly-failures", "nightly-logs"]);
  });

  test("may start its own task in its own cluster, and hand on its two roles to nothing but ECS", async () => {
    const { statements } = await create();
    expect(statements("policy")).toEqual([
      {
        Effect: "Allow",
        Action: ["ecs:RunTask"],
        Resource: ["arn:nightly-task:*"],
        Condition: { ArnEquals: { "ecs:cluster": "arn:aws:ecs:eu-central-1:1:cluster/nightly-cluster" } },
      },
      {
        Effect: "Allow",
        Action: ["ecs:TagResource"],
        Resource: ["arn:aws:ecs:eu-central-1:1:task/nightly-cluster/*"],
        Condition: { StringEquals: { "ecs:CreateAction": "RunTask" } },
      },
      {
        Effect: "Allow",
        Action: ["iam:PassRole"],
        Resource: ["arn:nightly-task-role", "arn:nightly-execution-role"],
        Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
      },
      { Effect: "Allow", Action: ["sqs:SendMessage"], Resource: ["arn:nightly-failures"] },
    ]);
    expect(statements("role", "assumeRolePolicy")).toEqual([
      {
        Effect: "Allow",
        Principal: { Service: "scheduler.amazonaws.com" },
        Action: ["sts:AssumeRole"],
        Condition: { ArnEquals: { "aws:SourceArn": "arn:nightly-group" } },
      },
    ]);
  });

  test("puts a task that ended badly into the queue of failures, and wakes someone", async () => {
    const topic = { topicArn: "arn:aws:sns:eu-central-1:1:on-call" };
    const { inputs, statements } = await create({ alarms: { topic } });
    expect(JSON.parse(String(inputs("ended")["eventPattern"]))).toEqual({
      source: ["aws.ecs"],
      "detail-type": ["ECS Task State Change"],
      detail: {
        lastStatus: ["STOPPED"],
        clusterArn: ["arn:aws:ecs:eu-central-1:1:cluster/nightly-cluster"],
        taskDefinitionArn: [{ prefix: "arn:nightly-task:" }],
        $or: [{ containers: { exitCode: [{ "anything-but": [0] }] } }, { stopCode: ["TaskFailedToStart"] }],
      },
    });
    expect(inputs("ended-target")).toEqual({ rule: "nightly-ended", arn: "arn:nightly-failures" });
    expect(statements("failures-policy")).toEqual([
      {
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: ["sqs:SendMessage"],
        Resource: ["arn:nightly-failures"],
        Condition: { ArnEquals: { "aws:SourceArn": "arn:nightly-ended" } },
      },
    ]);
    expect(inputs("failures-alarm")).toMatchObject({
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: "nightly-failures" },
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      alarmActions: [topic.topicArn],
    });
  });

  test("calls a function, may call no other, and watches its errors", async () => {
    const { inputs, statements, resources, component } = await create({
      run: { type: "function", functionArn, input: '{"size":1}' },
      paused: true,
    });
    expect(inputs("schedule")).toMatchObject({
      state: "DISABLED",
      target: { arn: functionArn, input: '{"size":1}' },
    });
    expect(statements("policy")[0]).toEqual({
      Effect: "Allow",
      Action: ["lambda:InvokeFunction"],
      Resource: [functionArn],
    });
    expect(inputs("errors-alarm")["dimensions"]).toEqual({ FunctionName: "clean-up" });
    expect(resources.filter(({ type }) => type.startsWith("aws:ecs/"))).toEqual([]);
    expect(component.securityGroupId).toBeUndefined();
    expect(() => component.peer).toThrow("let in the security group of that function");
    expect(component.widgets()[0]?.metrics.map(({ metric }) => metric)).toEqual([
      "Invocations",
      "Errors",
      "ApproximateNumberOfMessagesVisible",
    ]);
  });

  test.each<[Partial<ScheduledJobArgs>, string]>([
    [{ schedule: "0 3 * * *" }, 'schedule is "0 3 * * *"'],
    [{ timeZone: "Nowhere" }, 'timeZone is "Nowhere"'],
    [{ windowMinutes: 0 }, "windowMinutes is 0"],
    [{ retries: 186 }, "retries is 186"],
    [{ maxAgeSeconds: 30 }, "maxAgeSeconds is 30"],
    [{ run: { ...run, image: "clean-up:latest" } }, "not one image for good"],
    [{ run: { ...run, cpuUnits: 256, memoryMiB: 4096 } }, "memoryMiB is 4096"],
    [{ run: { type: "function", functionArn: "clean-up" } }, 'run.functionArn is "clean-up"'],
    [{ run: { type: "function", functionArn, input: "{" } }, "run.input is no JSON"],
    [{ alarms: { thresholds: { errors: 1 } } }, "choose one of failures"],
  ])("refuses %o before anything is made", async (args, message) => {
    await expect(create(args)).rejects.toThrow(message);
  });
});
