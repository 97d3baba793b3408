import { definePropertyRule, defineRule, type Rule, select } from "@groundplane/policy";

const GROUP_TYPE = "aws:elasticache/replicationGroup:ReplicationGroup";
const GROUP = {
  description: "sessions",
  engine: "valkey",
  nodeType: "cache.t4g.small",
  subnetGroupName: "private",
  transitEncryptionEnabled: true,
  userGroupIds: ["app"],
};
const TABLE = {
  attributes: [{ name: "id", type: "S" }],
  hashKey: "id",
  billingMode: "PAY_PER_REQUEST",
  pointInTimeRecovery: { enabled: true },
};
const DAX = {
  clusterName: "app",
  iamRoleArn: "arn",
  nodeType: "dax.t3.small",
  replicationFactor: 3,
  clusterEndpointEncryptionType: "TLS",
};

const whoConnects = defineRule({
  id: "elasticache-authentication",
  title: "Caches ask who connects",
  severity: "high",
  why: "Without it whoever reaches the port reads every session.",
  remedy: "Give userGroupIds, or authToken as a secret.",
  source: "AWS FSBP ElastiCache.6; cdk-nag AwsSolutions-AEC6",
  appliesTo: [GROUP_TYPE],
  reads: ["authToken", "authTokenWo", "userGroupIds"].map((property) => ({ type: GROUP_TYPE, property })),
  examples: {
    passing: [{ type: GROUP_TYPE, inputs: GROUP }],
    failing: [{ type: GROUP_TYPE, inputs: { ...GROUP, userGroupIds: [] } }],
  },
  check({ props }, report) {
    const given = ["authToken", "authTokenWo", "userGroupIds[*]", "globalReplicationGroupId"].some((path) =>
      select(props, path).some((ref) => ref.unreadable !== undefined || (ref.value ?? "") !== ""),
    );
    if (!given) report("neither userGroupIds nor authToken is set");
  },
});

/** DynamoDB, ElastiCache, DocumentDB, Neptune. */
export const dataStoreRules: readonly Rule[] = [
  definePropertyRule({
    id: "dynamodb-point-in-time",
    title: "Tables can go back to any second of the last weeks",
    severity: "medium",
    why: "A bad write is found after hours; without it there is nothing to go back to.",
    remedy: "Set pointInTimeRecovery: { enabled: true }.",
    source: "AWS FSBP DynamoDB.2; cdk-nag AwsSolutions-DDB3",
    types: ["aws:dynamodb/table:Table"],
    properties: ["pointInTimeRecovery.enabled"],
    mustBe: "true",
    passing: TABLE,
    failing: { ...TABLE, pointInTimeRecovery: { enabled: false } },
  }),
  definePropertyRule({
    id: "dax-in-transit",
    title: "DAX speaks TLS",
    severity: "medium",
    why: "Without it items cross the network in plain text. It cannot be turned on later.",
    remedy: 'Set clusterEndpointEncryptionType: "TLS".',
    source: "AWS FSBP DynamoDB.7",
    types: ["aws:dax/cluster:Cluster"],
    properties: ["clusterEndpointEncryptionType"],
    mustBe: { oneOf: ["TLS"] },
    passing: DAX,
    failing: { ...DAX, clusterEndpointEncryptionType: "NONE" },
  }),
  definePropertyRule({
    id: "elasticache-in-transit",
    title: "Caches speak TLS",
    severity: "high",
    why: "Without it sessions and tokens cross the network in plain text.",
    remedy: "Set transitEncryptionEnabled: true.",
    source: "AWS FSBP ElastiCache.5; cdk-nag AwsSolutions-AEC3",
    types: [GROUP_TYPE],
    properties: ["transitEncryptionEnabled"],
    mustBe: "true",
    when: { globalReplicationGroupId: "unset" },
    passing: GROUP,
    failing: { ...GROUP, transitEncryptionEnabled: false },
  }),
  whoConnects,
  definePropertyRule({
    id: "elasticache-minor-upgrades",
    title: "Caches take minor versions by themselves",
    severity: "medium",
    enforcement: "advisory",
    why: "Minor versions are how security fixes come.",
    remedy:
      "Leave autoMinorVersionUpgrade out; or name the version in the program, and see that someone raises it.",
    source: "AWS FSBP ElastiCache.2",
    types: [GROUP_TYPE, "aws:elasticache/cluster:Cluster"],
    properties: ["autoMinorVersionUpgrade"],
    mustBe: "not-false",
    passing: GROUP,
    failing: { ...GROUP, autoMinorVersionUpgrade: false },
  }),
  definePropertyRule({
    id: "elasticache-subnets",
    title: "Caches stand in subnets of your own",
    severity: "high",
    why: "The default subnet group is that of the default VPC, whose subnets are public.",
    remedy: "Give subnetGroupName.",
    source: "AWS FSBP ElastiCache.7",
    types: [GROUP_TYPE],
    properties: ["subnetGroupName"],
    mustBe: { matches: /^(?!default$)./ },
    when: { globalReplicationGroupId: "unset" },
    passing: GROUP,
    failing: { ...GROUP, subnetGroupName: "default" },
  }),
  definePropertyRule({
    id: "docdb-audit-logs",
    title: "DocumentDB exports its audit log",
    severity: "medium",
    why: "Who read what is the question after a leak.",
    remedy: 'Set enabledCloudwatchLogsExports: ["audit"], and audit_logs in the parameter group.',
    source: "AWS FSBP DocumentDB.4",
    types: ["aws:docdb/cluster:Cluster"],
    properties: ["enabledCloudwatchLogsExports"],
    mustBe: { includes: ["audit"] },
    passing: { enabledCloudwatchLogsExports: ["audit", "profiler"] },
    failing: { enabledCloudwatchLogsExports: ["profiler"] },
  }),
  definePropertyRule({
    id: "neptune-audit-logs",
    title: "Neptune exports its audit log",
    severity: "medium",
    why: "Who read what is the question after a leak.",
    remedy:
      'Set enableCloudwatchLogsExports: ["audit"], and neptune_enable_audit_log in the parameter group.',
    source: "AWS FSBP Neptune.2",
    types: ["aws:neptune/cluster:Cluster"],
    properties: ["enableCloudwatchLogsExports"],
    mustBe: { includes: ["audit"] },
    passing: { enableCloudwatchLogsExports: ["audit"] },
    failing: {},
  }),
];
