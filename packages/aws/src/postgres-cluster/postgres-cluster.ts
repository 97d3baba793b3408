import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { callerAccount } from "../caller-account.ts";
import { ComponentContext } from "../component-context.ts";
import type { PolicyStatement } from "../iam/policy-statement.ts";
import { createAlarms } from "../monitoring/alarms.ts";
import type { DashboardWidget } from "../monitoring/dashboard-widget.ts";
import {
  allowPeer,
  checkPeers,
  createPeerSecurityGroup,
  type SecurityGroupRef,
} from "../network/peer-access.ts";
import { connectStatements, readSecretStatements } from "../postgres/login-statements.ts";
import { createMonitoringRole } from "../postgres/monitoring-role.ts";
import { createKey, createSubnetGroup, rotatePassword, secretArnOf } from "../postgres/server-parts.ts";
import { createCluster, createInstances, createParameterGroup } from "./cluster-parts.ts";
import { postgresAlarms, postgresWidgets } from "./postgres-alarms.ts";
import type { PostgresAlarm, PostgresClusterArgs } from "./postgres-cluster-args.ts";
import { type PostgresPlan, planPostgresCluster } from "./postgres-cluster-check.ts";
import { createProxy, type PostgresProxy, PROXY_PORT } from "./proxy.ts";

/** What other components need of a PostgreSQL cluster. */
export interface PostgresClusterRef {
  /** Where to write: the writer, whichever instance that is. */
  readonly endpoint: pulumi.Input<string>;
  /** Where to read, spread over the readers; the writer where there are none. */
  readonly readerEndpoint: pulumi.Input<string>;
  readonly port: pulumi.Input<number>;
  /** Of the secret with `username` and `password` of the cluster's administrator. */
  readonly secretArn: pulumi.Input<string>;
}

/** The resources of a `PostgresCluster`. */
export interface PostgresClusterNodes {
  readonly cluster: aws.rds.Cluster;
  /** In the order of their names: `instance-1` … */
  readonly instances: readonly aws.rds.ClusterInstance[];
  readonly subnetGroup: aws.rds.SubnetGroup;
  readonly parameterGroup: aws.rds.ClusterParameterGroup;
  readonly securityGroup: aws.ec2.SecurityGroup;
  readonly logGroup: aws.cloudwatch.LogGroup;
  /** Absent with a `kmsKeyArn`. */
  readonly key?: aws.kms.Key;
  /** Absent without enhanced monitoring. */
  readonly monitoringRole?: aws.iam.Role;
  readonly proxy?: PostgresProxy;
  readonly alarms: ReadonlyMap<PostgresAlarm, aws.cloudwatch.MetricAlarm>;
}

/**
 * An Aurora PostgreSQL cluster that only its peers reach, by TLS, and whose password nobody knows.
 *
 * Creates, named `${name}-…`: `cluster`; `instance-1` … (`readers`); `key` (without `kmsKeyArn`); `subnets`,
 * `parameters`; `access` with `access-from-…` (`allowFrom`); `log-group`; `monitoring-role` and `monitoring-policy`
 * (enhanced monitoring); `password-rotation` (`passwordRotationDays`); `proxy` with `proxy-targets`, `proxy-target`,
 * `proxy-role`, `proxy-policy`, `proxy-access` … (`proxy`); its alarms.
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_TAGS} a required tag is missing, or a tag is not one that AWS takes.
 * @throws {INVALID_ARGUMENT} any other argument is not valid; the message names it.
 */
