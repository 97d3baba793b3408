import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { callerAccount } from "../caller-account.ts";
import { ComponentContext } from "../component-context.ts";
import { type Cluster, createCluster } from "../ecs/cluster.ts";
import { createTask, familyOf, type Task } from "../ecs/task.ts";
import { createAlarms } from "../monitoring/alarms.ts";
import type { DashboardWidget } from "../monitoring/dashboard-widget.ts";
import type { SecurityGroupRef } from "../network/peer-access.ts";
import { type Autoscaling, createAutoscaling } from "./autoscaling.ts";
import { checkService } from "./check-service.ts";
import { shiftsTraffic } from "./deployment.ts";
import type { FargateServiceAlarm, FargateServiceArgs } from "./fargate-service-args.ts";
import { createLoadBalancer, type LoadBalancer } from "./load-balancer.ts";
import { createSecurityGroup } from "./network.ts";
import { createService } from "./service.ts";
import { requestAlarms, taskAlarms } from "./service-alarms.ts";
import { serviceWidgets } from "./service-widgets.ts";
import { createTrafficRole, type TrafficRole } from "./traffic-role.ts";

/** What other components need of a service: as a `SecurityGroupRef` a database lets it in. */
export interface FargateServiceRef extends SecurityGroupRef {
  readonly serviceName: pulumi.Input<string>;
  readonly clusterName: pulumi.Input<string>;
}

/** Where clients connect. */
export interface FargateLoadBalancer {
  readonly arn: pulumi.Output<string>;
  /** For an alias or CNAME of the certificate's name. */
  readonly dnsName: pulumi.Output<string>;
  /** For an alias of Route 53. */
  readonly zoneId: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;
  /** For rules of your own; the service's own has priority 1. */
  readonly httpsListenerArn: pulumi.Output<string>;
}

/** The resources of a `FargateService`. */
export interface FargateServiceNodes extends Autoscaling, Task {
  readonly service: aws.ecs.Service;
  readonly cluster: Cluster["nodes"];
  readonly securityGroup: aws.ec2.SecurityGroup;
  readonly loadBalancer?: LoadBalancer;
  /** Only with deployments that shift traffic. */
  readonly trafficRole?: TrafficRole;
  readonly alarms: ReadonlyMap<FargateServiceAlarm, aws.cloudwatch.MetricAlarm>;
}

/**
 * A container that runs on Fargate in private subnets, as many times as its load asks, behind HTTPS if anyone connects.
 *
 * Creates, named `${name}-…`: `service`, `task`, `task-role`, `execution-role` with `execution-policy`, `logs`,
 * `security-group` with its rules, `scaling`, `scale-cpu`, `scale-memory`, `cpu-alarm`, `memory-alarm`; `cluster` and
 * `capacity` (no cluster given), then `tasks-alarm` too (Container Insights); `task-policy` (`statements`); with a load
 * balancer `lb`, `lb-security-group` with its rules, `blue`, `green`, `https`, `http`, `rule`, `errors-alarm`,
 * `unavailable-alarm`, `latency-alarm`; `scale-requests`; `traffic-role` and `traffic-policy` (a deployment that shifts
 * traffic). A public load balancer's are named `public-…`.
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_TAGS} a required tag is missing, or a tag is not one that AWS takes.
 * @throws {INVALID_CIDR} a block of clients is malformed.
 * @throws {INVALID_ARGUMENT} any other argument is not valid; the message names it.
 */
export class FargateService extends pulumi.ComponentResource implements FargateServiceRef {
  readonly serviceName: pulumi.Output<string>;
  readonly serviceArn: pulumi.Output<string>;
  readonly clusterName: pulumi.Output<string>;
  readonly clusterArn: pulumi.Output<string>;
  /** Of the tasks. */
  readonly securityGroupId: pulumi.Output<string>;
  /** What the program acts as, for the policies of others. */
  readonly taskRoleArn: pulumi.Output<string>;
  readonly logGroupName: pulumi.Output<string>;
  /** Absent without a load balancer. */
  readonly loadBalancer?: FargateLoadBalancer;
  readonly nodes: FargateServiceNodes;

