import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { callerAccount } from "../caller-account.ts";
import { ComponentContext } from "../component-context.ts";
import type { PolicyStatement } from "../iam/policy-statement.ts";
import { createAlarms } from "../monitoring/alarms.ts";
import type { DashboardWidget } from "../monitoring/dashboard-widget.ts";
import { createPeerSecurityGroup, type SecurityGroupRef } from "../network/peer-access.ts";
import { connectStatements, readSecretStatements } from "../postgres/login-statements.ts";
import { createMonitoringRole } from "../postgres/monitoring-role.ts";
import { createKey, createSubnetGroup, rotatePassword, secretArnOf } from "../postgres/server-parts.ts";
import { instanceAlarms, instanceWidgets } from "./instance-alarms.ts";
import {
  createInstance,
  createLogGroup,
  createParameterGroup,
  instanceIdentifier,
} from "./instance-parts.ts";
import type { PostgresInstanceAlarm, PostgresInstanceArgs } from "./postgres-instance-args.ts";
import { type PostgresInstancePlan, planPostgresInstance } from "./postgres-instance-plan.ts";

/** What other components need of a PostgreSQL instance. */
export interface PostgresInstanceRef {
  /** The host, without the port. */
  readonly endpoint: pulumi.Input<string>;
  readonly port: pulumi.Input<number>;
  /** Of the secret with `username` and `password` of the administrator. */
  readonly secretArn: pulumi.Input<string>;
}

/** The resources of a `PostgresInstance`. */
export interface PostgresInstanceNodes {
  readonly instance: aws.rds.Instance;
  readonly subnetGroup: aws.rds.SubnetGroup;
  readonly parameterGroup: aws.rds.ParameterGroup;
  readonly securityGroup: aws.ec2.SecurityGroup;
  readonly logGroup: aws.cloudwatch.LogGroup;
  /** Absent with a `kmsKeyArn`. */
  readonly key?: aws.kms.Key;
  /** Absent without enhanced monitoring. */
  readonly monitoringRole?: aws.iam.Role;
  readonly alarms: ReadonlyMap<PostgresInstanceAlarm, aws.cloudwatch.MetricAlarm>;
}

/**
 * A PostgreSQL database of RDS, with a second one in another zone that takes over: only its peers reach it, by TLS, and
 * nobody knows its password. Cheaper than a `PostgresCluster` where the load is small and steady; without readers.
 *
 * Creates, named `${name}-…`: `instance`; `key` (without `kmsKeyArn`); `subnets`, `parameters`; `access` with
 * `access-from-…` (`allowFrom`); `log-group`; `monitoring-role` and `monitoring-policy` (enhanced monitoring);
 * `password-rotation` (`passwordRotationDays`); its alarms.
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_TAGS} a required tag is missing, or a tag is not one that AWS takes.
 * @throws {INVALID_ARGUMENT} any other argument is not valid; the message names it.
 */
export class PostgresInstance
  extends pulumi.ComponentResource
  implements PostgresInstanceRef, SecurityGroupRef
{
  readonly instanceIdentifier: pulumi.Output<string>;
  readonly instanceArn: pulumi.Output<string>;
  /** `db-…`: in the ARNs of database users. */
  readonly instanceResourceId: pulumi.Output<string>;
  readonly endpoint: pulumi.Output<string>;
  readonly port: pulumi.Output<number>;
  /** Empty while an instance is adopted whose password RDS does not keep. */
  readonly secretArn: pulumi.Output<string>;
  readonly keyArn: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;
  readonly nodes: PostgresInstanceNodes;
  readonly #name: string;

  constructor(name: string, args: PostgresInstanceArgs, options: pulumi.ComponentResourceOptions = {}) {
    const plan = planPostgresInstance(name, args);
    super("groundplane:aws:PostgresInstance", name, {}, options);

    const context = new ComponentContext(name, this, plan.tags);
    this.nodes = createNodes(context, args, plan);
    const { instance, securityGroup, key } = this.nodes;
    this.#name = name;
    this.instanceIdentifier = instance.identifier;
    this.instanceArn = instance.arn;
    this.instanceResourceId = instance.resourceId;
    this.endpoint = instance.address;
    this.port = pulumi.output(plan.port);
    this.secretArn = secretArnOf(instance);
    this.keyArn = key === undefined ? pulumi.output(args.kmsKeyArn ?? "") : key.arn;
    this.securityGroupId = securityGroup.id;
    this.registerOutputs({
      ...this.ref,
      instanceIdentifier: this.instanceIdentifier,
      instanceArn: this.instanceArn,
      instanceResourceId: this.instanceResourceId,
      keyArn: this.keyArn,
      securityGroupId: this.securityGroupId,
    });
  }

  /** What other components need, without the rest: to export, or to pass on. */
  get ref(): {
    readonly endpoint: pulumi.Output<string>;
    readonly port: pulumi.Output<number>;
    readonly secretArn: pulumi.Output<string>;
  } {
    const { endpoint, port, secretArn } = this;
    return { endpoint, port, secretArn };
  }

  /**
   * The rights of who logs in by IAM as this database user, who is to be granted `rds_iam` in the database.
   *
   * @throws {INVALID_ARGUMENT} the name is not one of a database user.
   */
  connectStatements(databaseUser: string): readonly PolicyStatement[] {
    return connectStatements(this.instanceArn, [this.instanceResourceId], databaseUser);
  }

  /** The rights of who reads the administrator's name and password. */
  readSecretStatements(): readonly PolicyStatement[] {
    return readSecretStatements(this.secretArn, this.keyArn);
  }

  /** What is worth looking at first. */
  widgets(): readonly DashboardWidget[] {
    return instanceWidgets(this.#name, this.instanceIdentifier);
  }
}

function createNodes(
  context: ComponentContext,
  args: PostgresInstanceArgs,
  plan: PostgresInstancePlan,
): PostgresInstanceNodes {
  const { key, keyArn } = createKey(context, args, plan.protect);
  const subnetGroup = createSubnetGroup(context, args);
  const parameterGroup = createParameterGroup(context, args, plan);
  const securityGroup = createPeerSecurityGroup(context, {
    role: "access",
    description: "Who may connect to a PostgreSQL instance",
    vpcId: args.network.vpcId,
    port: plan.port,
    peers: args.allowFrom ?? {},
  });
  const identifier = instanceIdentifier(context, args, subnetGroup);
  const logGroup = createLogGroup(context, args, plan, identifier);
  const monitoring =
    plan.enhancedMonitoringSeconds > 0 ? createMonitoringRole(context, callerAccount(context)) : undefined;
  const instance = createInstance(context, args, plan, {
    ...{ identifier, keyArn, subnetGroup, parameterGroup, securityGroup },
    ...(monitoring !== undefined && { monitoringRole: monitoring.role }),
    // An instance that logs would make the group itself, to be kept for ever.
    dependsOn: [logGroup, ...(monitoring === undefined ? [] : [monitoring.policy])],
  });
  rotatePassword(context, args, secretArnOf(instance), [instance]);
  return {
    ...{ instance, subnetGroup, parameterGroup, securityGroup, logGroup },
    ...(key !== undefined && { key }),
    ...(monitoring !== undefined && { monitoringRole: monitoring.role }),
    alarms: createAlarms(context, instanceAlarms(context.name, plan, instance.identifier), args.alarms),
  };
}
