import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { ComponentContext } from "../component-context.ts";
import { openingTag } from "../opening.ts";
import { finalSnapshot, serverParameters } from "../postgres/server-parts.ts";
import type { PostgresClusterArgs } from "./postgres-cluster-args.ts";
import type { PostgresPlan } from "./postgres-cluster-check.ts";

const ENGINE = "aurora-postgresql";

export function createParameterGroup(
  context: ComponentContext,
  args: PostgresClusterArgs,
  plan: PostgresPlan,
): aws.rds.ClusterParameterGroup {
  return new aws.rds.ClusterParameterGroup(
    context.child("parameters"),
    {
      family: `${ENGINE}${plan.majorVersion}`,
      description: `Of the PostgreSQL cluster ${context.name}`,
      parameters: serverParameters(args),
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