  constructor(name: string, args: FargateServiceArgs, options: pulumi.ComponentResourceOptions = {}) {
    const plan = checkService(name, args);
    super("groundplane:aws:FargateService", name, {}, options);

    const { tags, size, deployment } = plan;
    const context = new ComponentContext(name, this, tags);
    const cluster = createCluster(context, args.cluster, size.containerInsights);
    const { port, healthCommand } = args;
    const task = createTask(context, args, {
      ...{ size, account: callerAccount(context), family: familyOf(name, tags), protect: size.protect },
      ...(port !== undefined && { port }),
      ...(healthCommand !== undefined && { healthCommand }),
    });
    const loadBalancer =
      plan.loadBalancer === undefined
        ? undefined
        : createLoadBalancer(context, plan.loadBalancer, {
            vpc: args.vpc,
            deletionProtection: size.deletionProtection,
          });
    const trafficRole =
      loadBalancer !== undefined && shiftsTraffic(deployment)
        ? createTrafficRole(context, loadBalancer)
        : undefined;
    const securityGroup = createSecurityGroup(context, args, loadBalancer);
    const ofRequests =
      loadBalancer === undefined
        ? new Map<FargateServiceAlarm, aws.cloudwatch.MetricAlarm>()
        : createAlarms(context, requestAlarms(name, loadBalancer), args.alarms);
    const service = createService(context, args, plan, {
      ...{ cluster, task, securityGroup, loadBalancer, trafficRole },
      alarmNames: [
        ...[...ofRequests.values()].map((alarm) => alarm.name),
        ...(args.rollbackAlarmNames ?? []),
      ],
    });
    const { clusterName } = cluster;
    const autoscaling = createAutoscaling(context, args.scaling, {
      clusterName,
      service,
      loadBalancer,
      size,
    });
    const dimensions = { ClusterName: clusterName, ServiceName: service.name };
    const ofTasks = createAlarms(
      context,
      taskAlarms(name, dimensions, { minTasks: size.minTasks, insights: plan.insights }),
      args.alarms,
    );

    this.nodes = {
      ...{ service, cluster: cluster.nodes, securityGroup, ...task, ...autoscaling },
      ...(loadBalancer !== undefined && { loadBalancer }),
      ...(trafficRole !== undefined && { trafficRole }),
      alarms: new Map([...ofRequests, ...ofTasks]),
    };
    this.serviceName = service.name;
    this.serviceArn = service.arn;
    this.clusterName = clusterName;
    this.clusterArn = cluster.clusterArn;
    this.securityGroupId = securityGroup.id;
    this.taskRoleArn = task.taskRole.arn;
    this.logGroupName = task.logs.name;
    if (loadBalancer !== undefined) this.loadBalancer = outputsOf(loadBalancer);
    this.registerOutputs({
      ...this.ref,
      serviceArn: this.serviceArn,
      clusterArn: this.clusterArn,
      taskRoleArn: this.taskRoleArn,
      logGroupName: this.logGroupName,
      loadBalancer: this.loadBalancer,
    });
  }

  /** What other components need, without the rest: to export, or to pass on. */
  get ref(): { readonly [Name in keyof FargateServiceRef]: pulumi.Output<string> } {
    const { securityGroupId, serviceName, clusterName } = this;
    return { securityGroupId, serviceName, clusterName };
  }

  /** What is worth looking at, for a `Dashboard`. */
  widgets(): readonly DashboardWidget[] {
    const { clusterName, serviceName, nodes } = this;
    return serviceWidgets({
      clusterName,
      serviceName,
      arnSuffix: nodes.loadBalancer?.loadBalancer.arnSuffix,
    });
  }
}

function outputsOf({ loadBalancer, securityGroup, httpsListener }: LoadBalancer): FargateLoadBalancer {
  return {
    arn: loadBalancer.arn,
    dnsName: loadBalancer.dnsName,
    zoneId: loadBalancer.zoneId,
    securityGroupId: securityGroup.id,
    httpsListenerArn: httpsListener.arn,
  };
}
