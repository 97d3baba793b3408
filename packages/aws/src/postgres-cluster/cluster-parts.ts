import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ComponentContext } from "../component-context.ts";
import { openingTag } from "../opening.ts";
import type { PostgresClusterArgs } from "./postgres-cluster-args.ts";
import type { PostgresPlan } from "./postgres-cluster-check.ts";

const ENGINE = "aurora-postgresql";

/** The key of the cluster: the given one, or one of its own. */
export interface ClusterKey {
  readonly key?: aws.kms.Key;
  readonly keyArn: pulumi.Output<string>;
}

export function createKey(
  context: ComponentContext,
  { kmsKeyArn }: PostgresClusterArgs,
  { protect }: PostgresPlan,
): ClusterKey {
  if (kmsKeyArn !== undefined) return { keyArn: pulumi.output(kmsKeyArn) };
  const key = new aws.kms.Key(
    context.child("key"),
    {
      description: `Encrypts the PostgreSQL cluster ${context.name}, its backups and its password`,
      enableKeyRotation: true,
      // The longest that KMS waits: without the key, backups cannot be read.
      deletionWindowInDays: 30,
      tags: context.tags("key"),
    },
    context.options({ protect }),
  );
  return { key, keyArn: key.arn };
}

export function createSubnetGroup(context: ComponentContext, args: PostgresClusterArgs): aws.rds.SubnetGroup {
  const { identifiers = {}, adopt } = args;
  return new aws.rds.SubnetGroup(
    context.child("subnets"),
    {
      ...(identifiers.subnetGroup !== undefined && { name: identifiers.subnetGroup }),
      subnetIds: args.subnetIds ?? args.network.isolatedSubnetIds,
      description: `Where the PostgreSQL cluster ${context.name} may run`,
      tags: context.tags("subnets"),
    },
    context.adopted(adopt ? identifiers.subnetGroup : undefined, ["description", "subnetIds", "tags"]),
  );
}

/**
 * What the log holds, after CIS PostgreSQL Benchmark 3.1 and 3.2 and what finds slow queries. Values in milliseconds.
 */
const LOGGING: Readonly<Record<string, string>> = {
  log_connections: "1",
  log_disconnections: "1",
  log_min_duration_statement: "1000",
  log_statement: "ddl",
};

export function createParameterGroup(
  context: ComponentContext,
  args: PostgresClusterArgs,
  plan: PostgresPlan,
): aws.rds.ClusterParameterGroup {
  const own = { ...LOGGING, "rds.force_ssl": args.allowPlaintext === undefined ? "1" : "0" };
  const given = args.parameters ?? {};
  const parameters = [
    ...Object.entries(own).flatMap(([name, value]) =>
      given[name] === undefined ? [{ name, value, applyMethod: "immediate" }] : [],
    ),
    // Some take effect at a restart only, and AWS refuses to apply those at once.
    ...Object.entries(given).map(([name, value]) => ({ name, value, applyMethod: "pending-reboot" })),
  ];
  return new aws.rds.ClusterParameterGroup(
    context.child("parameters"),
    {
      family: `${ENGINE}${plan.majorVersion}`,
      description: `Of the PostgreSQL cluster ${context.name}`,
      parameters: parameters.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      tags: context.tags("parameters", openingTag("plaintext", args.allowPlaintext)),
    },
    context.options(),
  );
}