export class PostgresCluster
  extends pulumi.ComponentResource
  implements PostgresClusterRef, SecurityGroupRef
{
  readonly clusterIdentifier: pulumi.Output<string>;
  readonly clusterArn: pulumi.Output<string>;
  /** `cluster-…`: in the ARNs of database users. */
  readonly clusterResourceId: pulumi.Output<string>;
  readonly endpoint: pulumi.Output<string>;
  readonly readerEndpoint: pulumi.Output<string>;
  readonly port: pulumi.Output<number>;
  /** Empty while a cluster is adopted whose password RDS does not keep. */
  readonly secretArn: pulumi.Output<string>;
  readonly keyArn: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;
  /** On port 5432. Absent without a proxy. */
  readonly proxyEndpoint?: pulumi.Output<string>;
  readonly nodes: PostgresClusterNodes;
  readonly #context: ComponentContext;
  readonly #plan: PostgresPlan;

  constructor(name: string, args: PostgresClusterArgs, options: pulumi.ComponentResourceOptions = {}) {
    const plan = planPostgresCluster(name, args);
    super("groundplane:aws:PostgresCluster", name, {}, options);

    const context = new ComponentContext(name, this, plan.tags);
    this.nodes = createNodes(context, args, plan);
    const { cluster, securityGroup, key, proxy } = this.nodes;
    this.#context = context;
    this.#plan = plan;
    // In RDS the identifier is the id.
    this.clusterIdentifier = cluster.id;
    this.clusterArn = cluster.arn;
    this.clusterResourceId = cluster.clusterResourceId;
    this.endpoint = cluster.endpoint;
    this.readerEndpoint = cluster.readerEndpoint;
    this.port = pulumi.output(plan.port);
    this.secretArn = secretArnOf(cluster);
    this.keyArn = key === undefined ? pulumi.output(args.kmsKeyArn ?? "") : key.arn;
    this.securityGroupId = securityGroup.id;
    if (proxy !== undefined) this.proxyEndpoint = proxy.proxy.endpoint;
    this.registerOutputs({
      ...this.ref,
      clusterIdentifier: this.clusterIdentifier,
      clusterArn: this.clusterArn,
      clusterResourceId: this.clusterResourceId,
      keyArn: this.keyArn,
      securityGroupId: this.securityGroupId,
      ...(this.proxyEndpoint !== undefined && { proxyEndpoint: this.proxyEndpoint }),
    });
  }

  /** What other components need, without the rest: to export, or to pass on. */
  get ref(): {
    readonly endpoint: pulumi.Output<string>;
    readonly readerEndpoint: pulumi.Output<string>;
    readonly port: pulumi.Output<number>;
    readonly secretArn: pulumi.Output<string>;
  } {
    const { endpoint, readerEndpoint, port, secretArn } = this;
    return { endpoint, readerEndpoint, port, secretArn };
  }

  /**
   * The rights of who logs in by IAM as this database user, at the cluster and at its proxy. The user is to be granted
   * `rds_iam` in the database.
   *
   * @throws {INVALID_ARGUMENT} the name is not one of a database user.
   */
  connectStatements(databaseUser: string): readonly PolicyStatement[] {
    const { proxy } = this.nodes;
    // arn:aws:rds:eu-central-1:123456789012:db-proxy:prx-0a1b2c3d
    const proxyId = proxy?.proxy.arn.apply((arn) => arn.split(":").at(-1) ?? "");
    return connectStatements(
      this.clusterArn,
      [this.clusterResourceId, ...(proxyId === undefined ? [] : [proxyId])],
      databaseUser,
    );
  }

  /** The rights of who reads the administrator's name and password. */
  readSecretStatements(): readonly PolicyStatement[] {
    return readSecretStatements(this.secretArn, this.keyArn);
  }

  /**
   * Lets in one more peer than `allowFrom` names, such as a service that needs the cluster's endpoint itself. Where
   * there is a proxy, it lets the peer in too.
   *
   * @param peer 1 to 32 lower-case letters, digits and dashes: it names the rule, `${name}-access-from-${peer}`
   * @throws {INVALID_ARGUMENT} that is no such name.
   */
  letIn(peer: string, { securityGroupId: from }: SecurityGroupRef): void {
    checkPeers({ [peer]: { securityGroupId: from } });
    const { securityGroup: group, proxy } = this.nodes;
    const rule = { role: `access-from-${peer}`, group, port: this.#plan.port, from, peer };
    allowPeer(this.#context, rule);
    if (proxy === undefined) return;
    const atProxy = { role: `proxy-access-from-${peer}`, group: proxy.securityGroup, port: PROXY_PORT };
    allowPeer(this.#context, { ...rule, ...atProxy });
  }

  /** What is worth looking at first. */
  widgets(): readonly DashboardWidget[] {
    return postgresWidgets(this.#context.name, this.#plan, this.clusterIdentifier);
  }
}

function createNodes(
  context: ComponentContext,
  args: PostgresClusterArgs,
  plan: PostgresPlan,
): PostgresClusterNodes {
  const { key, keyArn } = createKey(context, args, plan.protect);
  const subnetGroup = createSubnetGroup(context, args);
  const parameterGroup = createParameterGroup(context, args, plan);
  const securityGroup = createPeerSecurityGroup(context, {
    role: "access",
    description: "Who may connect to a PostgreSQL cluster",
    vpcId: args.network.vpcId,
    port: plan.port,
    peers: args.allowFrom ?? {},
  });
  const cluster = createCluster(context, args, plan, { keyArn, subnetGroup, parameterGroup, securityGroup });
  const logGroup = createLogGroup(context, args, plan, cluster);
  const account = callerAccount(context);
  const monitoring = plan.enhancedMonitoringSeconds > 0 ? createMonitoringRole(context, account) : undefined;
  const instances = createInstances(context, args, plan, {
    cluster,
    keyArn,
    ...(monitoring !== undefined && { monitoringRole: monitoring.role }),
    // The first instance that logs would make the group itself, to be kept for ever.
    dependsOn: [logGroup, ...(monitoring === undefined ? [] : [monitoring.policy])],
  });
  rotatePassword(context, args, secretArnOf(cluster), instances);
  const proxy =
    args.proxy === undefined
      ? undefined
      : createProxy(context, args, args.proxy, {
          ...{ account, cluster, instances },
          clusterSecurityGroup: securityGroup,
          port: plan.port,
        });
  return {
    ...{ cluster, instances, subnetGroup, parameterGroup, securityGroup, logGroup },
    ...(key !== undefined && { key }),
    ...(monitoring !== undefined && { monitoringRole: monitoring.role }),
    ...(proxy !== undefined && { proxy }),
    alarms: createAlarms(context, postgresAlarms(context.name, plan, cluster.id), args.alarms),
  };
}

function createLogGroup(
  context: ComponentContext,
  { adopt, identifiers }: PostgresClusterArgs,
  plan: PostgresPlan,
  cluster: aws.rds.Cluster,
): aws.cloudwatch.LogGroup {
  const existing = `/aws/rds/cluster/${identifiers?.cluster ?? ""}/postgresql`;
  return new aws.cloudwatch.LogGroup(
    context.child("log-group"),
    {
      name: pulumi.interpolate`/aws/rds/cluster/${cluster.id}/postgresql`,
      retentionInDays: plan.logRetentionDays,
      tags: context.tags("log-group"),
    },
    context.adopted(adopt?.logGroup ? existing : undefined, ["retentionInDays", "tags"]),
  );
}
