import { invalidArgument } from "@groundplane/contracts";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ComponentContext } from "../component-context.ts";
import { type PolicyStatement, policyDocument } from "../iam/policy-statement.ts";
import { type AlarmSpec, createAlarms } from "../monitoring/alarms.ts";
import type { DashboardWidget } from "../monitoring/dashboard-widget.ts";
import type { FileSystemAlarm, FileSystemArgs, FileSystemSize } from "./file-system-args.ts";
import { type FileSystemAccess, fileSystemStatements, mountStatements } from "./file-system-policy.ts";
import { openings, validate } from "./validation.ts";

/** What other components need of a file system. */
export interface FileSystemRef {
  readonly fileSystemId: pulumi.Input<string>;
  readonly fileSystemArn: pulumi.Input<string>;
}

/** The resources of a `FileSystem`. */
export interface FileSystemNodes {
  readonly fileSystem: aws.efs.FileSystem;
  readonly policy: aws.efs.FileSystemPolicy;
  readonly backups: aws.efs.BackupPolicy;
  readonly securityGroup: aws.ec2.SecurityGroup;
  /** In the order of `subnetIds`. */
  readonly mountTargets: readonly aws.efs.MountTarget[];
  /** By the names of `accessPoints`. */
  readonly accessPoints: ReadonlyMap<string, aws.efs.AccessPoint>;
  readonly alarms: ReadonlyMap<FileSystemAlarm, aws.cloudwatch.MetricAlarm>;
}

/**
 * An EFS file system that is encrypted, backed up each day, and mounted only over TLS by whom IAM allows.
 *
 * Creates, named `${name}-…`: `file-system`, `policy`, `backups`, `security-group`, `mount-target-0` … for each subnet,
 * `io-limit-alarm`; and `…-access-point` for each of `accessPoints`.
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_TAGS} a required tag is missing, or a tag is not one that AWS takes.
 * @throws {INVALID_ARGUMENT} any other argument is not valid; the message names it.
 */
export class FileSystem extends pulumi.ComponentResource implements FileSystemRef {
  readonly fileSystemId: pulumi.Output<string>;
  readonly fileSystemArn: pulumi.Output<string>;
  readonly dnsName: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;
  /** By the names of `accessPoints`. */
  readonly accessPointIds: Readonly<Record<string, pulumi.Output<string>>>;
  /** By the names of `accessPoints`. */
  readonly accessPointArns: Readonly<Record<string, pulumi.Output<string>>>;
  readonly nodes: FileSystemNodes;

  constructor(name: string, args: FileSystemArgs, options: pulumi.ComponentResourceOptions = {}) {
    const { tags, size } = validate(name, args);
    super("groundplane:aws:FileSystem", name, {}, options);

    const context = new ComponentContext(name, this, tags);
    const fileSystem = createFileSystem(context, args, size);
    const securityGroup = createSecurityGroup(context, args);
    const accessPoints = createAccessPoints(context, args, fileSystem);
    this.nodes = {
      fileSystem,
      policy: new aws.efs.FileSystemPolicy(
        context.child("policy"),
        {
          fileSystemId: fileSystem.id,
          policy: policyDocument(fileSystemStatements(fileSystem.arn, args.anonymousMount !== undefined)),
        },
        context.options(),
      ),
      backups: new aws.efs.BackupPolicy(
        context.child("backups"),
        {
          fileSystemId: fileSystem.id,
          backupPolicy: { status: args.noBackups === undefined ? "ENABLED" : "DISABLED" },
        },
        context.options(),
      ),
      securityGroup,
      mountTargets: createMountTargets(context, args, fileSystem, securityGroup),
      accessPoints,
      alarms: createAlarms(context, [ioLimit(name, fileSystem)], args.alarms),
    };
    this.fileSystemId = fileSystem.id;
    this.fileSystemArn = fileSystem.arn;
    this.dnsName = fileSystem.dnsName;
    this.securityGroupId = securityGroup.id;
    this.accessPointIds = Object.fromEntries([...accessPoints].map(([key, { id }]) => [key, id]));
    this.accessPointArns = Object.fromEntries([...accessPoints].map(([key, { arn }]) => [key, arn]));
    this.registerOutputs({
      ...this.ref,
      dnsName: this.dnsName,
      securityGroupId: this.securityGroupId,
      accessPointIds: this.accessPointIds,
      accessPointArns: this.accessPointArns,
    });
  }

  /** What other components need, without the rest: to export, or to pass on. */
  get ref(): { readonly fileSystemId: pulumi.Output<string>; readonly fileSystemArn: pulumi.Output<string> } {
    const { fileSystemId, fileSystemArn } = this;
    return { fileSystemId, fileSystemArn };
  }

