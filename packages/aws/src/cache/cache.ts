import { checkOneOf, invalidArgument } from "@groundplane/contracts";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arnScope } from "../arn.ts";
import { ComponentContext } from "../component-context.ts";
import type { PolicyStatement } from "../iam/policy-statement.ts";
import { createAlarms } from "../monitoring/alarms.ts";
import type { DashboardWidget } from "../monitoring/dashboard-widget.ts";
import { createPeerSecurityGroup, type SecurityGroupRef } from "../network/peer-access.ts";
import { cacheAlarms, cacheWidgets, nodeIds } from "./cache-alarms.ts";
import type { CacheArgs } from "./cache-args.ts";
import { type CachePlan, planCache } from "./cache-plan.ts";
import { type CacheUsers, createUsers } from "./cache-users.ts";

/** What other components need of a cache. */
export interface CacheRef {
  /** Where to write, by TLS: the primary, whichever node that is. */
  readonly endpoint: pulumi.Input<string>;
  /** Where to read, spread over the replicas; the primary where there are none. */
  readonly readerEndpoint: pulumi.Input<string>;
  readonly port: pulumi.Input<number>;
}

/** The resources of a `Cache`. */
export interface CacheNodes {
  readonly replicationGroup: aws.elasticache.ReplicationGroup;
  readonly subnetGroup: aws.elasticache.SubnetGroup;
  readonly parameterGroup: aws.elasticache.ParameterGroup;
  readonly securityGroup: aws.ec2.SecurityGroup;
  readonly users: CacheUsers;
  readonly slowLog: aws.cloudwatch.LogGroup;
  /** By node and alarm: `node-1-memory`. */
  readonly alarms: ReadonlyMap<string, aws.cloudwatch.MetricAlarm>;
}

/**
 * A Valkey or Redis cache that only its peers reach, by TLS and with a login.
 *
 * Creates, named `${name}-…`: `cache`, the replication group; `subnets`, `parameters`; `access` with `access-from-…`
 * (`allowFrom`); `users` with `user-…` for each user, and `default-user` of Redis; `slow-log`; for each node its
 * alarms, `node-1-cpu-alarm` …
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_TAGS} a required tag is missing, or a tag is not one that AWS takes.
 * @throws {INVALID_ARGUMENT} the name is longer than 26, or any other argument is not valid; the message names it.
 */
export class Cache extends pulumi.ComponentResource implements CacheRef, SecurityGroupRef {
  readonly replicationGroupId: pulumi.Output<string>;
  readonly replicationGroupArn: pulumi.Output<string>;
  readonly endpoint: pulumi.Output<string>;
  readonly readerEndpoint: pulumi.Output<string>;
  readonly port: pulumi.Output<number>;
  /** What each user logs in as, by the name that you gave. */
  readonly userNames: Readonly<Record<string, pulumi.Output<string>>>;
  readonly securityGroupId: pulumi.Output<string>;
  readonly nodes: CacheNodes;
  readonly #name: string;
  readonly #plan: CachePlan;

  constructor(name: string, args: CacheArgs, options: pulumi.ComponentResourceOptions = {}) {
    const plan = planCache(name, args);
    super("groundplane:aws:Cache", name, {}, options);

    const context = new ComponentContext(name, this, plan.tags);
    this.nodes = createNodes(context, args, plan, (role) => new ComponentContext(role, this, plan.tags));
    const { replicationGroup, securityGroup, users } = this.nodes;
    this.#name = name;
    this.#plan = plan;
    // In ElastiCache the identifier is the id.
    this.replicationGroupId = replicationGroup.id;
    this.replicationGroupArn = replicationGroup.arn;
    this.endpoint = replicationGroup.primaryEndpointAddress;
    this.readerEndpoint = replicationGroup.readerEndpointAddress;
    this.port = pulumi.output(plan.port);
    this.userNames = Object.fromEntries([...users.users].map(([user, { userName }]) => [user, userName]));
    this.securityGroupId = securityGroup.id;
    this.registerOutputs({
      ...this.ref,
      replicationGroupId: this.replicationGroupId,
      replicationGroupArn: this.replicationGroupArn,
      userNames: this.userNames,
      securityGroupId: this.securityGroupId,
    });
  }

  /** What other components need, without the rest: to export, or to pass on. */
  get ref(): {
    readonly endpoint: pulumi.Output<string>;
    readonly readerEndpoint: pulumi.Output<string>;
    readonly port: pulumi.Output<number>;
  } {
    const { endpoint, readerEndpoint, port } = this;
    return { endpoint, readerEndpoint, port };
  }

