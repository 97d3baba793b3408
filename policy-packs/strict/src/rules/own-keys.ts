import { definePropertyRule, type Rule } from "@groundplane/policy";

const CLUSTER = {
  engine: "aurora-postgresql",
  deletionProtection: true,
  backupRetentionPeriod: 7,
  finalSnapshotIdentifier: "last",
  kmsKeyId: "arn",
};
const encryption = (rule: Readonly<Record<string, string>>) => ({
  bucket: "data",
  rules: [{ applyServerSideEncryptionByDefault: rule, bucketKeyEnabled: true }],
});

/** Keys of your own: who may decrypt is then said in one place, and can be taken back. */
export const ownKeyRules: readonly Rule[] = [
  definePropertyRule({
    id: "rds-own-key",
    title: "Databases are encrypted with a key of your own",
    severity: "medium",
    why: "A snapshot under AWS's key cannot be shared with the account that restores it.",
    remedy: "Give kmsKeyId. It cannot be changed later: restore from a snapshot copy.",
    source: "AWS RDS guide, Encrypting resources",
    types: ["aws:rds/cluster:Cluster", "aws:rds/instance:Instance", "aws:docdb/cluster:Cluster"],
    properties: ["kmsKeyId"],
    mustBe: "set",
    passing: CLUSTER,
    failing: {
      engine: CLUSTER.engine,
      deletionProtection: true,
      backupRetentionPeriod: 7,
      finalSnapshotIdentifier: "last",
    },
  }),
  definePropertyRule({
    id: "secret-own-key",
    title: "Secrets are encrypted with a key of your own",
    severity: "medium",
    enforcement: "advisory",
    why: "AWS's own key lets everyone in the account decrypt who may read the secret.",
    remedy: "Give kmsKeyId.",
    source: "AWS Secrets Manager guide, Secret encryption",
    types: ["aws:secretsmanager/secret:Secret"],
    properties: ["kmsKeyId"],
    mustBe: "set",
    passing: { description: "database", kmsKeyId: "arn" },
    failing: { description: "database" },
  }),
  definePropertyRule({
    id: "s3-own-key",
    title: "Buckets are encrypted with a key of your own",
    severity: "medium",
    enforcement: "advisory",
    why: "With S3's own key a leaked role reads whatever the bucket's policy lets through; with yours it needs the key too.",
    remedy: 'Set sseAlgorithm: "aws:kms" and kmsMasterKeyId.',
    source: "AWS Security Hub S3.17",
    types: ["aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"],
    properties: ["rules[*].applyServerSideEncryptionByDefault.kmsMasterKeyId"],
    mustBe: "set",
    passing: encryption({ sseAlgorithm: "aws:kms", kmsMasterKeyId: "arn" }),
    failing: encryption({ sseAlgorithm: "AES256" }),
  }),
  definePropertyRule({
    id: "kms-deletion-window",
    title: "A deleted key can come back for thirty days",
    severity: "high",
    why: "What a key encrypted is gone with it.",
    remedy: "Leave deletionWindowInDays out, or set it to 30.",
    source: "AWS KMS guide, Deleting keys",
    types: ["aws:kms/key:Key"],
    properties: ["deletionWindowInDays"],
    mustBe: { atLeast: 30, orUnset: true },
    passing: { deletionWindowInDays: 30 },
    failing: { deletionWindowInDays: 7 },
  }),
];
