import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ComponentContext } from "../component-context.ts";
import { openingTag } from "../opening.ts";
import { finalSnapshot, serverParameters } from "../postgres/server-parts.ts";
import type { PostgresInstanceArgs } from "./postgres-instance-args.ts";
import type { PostgresInstancePlan } from "./postgres-instance-plan.ts";

/**
 * The name of the instance: known before the instance is, since its log group has to be there first. It is another one
 * when something changes that replaces the instance, so that the new one can be made beside the old.
 */
export function instanceIdentifier(
  context: ComponentContext,
  args: PostgresInstanceArgs,
  subnetGroup: aws.rds.SubnetGroup,
): pulumi.Output<string> {
  const { identifiers = {}, databaseName, masterUsername, snapshotIdentifier } = args;
  if (identifiers.instance !== undefined) return pulumi.output(identifiers.instance);
  return pulumi.all([subnetGroup.id, args.kmsKeyArn ?? ""]).apply((parts) => {
    const made = [...parts, databaseName, masterUsername, snapshotIdentifier];
    const mark = createHash("sha256").update(JSON.stringify(made)).digest("hex").slice(0, 8);
    return `${context.name}-${mark}`;
  });
}

export function createParameterGroup(
  context: ComponentContext,
  args: PostgresInstanceArgs,
  plan: PostgresInstancePlan,
): aws.rds.ParameterGroup {
  return new aws.rds.ParameterGroup(
    context.child("parameters"),
    {
      family: `postgres${plan.majorVersion}`,
      description: `Of the PostgreSQL instance ${context.name}`,
      parameters: serverParameters(args),
      tags: context.tags("parameters", openingTag("plaintext", args.allowPlaintext)),
    },
    context.options(),
  );
}

export function createLogGroup(
  context: ComponentContext,
  { adopt, identifiers }: PostgresInstanceArgs,
  plan: PostgresInstancePlan,
  identifier: pulumi.Output<string>,
): aws.cloudwatch.LogGroup {
  const existing = `/aws/rds/instance/${identifiers?.instance ?? ""}/postgresql`;
  return new aws.cloudwatch.LogGroup(
    context.child("log-group"),
    {
      name: pulumi.interpolate`/aws/rds/instance/${identifier}/postgresql`,
      retentionInDays: plan.logRetentionDays,
      tags: context.tags("log-group"),
    },
    context.adopted(adopt?.logGroup ? existing : undefined, ["retentionInDays", "tags"]),
  );
}

export function createInstance(
  context: ComponentContext,
  args: PostgresInstanceArgs,
  plan: PostgresInstancePlan,
  parts: {
    readonly identifier: pulumi.Output<string>;
    readonly keyArn: pulumi.Input<string>;
    readonly subnetGroup: aws.rds.SubnetGroup;
    readonly parameterGroup: aws.rds.ParameterGroup;
    readonly securityGroup: aws.ec2.SecurityGroup;
    readonly monitoringRole?: aws.iam.Role;
    readonly dependsOn: readonly pulumi.Resource[];
  },
): aws.rds.Instance {
  const { databaseName, snapshotIdentifier, backupWindow, maintenanceWindow } = args;
  const { storage } = plan;
  return new aws.rds.Instance(
    context.child("instance"),
    {
      identifier: parts.identifier,
      engine: "postgres",
      engineVersion: plan.engineVersion,
      autoMinorVersionUpgrade: plan.minorVersionIsFree,
      allowMajorVersionUpgrade: args.allowMajorVersionUpgrade ?? false,
      instanceClass: plan.instanceClass,
      multiAz: plan.multiAz,
      storageType: "gp3",
      allocatedStorage: storage.gib,
      // 0 is no growth.
      maxAllocatedStorage: storage.maxGib ?? 0,
      storageEncrypted: true,
      kmsKeyId: parts.keyArn,
      ...(databaseName !== undefined && { dbName: databaseName }),
      ...(snapshotIdentifier !== undefined && { snapshotIdentifier }),
      username: plan.masterUsername,
      manageMasterUserPassword: true,
      masterUserSecretKmsKeyId: parts.keyArn,
      iamDatabaseAuthenticationEnabled: args.iamAuthentication ?? true,
      port: plan.port,
      publiclyAccessible: false,
      dbSubnetGroupName: parts.subnetGroup.name,
      parameterGroupName: parts.parameterGroup.name,
      vpcSecurityGroupIds: [parts.securityGroup.id],
      backupRetentionPeriod: plan.backupRetentionDays,
      ...(backupWindow !== undefined && { backupWindow }),
      ...(maintenanceWindow !== undefined && { maintenanceWindow }),
      copyTagsToSnapshot: true,
      skipFinalSnapshot: !plan.finalSnapshot,
      ...(plan.finalSnapshot && { finalSnapshotIdentifier: finalSnapshot(parts.subnetGroup) }),
      deleteAutomatedBackups: !plan.finalSnapshot,
      deletionProtection: plan.deletionProtection,
      performanceInsightsEnabled: true,
      performanceInsightsKmsKeyId: parts.keyArn,
      performanceInsightsRetentionPeriod: plan.performanceInsightsDays,
      monitoringInterval: plan.enhancedMonitoringSeconds,
      ...(parts.monitoringRole !== undefined && { monitoringRoleArn: parts.monitoringRole.arn }),
      enabledCloudwatchLogsExports: ["postgresql"],
      applyImmediately: plan.applyImmediately,
      tags: context.tags("instance", openingTag("plaintext", args.allowPlaintext)),
    },
    context.adopted(
      args.adopt === undefined ? undefined : args.identifiers?.instance,
      [
        ...["engineVersion", "autoMinorVersionUpgrade", "allowMajorVersionUpgrade", "instanceClass"],
        ...["multiAz", "storageType", "allocatedStorage", "maxAllocatedStorage", "dbName", "username"],
        ...["manageMasterUserPassword", "masterUserSecretKmsKeyId", "iamDatabaseAuthenticationEnabled"],
        ...["port", "publiclyAccessible", "parameterGroupName", "vpcSecurityGroupIds", "tags"],
        ...["backupRetentionPeriod", "backupWindow", "maintenanceWindow", "copyTagsToSnapshot"],
        ...["skipFinalSnapshot", "finalSnapshotIdentifier", "deleteAutomatedBackups", "deletionProtection"],
        ...["performanceInsightsEnabled", "performanceInsightsKmsKeyId", "monitoringInterval"],
        ...["performanceInsightsRetentionPeriod", "monitoringRoleArn", "enabledCloudwatchLogsExports"],
        "applyImmediately",
      ],
      { protect: plan.protect, dependsOn: [...parts.dependsOn] },
    ),
  );
}