  /**
   * The rights of who logs in by IAM as this user.
   *
   * @throws {INVALID_ARGUMENT} there is no such user, or it logs in with a password.
   */
  connectStatements(user: string): readonly PolicyStatement[] {
    const { users } = this.nodes.users;
    checkOneOf("user", user, [...users.keys()]);
    const found = users.get(user);
    if (found === undefined || this.#plan.users[user]?.passwords !== undefined)
      throw invalidArgument(`the user ${user} logs in with a password, which needs no rights`, { user });
    const userArn = pulumi.all([this.replicationGroupArn, found.userId]).apply(([arn, id]) => {
      const { partition, region, accountId } = arnScope(arn);
      return `arn:${partition}:elasticache:${region}:${accountId}:user:${id}`;
    });
    return [{ actions: ["elasticache:Connect"], resources: [this.replicationGroupArn, userArn] }];
  }

  /** What is worth looking at first. */
  widgets(): readonly DashboardWidget[] {
    return cacheWidgets(this.#name, nodeIds(this.#plan, this.replicationGroupId));
  }
}

function createNodes(
  context: ComponentContext,
  args: CacheArgs,
  plan: CachePlan,
  contextOf: (name: string) => ComponentContext,
): CacheNodes {
  const subnetGroup = createSubnetGroup(context, args);
  const parameterGroup = createParameterGroup(context, args, plan);
  const securityGroup = createPeerSecurityGroup(context, {
    role: "access",
    description: "Who may connect to a cache",
    vpcId: args.network.vpcId,
    port: plan.port,
    peers: args.allowFrom ?? {},
  });
  const users = createUsers(context, plan, subnetGroup);
  const slowLog = new aws.cloudwatch.LogGroup(
    context.child("slow-log"),
    { retentionInDays: plan.logRetentionDays, tags: context.tags("slow-log") },
    context.options(),
  );
  const parts = { subnetGroup, parameterGroup, securityGroup, users, slowLog };
  const replicationGroup = createReplicationGroup(context, args, plan, parts);
  const alarms = nodeIds(plan, replicationGroup.id).flatMap((node, at) => {
    const ofNode = contextOf(context.child(`node-${at + 1}`));
    return [...createAlarms(ofNode, cacheAlarms(ofNode, plan, node), args.alarms)].map(
      ([id, alarm]) => [`node-${at + 1}-${id}`, alarm] as const,
    );
  });
  return { ...parts, replicationGroup, alarms: new Map(alarms) };
}

function createSubnetGroup(context: ComponentContext, args: CacheArgs): aws.elasticache.SubnetGroup {
  const { identifiers = {}, adopt = false } = args;
  return new aws.elasticache.SubnetGroup(
    context.child("subnets"),
    {
      ...(identifiers.subnetGroup !== undefined && { name: identifiers.subnetGroup }),
      subnetIds: args.subnetIds ?? args.network.isolatedSubnetIds,
      description: `Where the cache ${context.name} may run`,
      tags: context.tags("subnets"),
    },
    context.adopted(adopt ? identifiers.subnetGroup : undefined, ["description", "subnetIds", "tags"]),
  );
}

function createParameterGroup(
  context: ComponentContext,
  { parameters = {} }: CacheArgs,
  { family, evictionPolicy }: CachePlan,
): aws.elasticache.ParameterGroup {
  return new aws.elasticache.ParameterGroup(
    context.child("parameters"),
    {
      family,
      description: `Of the cache ${context.name}`,
      parameters: Object.entries({ ...parameters, "maxmemory-policy": evictionPolicy })
        .map(([name, value]) => ({ name, value }))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      tags: context.tags("parameters"),
    },
    context.options(),
  );
}

function createReplicationGroup(
  context: ComponentContext,
  args: CacheArgs,
  plan: CachePlan,
  parts: Pick<CacheNodes, "subnetGroup" | "parameterGroup" | "securityGroup" | "users" | "slowLog">,
): aws.elasticache.ReplicationGroup {
  const { identifiers = {}, adopt = false, kmsKeyArn, snapshotWindow, maintenanceWindow } = args;
  return new aws.elasticache.ReplicationGroup(
    context.child("cache"),
    {
      ...(identifiers.replicationGroup !== undefined && {
        replicationGroupId: identifiers.replicationGroup,
      }),
      description: `Cache ${context.name}`,
      engine: plan.engine,
      engineVersion: plan.engineVersion,
      // A version that AWS raised would differ from the one given, and going back to that replaces the cache.
      autoMinorVersionUpgrade: false,
      nodeType: plan.nodeType,
      numCacheClusters: plan.replicas + 1,
      automaticFailoverEnabled: plan.replicas > 0,
      multiAzEnabled: plan.replicas > 0,
      port: plan.port,
      parameterGroupName: parts.parameterGroup.name,
      subnetGroupName: parts.subnetGroup.name,
      securityGroupIds: [parts.securityGroup.id],
      userGroupIds: [parts.users.group.userGroupId],
      atRestEncryptionEnabled: true,
      ...(kmsKeyArn !== undefined && { kmsKeyId: kmsKeyArn }),
      transitEncryptionEnabled: true,
      transitEncryptionMode: "required",
      snapshotRetentionLimit: plan.snapshotRetentionDays,
      ...(snapshotWindow !== undefined && { snapshotWindow }),
      ...(maintenanceWindow !== undefined && { maintenanceWindow }),
      ...(plan.finalSnapshot && { finalSnapshotIdentifier: finalSnapshot(parts.subnetGroup) }),
      logDeliveryConfigurations: [
        {
          destination: parts.slowLog.name,
          destinationType: "cloudwatch-logs",
          logFormat: "json",
          logType: "slow-log",
        },
      ],
      applyImmediately: plan.applyImmediately,
      tags: context.tags("cache"),
    },
    context.adopted(
      adopt ? identifiers.replicationGroup : undefined,
      [
        ...["description", "engineVersion", "autoMinorVersionUpgrade", "nodeType", "numCacheClusters"],
        ...["automaticFailoverEnabled", "multiAzEnabled", "parameterGroupName", "securityGroupIds"],
        ...["userGroupIds", "transitEncryptionMode", "snapshotRetentionLimit"],
        ...["snapshotWindow", "maintenanceWindow", "finalSnapshotIdentifier", "applyImmediately", "tags"],
        "logDeliveryConfigurations",
      ],
      { protect: plan.protect },
    ),
  );
}

/** The subnet group's generated name makes it one that no earlier cache has left behind. */
function finalSnapshot(subnetGroup: aws.elasticache.SubnetGroup): pulumi.Output<string> {
  return subnetGroup.id.apply((id) => `final-${id}`);
}
