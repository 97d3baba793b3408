import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ComponentContext } from "../component-context.ts";
import type { PolicyStatement } from "../iam/policy-statement.ts";
import { createAlarms } from "../monitoring/alarms.ts";
import type { DashboardMetric, DashboardWidget } from "../monitoring/dashboard-widget.ts";
import { allowInvokers, createAlias, createEvents, createUrl } from "./function-access.ts";
import { alarmSpecs } from "./function-alarms.ts";
import { codeInputs } from "./function-code.ts";
import { createNetwork, type FunctionNetwork } from "./function-network.ts";
import { createRole, type FunctionRole } from "./function-role.ts";
import type { LambdaFunctionAlarm, LambdaFunctionArgs, LambdaFunctionSize } from "./lambda-function-args.ts";
import { validate } from "./validation.ts";

/** What other components need of a function. */
export interface LambdaFunctionRef {
  readonly functionName: pulumi.Input<string>;
  readonly aliasName: pulumi.Input<string>;
  /** What others invoke. @format ARN of an alias */
  readonly aliasArn: pulumi.Input<string>;
}

/** The resources of a `LambdaFunction`. */
export interface LambdaFunctionNodes extends FunctionRole {
  readonly lambda: aws.lambda.Function;
  readonly alias: aws.lambda.Alias;
  readonly logGroup: aws.cloudwatch.LogGroup;
  readonly deadLetters: aws.sqs.Queue;
  readonly events: aws.lambda.FunctionEventInvokeConfig;
  readonly securityGroup?: aws.ec2.SecurityGroup;
  readonly url?: aws.lambda.FunctionUrl;
  /** By the names of `invokers`. */
  readonly permissions: ReadonlyMap<string, aws.lambda.Permission>;
  readonly alarms: ReadonlyMap<LambdaFunctionAlarm, aws.cloudwatch.MetricAlarm>;
}

/**
 * A Lambda function under an alias that shifts between versions, with a role of its own, logs that end, and a queue for
 * events that failed.
 *
 * Creates, named `${name}-…`: `function`, `alias`, `role`, `policy`, `logs`, `dead-letters`, `events`, and the alarms
 * `errors-alarm`, `throttles-alarm`, `duration-alarm`, `dead-letters-alarm`; when asked for, `security-group` (in a
 * VPC), `url`, and `invoke-…` for each of `invokers`.
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_TAGS} a required tag is missing, or a tag is not one that AWS takes.
 * @throws {INVALID_ARGUMENT} any other argument is not valid; the message names it.
 */
export class LambdaFunction extends pulumi.ComponentResource implements LambdaFunctionRef {
  readonly functionName: pulumi.Output<string>;
  /** Without a version. */
  readonly functionArn: pulumi.Output<string>;
  readonly aliasName: pulumi.Output<string>;
  readonly aliasArn: pulumi.Output<string>;
  /** For API Gateway. @format ARN */
  readonly invokeArn: pulumi.Output<string>;
  /** The newest that was published. */
  readonly version: pulumi.Output<string>;
  readonly roleArn: pulumi.Output<string>;
  readonly roleName: pulumi.Output<string>;
  readonly logGroupName: pulumi.Output<string>;
  readonly deadLetterQueueUrl: pulumi.Output<string>;
  readonly deadLetterQueueArn: pulumi.Output<string>;
  /** Absent outside of a VPC, and with groups that were given. */
  readonly securityGroupId?: pulumi.Output<string>;
  /** Absent without `iamUrl`. */
  readonly url?: pulumi.Output<string>;
  readonly nodes: LambdaFunctionNodes;

  constructor(name: string, args: LambdaFunctionArgs, options: pulumi.ComponentResourceOptions = {}) {
    const { tags, size } = validate(name, args);
    super("groundplane:aws:LambdaFunction", name, {}, options);

    const context = new ComponentContext(name, this, tags);
    const logGroup = createLogGroup(context, args, size);
    const deadLetters = createDeadLetters(context, args);
    const role = createRole(context, args, logGroup, deadLetters);
    const network = createNetwork(context, args);
    const lambda = createFunction(context, args, size, { ...role, logGroup, ...network });
    const alias = createAlias(context, args, lambda);
    const events = createEvents(context, args, lambda, alias, deadLetters, role);
    const url = createUrl(context, args, lambda, alias);
    const permissions = allowInvokers(context, args, lambda, alias);
    const specs = alarmSpecs(name, lambda, deadLetters, size.timeoutSeconds);
    const alarms = createAlarms(context, specs, args.alarms);

    this.nodes = {
      lambda,
      alias,
      ...role,
      logGroup,
      deadLetters,
      events,
      ...(network.securityGroup && { securityGroup: network.securityGroup }),
      ...(url && { url }),
      permissions,
      alarms,
    };
    this.functionName = lambda.name;
    this.functionArn = lambda.arn;
    this.aliasName = alias.name;
    this.aliasArn = alias.arn;
    this.invokeArn = alias.invokeArn;
    this.version = lambda.version;
    this.roleArn = role.role.arn;
    this.roleName = role.role.name;
    this.logGroupName = logGroup.name;
    this.deadLetterQueueUrl = deadLetters.url;
    this.deadLetterQueueArn = deadLetters.arn;
    if (network.securityGroup) this.securityGroupId = network.securityGroup.id;
    if (url) this.url = url.functionUrl;
    this.registerOutputs({
      ...this.ref,
      functionArn: this.functionArn,
      invokeArn: this.invokeArn,
      version: this.version,
      roleArn: this.roleArn,
      roleName: this.roleName,
      logGroupName: this.logGroupName,
      deadLetterQueueUrl: this.deadLetterQueueUrl,
      deadLetterQueueArn: this.deadLetterQueueArn,
      ...(this.securityGroupId && { securityGroupId: this.securityGroupId }),
      ...(this.url && { url: this.url }),
    });
  }