  /**
   * The rights of who mounts it, through one access point where its name is given.
   *
   * @throws {INVALID_ARGUMENT} there is no such access point.
   */
  mountStatements(access: FileSystemAccess, accessPoint?: string): readonly PolicyStatement[] {
    if (accessPoint === undefined) return mountStatements(access, this.fileSystemArn, undefined);
    const arn = this.accessPointArns[accessPoint];
    if (arn === undefined)
      throw invalidArgument(
        `there is no access point "${accessPoint}"; there are ${Object.keys(this.accessPointArns).join(", ")}`,
        { accessPoint },
      );
    return mountStatements(access, this.fileSystemArn, arn);
  }

  /** How much it holds, how much is read and written, and how near it is to its limit. */
  widgets(): readonly DashboardWidget[] {
    const metric = (name: string, statistic: string, more: Readonly<Record<string, string>> = {}) => ({
      namespace: "AWS/EFS",
      metric: name,
      dimensions: { FileSystemId: this.fileSystemId, ...more },
      statistic,
    });
    return [
      {
        title: "Bytes",
        metrics: [metric("StorageBytes", "Average", { StorageClass: "Total" })],
        periodSeconds: 900,
      },
      { title: "Throughput", metrics: [metric("DataReadIOBytes", "Sum"), metric("DataWriteIOBytes", "Sum")] },
      { title: "Percent of the I/O limit", metrics: [metric("PercentIOLimit", "Maximum")] },
    ];
  }
}

function createFileSystem(
  context: ComponentContext,
  args: FileSystemArgs,
  { protect }: FileSystemSize,
): aws.efs.FileSystem {
  const { infrequentAccessDays = 30, archiveDays, kmsKeyArn } = args;
  return new aws.efs.FileSystem(
    context.child("file-system"),
    {
      encrypted: true,
      ...(kmsKeyArn !== undefined && { kmsKeyId: kmsKeyArn }),
      throughputMode: args.throughput ?? "elastic",
      lifecyclePolicies: [
        { transitionToIa: after(infrequentAccessDays) },
        { transitionToPrimaryStorageClass: "AFTER_1_ACCESS" },
        ...(archiveDays === undefined ? [] : [{ transitionToArchive: after(archiveDays) }]),
      ],
      tags: context.tags("file-system", openings(args)),
    },
    context.adopted(
      args.adopt?.fileSystemId,
      ["encrypted", "kmsKeyId", "throughputMode", "lifecyclePolicies", "tags"],
      { protect },
    ),
  );
}

function after(days: number): string {
  return `AFTER_${days}_DAY${days === 1 ? "" : "S"}`;
}

function createSecurityGroup(
  context: ComponentContext,
  { network, allowFrom = [] }: FileSystemArgs,
): aws.ec2.SecurityGroup {
  return new aws.ec2.SecurityGroup(
    context.child("security-group"),
    {
      description: `File system ${context.name}`,
      vpcId: network.vpcId,
      ingress:
        allowFrom.length === 0
          ? []
          : [{ protocol: "tcp", fromPort: 2049, toPort: 2049, securityGroups: [...allowFrom] }],
      // It answers, and asks nobody.
      egress: [],
      tags: context.tags("security-group"),
    },
    context.options(),
  );
}

function createMountTargets(
  context: ComponentContext,
  { subnetIds, adopt }: FileSystemArgs,
  fileSystem: aws.efs.FileSystem,
  securityGroup: aws.ec2.SecurityGroup,
): readonly aws.efs.MountTarget[] {
  return subnetIds.map(
    (subnetId, at) =>
      new aws.efs.MountTarget(
        context.child(`mount-target-${at}`),
        { fileSystemId: fileSystem.id, subnetId, securityGroups: [securityGroup.id] },
        context.adopted(adopt?.mountTargetIds?.[at], ["securityGroups"]),
      ),
  );
}

function createAccessPoints(
  context: ComponentContext,
  { accessPoints = {} }: FileSystemArgs,
  fileSystem: aws.efs.FileSystem,
): ReadonlyMap<string, aws.efs.AccessPoint> {
  return new Map(
    Object.entries(accessPoints).map(([key, { path, uid, gid, permissions = "0750" }]) => [
      key,
      new aws.efs.AccessPoint(
        context.child(`${key}-access-point`),
        {
          fileSystemId: fileSystem.id,
          posixUser: { uid, gid },
          rootDirectory: { path, creationInfo: { ownerUid: uid, ownerGid: gid, permissions } },
          tags: context.tags(`${key}-access-point`),
        },
        context.options(),
      ),
    ]),
  );
}

function ioLimit(name: string, fileSystem: aws.efs.FileSystem): AlarmSpec<FileSystemAlarm> {
  return {
    id: "io-limit",
    description: `${name} is at the limit of its operations, and clients wait: look at who reads and writes so much.`,
    namespace: "AWS/EFS",
    metric: "PercentIOLimit",
    dimensions: { FileSystemId: fileSystem.id },
    statistic: "Maximum",
    comparison: "above",
    threshold: 95,
    periodSeconds: 300,
    periods: 3,
    noData: "notBreaching",
  };
}
