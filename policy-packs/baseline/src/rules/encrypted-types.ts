/** How a type of resource is encrypted at rest, and how to tell. */
export interface EncryptedType {
  readonly type: string;
  /** Path of the deciding property; `[*]` for each element of a list. */
  readonly property: string;
  /** What it must be: true, anything at all, not false (the service encrypts by itself), or one of these. */
  readonly mustBe: "true" | "set" | "not-false" | readonly string[];
  /** Nothing is asked of it when one of these is set: it inherits, or another property decides. */
  readonly unless?: readonly string[];
  readonly remedy: string;
  /** Control of AWS Foundational Security Best Practices, and of CIS AWS Foundations where there is one. */
  readonly source: string;
}

const cluster = (service: string, source: string): EncryptedType => ({
  type: `aws:${service}/cluster:Cluster`,
  property: "storageEncrypted",
  mustBe: "true",
  remedy:
    "Set storageEncrypted: true. It cannot be turned on later: restore from an encrypted snapshot copy.",
  source,
});

const domain = (service: string, source: string): EncryptedType => ({
  type: `aws:${service}/domain:Domain`,
  property: "encryptAtRest.enabled",
  mustBe: "true",
  remedy: "Set encryptAtRest: { enabled: true }.",
  source,
});

const volumes = (
  type: string,
  property: string,
  source: string,
  unless?: readonly string[],
): EncryptedType => ({
  type,
  property,
  mustBe: "true",
  ...(unless === undefined ? {} : { unless }),
  remedy: `Set ${property.replaceAll("[*]", "")}: true.`,
  source,
});

/**
 * Not here, since they have no unencrypted form: objects in S3 (since January 2023), DynamoDB tables, MSK, ECR,
 * CloudWatch logs, FSx, Backup vaults, Secrets Manager.
 */
export const ENCRYPTED_TYPES: readonly EncryptedType[] = [
  {
    type: "aws:rds/instance:Instance",
    property: "storageEncrypted",
    mustBe: "true",
    unless: ["replicateSourceDb"],
    remedy:
      "Set storageEncrypted: true. It cannot be turned on later: restore from an encrypted snapshot copy.",
    source: "AWS FSBP RDS.3; CIS AWS Foundations v3.0.0 2.3.1",
  },
  { ...cluster("rds", "AWS FSBP RDS.27"), unless: ["replicationSourceIdentifier"] },
  cluster("docdb", "AWS FSBP DocumentDB.1"),
  cluster("neptune", "AWS FSBP Neptune.1"),
  {
    type: "aws:redshift/cluster:Cluster",
    property: "encrypted",
    mustBe: "not-false",
    remedy: "Set encrypted to true.",
    source: "AWS FSBP Redshift.10",
  },
  volumes("aws:ebs/volume:Volume", "encrypted", "AWS FSBP EC2.3"),
  volumes("aws:ec2/instance:Instance", "rootBlockDevice.encrypted", "AWS FSBP EC2.3", ["launchTemplate"]),
  volumes("aws:ec2/instance:Instance", "ebsBlockDevices[*].encrypted", "AWS FSBP EC2.3"),
  volumes(
    "aws:ec2/launchTemplate:LaunchTemplate",
    "blockDeviceMappings[*].ebs[*].encrypted",
    "AWS FSBP EC2.181",
  ),
  {
    type: "aws:ebs/encryptionByDefault:EncryptionByDefault",
    property: "enabled",
    mustBe: "not-false",
    remedy: "Leave enabled out, or set it to true.",
    source: "AWS FSBP EC2.7; CIS AWS Foundations v3.0.0 2.2.1",
  },
  {
    type: "aws:efs/fileSystem:FileSystem",
    property: "encrypted",
    mustBe: "true",
    remedy: "Set encrypted: true. It cannot be turned on later.",
    source: "AWS FSBP EFS.1, EFS.8; CIS AWS Foundations v3.0.0 2.4.1",
  },
  {
    type: "aws:elasticache/replicationGroup:ReplicationGroup",
    property: "atRestEncryptionEnabled",
    mustBe: "true",
    unless: ["globalReplicationGroupId"],
    remedy: "Set atRestEncryptionEnabled: true. It cannot be turned on later.",
    source: "AWS FSBP ElastiCache.4",
  },
  {
    type: "aws:dax/cluster:Cluster",
    property: "serverSideEncryption.enabled",
    mustBe: "true",
    remedy: "Set serverSideEncryption: { enabled: true }. It cannot be turned on later.",
    source: "AWS FSBP DynamoDB.3",
  },
  domain("opensearch", "AWS FSBP Opensearch.1"),
  domain("elasticsearch", "AWS FSBP ES.1"),
  {
    type: "aws:sqs/queue:Queue",
    property: "sqsManagedSseEnabled",
    mustBe: "not-false",
    unless: ["kmsMasterKeyId"],
    remedy: "Leave sqsManagedSseEnabled out or set it to true, or give kmsMasterKeyId.",
    source: "AWS FSBP SQS.1",
  },
  {
    type: "aws:sns/topic:Topic",
    property: "kmsMasterKeyId",
    mustBe: "set",
    remedy: 'Give kmsMasterKeyId: a key of your own, or "alias/aws/sns".',
    source: "AWS Security Hub SNS.1",
  },
  {
    type: "aws:kinesis/stream:Stream",
    property: "encryptionType",
    mustBe: ["KMS"],
    remedy: 'Set encryptionType: "KMS" and kmsKeyId: "alias/aws/kinesis" or a key of your own.',
    source: "AWS FSBP Kinesis.1",
  },
  {
    type: "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
    property: "serverSideEncryption.enabled",
    mustBe: "true",
    unless: ["kinesisSourceConfiguration", "mskSourceConfiguration"],
    remedy: "Set serverSideEncryption: { enabled: true }.",
    source: "AWS FSBP DataFirehose.1",
  },
  {
    type: "aws:cloudtrail/trail:Trail",
    property: "kmsKeyId",
    mustBe: "set",
    remedy: "Give kmsKeyId.",
    source: "AWS FSBP CloudTrail.2; CIS AWS Foundations v3.0.0 3.5",
  },
  ...["userVolumeEncryptionEnabled", "rootVolumeEncryptionEnabled"].map(
    (property, index): EncryptedType => ({
      type: "aws:workspaces/workspace:Workspace",
      property,
      mustBe: "true",
      remedy: `Set ${property}: true, and volumeEncryptionKey.`,
      source: `AWS FSBP WorkSpaces.${index + 1}`,
    }),
  ),
];
