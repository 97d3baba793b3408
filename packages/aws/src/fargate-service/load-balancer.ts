import * as aws from "@pulumi/aws";
import type { ComponentContext } from "../component-context.ts";
import { openingTag } from "../opening.ts";
import type { VpcRef } from "../vpc/vpc-ref.ts";
import type { LoadBalancerArgs } from "./load-balancer-args.ts";
import { namePrefix } from "./name-prefix.ts";

export interface LoadBalancer {
  readonly loadBalancer: aws.lb.LoadBalancer;
  readonly securityGroup: aws.ec2.SecurityGroup;
  /** `blue` serves first; deployments that shift traffic use both in turn. */
  readonly targetGroups: Readonly<Record<"blue" | "green", aws.lb.TargetGroup>>;
  readonly httpsListener: aws.lb.Listener;
  readonly redirectListener: aws.lb.Listener;
  /** Sends all requests to the target groups; ECS moves its weights. */
  readonly rule: aws.lb.ListenerRule;
}

interface LoadBalancerSetting {
  readonly vpc: VpcRef;
  readonly deletionProtection: boolean;
}

/** TLS 1.3, and 1.2 with forward secrecy: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html */
const SSL_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06";

/**
 * Creates `lb-security-group` with its rules, `lb`, `blue`, `green`, `https`, `http` and `rule`; all named `public-…`
 * when it is public: a target group serves one load balancer, so that the other kind needs a set of its own. Both
 * target groups are always there: they cost nothing, and another kind of deployment changes nothing but the service.
 */
export function createLoadBalancer(
  context: ComponentContext,
  args: LoadBalancerArgs,
  setting: LoadBalancerSetting,
): LoadBalancer {
  const { vpc } = setting;
  const isPublic = args.public !== undefined;
  const role = roleOf(args);
  const securityGroup = new aws.ec2.SecurityGroup(
    context.child(role("lb-security-group")),
    {
      description: `Load balancer of ${context.name}`,
      vpcId: vpc.vpcId,
      tags: context.tags(role("lb-security-group"), openingTag("public-load-balancer", args.public)),
    },
    context.options(),
  );
  letClientsIn(context, args, vpc, securityGroup);
  const loadBalancer = new aws.lb.LoadBalancer(
    context.child(role("lb")),
    {
      namePrefix: namePrefix(context.name),
      loadBalancerType: "application",
      internal: !isPublic,
      subnets: isPublic ? vpc.publicSubnetIds : vpc.privateSubnetIds,
      securityGroups: [securityGroup.id],
      dropInvalidHeaderFields: true,
      desyncMitigationMode: "defensive",
      enableDeletionProtection: setting.deletionProtection,
      idleTimeout: args.idleTimeoutSeconds ?? 60,
      ...(args.accessLogs !== undefined && {
        accessLogs: {
          bucket: args.accessLogs.bucketName,
          ...(args.accessLogs.prefix !== undefined && { prefix: args.accessLogs.prefix }),
          enabled: true,
        },
      }),
      tags: context.tags(role("lb"), openingTag("public-load-balancer", args.public)),
    },
    context.options(),
  );
  const targetGroups = {
    blue: createTargetGroup(context, "blue", args, setting),
    green: createTargetGroup(context, "green", args, setting),
  };
  return {
    loadBalancer,
    securityGroup,
    targetGroups,
    ...createListeners(context, args, loadBalancer, targetGroups),
  };
}

const roleOf = (args: LoadBalancerArgs) => (role: string) =>
  args.public === undefined ? role : `public-${role}`;

function letClientsIn(
  context: ComponentContext,
  args: LoadBalancerArgs,
  vpc: VpcRef,
  securityGroup: aws.ec2.SecurityGroup,
): void {
  const anywhere = "0.0.0.0/0";
  const blocks = args.clientCidrBlocks ?? (args.public === undefined ? undefined : [anywhere]);
  const clients =
    blocks === undefined
      ? [{ id: "vpc", cidrIpv4: vpc.cidrBlock }]
      : [...new Set(blocks)].map((block) => ({
          id: block === anywhere ? "anywhere" : block.replaceAll(/[./]/g, "-"),
          cidrIpv4: block,
        }));
  for (const { id, cidrIpv4 } of clients) {
    for (const [scheme, port] of [
      ["http", 80],
      ["https", 443],
    ] as const) {
      const role = roleOf(args)(`lb-${scheme}-from-${id}`);
      new aws.vpc.SecurityGroupIngressRule(
        context.child(role),
        {
          securityGroupId: securityGroup.id,
          description: scheme === "http" ? "HTTP, to be sent to HTTPS" : "HTTPS of clients",
          ...{ ipProtocol: "tcp", fromPort: port, toPort: port, cidrIpv4 },
          tags: context.tags(role, openingTag("public-load-balancer", args.public)),
        },
        context.options(),
      );
    }
  }
}

function createTargetGroup(
  context: ComponentContext,
  colour: "blue" | "green",
  args: LoadBalancerArgs,
  { vpc }: LoadBalancerSetting,
): aws.lb.TargetGroup {
  const role = roleOf(args)(colour);
  return new aws.lb.TargetGroup(
    context.child(role),
    {
      namePrefix: namePrefix(context.name),
      vpcId: vpc.vpcId,
      targetType: "ip",
      protocol: "HTTP",
      // ECS registers each task with the port of its container. This one is required, and would replace the group.
      port: 80,
      deregistrationDelay: args.drainSeconds ?? 30,
      healthCheck: {
        enabled: true,
        protocol: "HTTP",
        path: args.healthPath ?? "/",
        matcher: args.healthyCodes ?? "200-299",
        interval: 15,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
      },
      tags: context.tags(role),
    },
    context.options(),
  );
}

function createListeners(
  context: ComponentContext,
  args: LoadBalancerArgs,
  loadBalancer: aws.lb.LoadBalancer,
  { blue, green }: LoadBalancer["targetGroups"],
): Pick<LoadBalancer, "httpsListener" | "redirectListener" | "rule"> {
  const role = roleOf(args);
  const redirectListener = new aws.lb.Listener(
    context.child(role("http")),
    {
      loadBalancerArn: loadBalancer.arn,
      port: 80,
      protocol: "HTTP",
      defaultActions: [
        { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } },
      ],
      tags: context.tags(role("http")),
    },
    context.options(),
  );
  const httpsListener = new aws.lb.Listener(
    context.child(role("https")),
    {
      loadBalancerArn: loadBalancer.arn,
      port: 443,
      protocol: "HTTPS",
      sslPolicy: SSL_POLICY,
      certificateArn: args.certificateArn,
      // ECS shifts traffic by the weights of a rule; what no rule takes gets an answer that says nothing.
      defaultActions: [
        { type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "404" } },
      ],
      tags: context.tags(role("https")),
    },
    context.options(),
  );
  const rule = new aws.lb.ListenerRule(
    context.child(role("rule")),
    {
      listenerArn: httpsListener.arn,
      priority: 1,
      conditions: [{ pathPattern: { values: ["/*"] } }],
      actions: [
        {
          type: "forward",
          forward: {
            targetGroups: [
              { arn: blue.arn, weight: 100 },
              { arn: green.arn, weight: 0 },
            ],
          },
        },
      ],
      tags: context.tags(role("rule")),
    },
    // The weights are where the last deployment left them: setting them back would send traffic to no task.
    context.options({ ignoreChanges: ["actions"] }),
  );
  return { httpsListener, redirectListener, rule };
}