  /** What other components need, without the rest: to export, or to pass on. */
  get ref() {
    const { functionName, aliasName, aliasArn } = this;
    return { functionName, aliasName, aliasArn };
  }

  /** The rights of who invokes it, through its alias. */
  invokeStatements(): readonly PolicyStatement[] {
    return [{ actions: ["lambda:InvokeFunction"], resources: [this.aliasArn] }];
  }

  /** The rights of who calls its URL. */
  urlStatements(): readonly PolicyStatement[] {
    const resources = [this.aliasArn];
    // Both, since October 2025: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
    return [
      { actions: ["lambda:InvokeFunctionUrl"], resources },
      {
        actions: ["lambda:InvokeFunction"],
        resources,
        conditions: { Bool: { "lambda:InvokedViaFunctionUrl": "true" } },
      },
    ];
  }

  /** How often it runs and fails, how long it takes, and how many run at once. */
  widgets(): readonly DashboardWidget[] {
    const metric = (name: string, statistic: string): DashboardMetric => ({
      namespace: "AWS/Lambda",
      metric: name,
      dimensions: { FunctionName: this.functionName },
      statistic,
      label: `${name} ${statistic}`,
    });
    return [
      {
        title: "Invocations",
        metrics: [metric("Invocations", "Sum"), metric("Errors", "Sum"), metric("Throttles", "Sum")],
      },
      { title: "Milliseconds", metrics: [metric("Duration", "p50"), metric("Duration", "p99")] },
      { title: "At once", metrics: [metric("ConcurrentExecutions", "Maximum")] },
    ];
  }
}

function createLogGroup(
  context: ComponentContext,
  { kmsKeyArn }: LambdaFunctionArgs,
  { logRetentionDays }: LambdaFunctionSize,
): aws.cloudwatch.LogGroup {
  return new aws.cloudwatch.LogGroup(
    context.child("logs"),
    {
      retentionInDays: logRetentionDays,
      ...(kmsKeyArn !== undefined && { kmsKeyId: kmsKeyArn }),
      tags: context.tags("logs"),
    },
    context.options(),
  );
}

function createDeadLetters(
  context: ComponentContext,
  { kmsKeyArn, deadLetterDays = 14 }: LambdaFunctionArgs,
): aws.sqs.Queue {
  return new aws.sqs.Queue(
    context.child("dead-letters"),
    {
      messageRetentionSeconds: deadLetterDays * 86_400,
      // The function sends here by itself; no queue may leave its own failures among them.
      redriveAllowPolicy: JSON.stringify({ redrivePermission: "denyAll" }),
      ...(kmsKeyArn === undefined ? { sqsManagedSseEnabled: true } : { kmsMasterKeyId: kmsKeyArn }),
      tags: context.tags("dead-letters"),
    },
    context.options(),
  );
}

function createFunction(
  context: ComponentContext,
  args: LambdaFunctionArgs,
  size: LambdaFunctionSize,
  parts: FunctionRole & FunctionNetwork & { readonly logGroup: aws.cloudwatch.LogGroup },
): aws.lambda.Function {
  return new aws.lambda.Function(
    context.child("function"),
    {
      ...(args.functionName !== undefined && { name: args.functionName }),
      ...(args.description !== undefined && { description: args.description }),
      ...codeInputs(args.code),
      architectures: [args.architecture ?? "arm64"],
      memorySize: size.memoryMiB,
      timeout: size.timeoutSeconds,
      ephemeralStorage: { size: args.temporaryStorageMiB ?? 512 },
      role: parts.role.arn,
      // Each change is a version of its own, so that the alias can go back.
      publish: true,
      // The provider reads an empty set of variables as none, and would find a difference each time.
      ...(Object.keys(args.environment ?? {}).length > 0 && {
        environment: { variables: { ...args.environment } },
      }),
      loggingConfig: { logFormat: "JSON", logGroup: parts.logGroup.name },
      tracingConfig: { mode: (args.tracing ?? true) ? "Active" : "PassThrough" },
      // -1: as many as the account has.
      reservedConcurrentExecutions: args.reservedConcurrency ?? -1,
      ...(parts.vpcConfig && { vpcConfig: parts.vpcConfig }),
      ...(args.kmsKeyArn !== undefined && { kmsKeyArn: args.kmsKeyArn }),
      tags: context.tags("function"),
    },
    // Lambda tries the role's rights when it attaches to a VPC.
    context.options({ dependsOn: [parts.policy] }),
  );
}