export function createCluster(
  context: ComponentContext,
  args: PostgresClusterArgs,
  plan: PostgresPlan,
  parts: {
    readonly keyArn: pulumi.Input<string>;
    readonly subnetGroup: aws.rds.SubnetGroup;
    readonly parameterGroup: aws.rds.ClusterParameterGroup;
    readonly securityGroup: aws.ec2.SecurityGroup;
  },
): aws.rds.Cluster {
  const { identifiers = {}, adopt, databaseName, snapshotIdentifier } = args;
  return new aws.rds.Cluster(
    context.child("cluster"),
    {
      ...(identifiers.cluster !== undefined && { clusterIdentifier: identifiers.cluster }),
      engine: ENGINE,
      engineVersion: plan.engineVersion,
      allowMajorVersionUpgrade: args.allowMajorVersionUpgrade ?? false,
      ...(databaseName !== undefined && { databaseName }),
      ...(snapshotIdentifier !== undefined && { snapshotIdentifier }),
      masterUsername: plan.masterUsername,
      manageMasterUserPassword: true,
      masterUserSecretKmsKeyId: parts.keyArn,
      iamDatabaseAuthenticationEnabled: args.iamAuthentication ?? true,
      port: plan.port,
      dbSubnetGroupName: parts.subnetGroup.name,
      dbClusterParameterGroupName: parts.parameterGroup.name,
      vpcSecurityGroupIds: [parts.securityGroup.id],
      storageEncrypted: true,
      kmsKeyId: parts.keyArn,
      ...(plan.isServerless && { serverlessv2ScalingConfiguration: scaling(plan) }),
      backupRetentionPeriod: plan.backupRetentionDays,
      ...(args.backupWindow !== undefined && { preferredBackupWindow: args.backupWindow }),
      ...(args.maintenanceWindow !== undefined && { preferredMaintenanceWindow: args.maintenanceWindow }),
      copyTagsToSnapshot: true,
      skipFinalSnapshot: !plan.finalSnapshot,
      ...(plan.finalSnapshot && { finalSnapshotIdentifier: finalSnapshot(parts.subnetGroup) }),
      deleteAutomatedBackups: !plan.finalSnapshot,
      deletionProtection: plan.deletionProtection,
      enabledCloudwatchLogsExports: ["postgresql"],
      applyImmediately: plan.applyImmediately,
      tags: context.tags("cluster", openingTag("plaintext", args.allowPlaintext)),
    },
    context.adopted(
      adopt ? identifiers.cluster : undefined,
      [
        ...["engineVersion", "databaseName", "masterUsername", "manageMasterUserPassword"],
        ...["masterUserSecretKmsKeyId", "iamDatabaseAuthenticationEnabled", "port", "vpcSecurityGroupIds"],
        ...["dbClusterParameterGroupName", "serverlessv2ScalingConfiguration", "backupRetentionPeriod"],
        ...[
          "preferredBackupWindow",
          "preferredMaintenanceWindow",
          "copyTagsToSnapshot",
          "deletionProtection",
        ],
        ...["deleteAutomatedBackups", "enabledCloudwatchLogsExports", "skipFinalSnapshot"],
        ...["finalSnapshotIdentifier", "allowMajorVersionUpgrade", "applyImmediately", "tags"],
      ],
      { protect: plan.protect },
    ),
  );
}

function scaling({ serverless }: PostgresPlan) {
  const { minUnits, maxUnits, pauseAfterSeconds = 1800 } = serverless;
  return {
    minCapacity: minUnits,
    maxCapacity: maxUnits,
    ...(minUnits === 0 && { secondsUntilAutoPause: pauseAfterSeconds }),
  };
}

/** The subnet group's generated name makes it one that no earlier cluster has left behind. */
function finalSnapshot(subnetGroup: aws.rds.SubnetGroup): pulumi.Output<string> {
  return subnetGroup.id.apply((id) => `final-${id.replaceAll(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "")}`);
}

/** The writer and its readers. Aurora decides which is which: after a failure another one writes. */
export function createInstances(
  context: ComponentContext,
  args: PostgresClusterArgs,
  plan: PostgresPlan,
  parts: {
    readonly cluster: aws.rds.Cluster;
    readonly keyArn: pulumi.Input<string>;
    readonly monitoringRole?: aws.iam.Role;
    readonly dependsOn: readonly pulumi.Resource[];
  },
): readonly aws.rds.ClusterInstance[] {
  const { identifiers = {}, adopt, maintenanceWindow } = args;
  return Array.from({ length: plan.readers + 1 }, (_, at) => {
    const role = `instance-${at + 1}`;
    const identifier = identifiers.instances?.[at];
    return new aws.rds.ClusterInstance(
      context.child(role),
      {
        ...(identifier !== undefined && { identifier }),
        clusterIdentifier: parts.cluster.id,
        engine: ENGINE,
        instanceClass: plan.instanceClass,
        publiclyAccessible: false,
        autoMinorVersionUpgrade: plan.minorVersionIsFree,
        copyTagsToSnapshot: true,
        // Who takes over first. Serverless readers of 0 and 1 grow with the writer, so that they can.
        promotionTier: Math.min(at, 2),
        performanceInsightsEnabled: true,
        performanceInsightsKmsKeyId: parts.keyArn,
        performanceInsightsRetentionPeriod: plan.performanceInsightsDays,
        monitoringInterval: plan.enhancedMonitoringSeconds,
        ...(parts.monitoringRole !== undefined && { monitoringRoleArn: parts.monitoringRole.arn }),
        ...(maintenanceWindow !== undefined && { preferredMaintenanceWindow: maintenanceWindow }),
        applyImmediately: plan.applyImmediately,
        tags: context.tags(role),
      },
      context.adopted(
        adopt ? identifier : undefined,
        [
          ...["instanceClass", "autoMinorVersionUpgrade", "copyTagsToSnapshot", "promotionTier", "tags"],
          ...["performanceInsightsEnabled", "performanceInsightsKmsKeyId", "monitoringInterval"],
          ...["performanceInsightsRetentionPeriod", "monitoringRoleArn", "preferredMaintenanceWindow"],
          ...["publiclyAccessible", "applyImmediately"],
        ],
        { dependsOn: [...parts.dependsOn] },
      ),
    );
  });
}
