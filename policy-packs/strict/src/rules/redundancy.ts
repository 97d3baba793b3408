import { definePropertyRule, defineRule, type Rule, select } from "@groundplane/policy";

const INSTANCE = { instanceClass: "db.r8g.large", multiAz: true, ...kept() };
const CACHE = {
  description: "sessions",
  multiAzEnabled: true,
  automaticFailoverEnabled: true,
  snapshotRetentionLimit: 7,
};
const SEARCH = { clusterConfig: { zoneAwarenessEnabled: true, instanceCount: 3 } };
const SERVICE = "aws:ecs/service:Service";
const NODES = "aws:eks/nodeGroup:NodeGroup";
const nodeGroup = (capacityType: string) => ({
  clusterName: "app",
  nodeRoleArn: "arn",
  subnetIds: ["subnet-1"],
  scalingConfig: { desiredSize: 2, minSize: 2, maxSize: 4 },
  capacityType,
});
const fleet = (onDemandPercentageAboveBaseCapacity: number) => ({
  minSize: 2,
  maxSize: 4,
  mixedInstancesPolicy: {
    launchTemplate: { launchTemplateSpecification: { launchTemplateId: "lt-1" } },
    instancesDistribution: { onDemandBaseCapacity: 0, onDemandPercentageAboveBaseCapacity },
  },
});

const ecsNotSpotOnly = defineRule({
  id: "ecs-not-spot-only",
  title: "Services do not live on spot capacity alone",
  severity: "high",
  why: "AWS takes spot capacity back with two minutes' notice, and often all of it at once.",
  remedy: "Add FARGATE, or an on-demand capacity provider, with a base of 1 or a weight.",
  source: "AWS ECS guide, Fargate Spot termination notices",
  appliesTo: [SERVICE],
  reads: [{ type: SERVICE, property: "capacityProviderStrategies[*].capacityProvider" }],
  examples: {
    passing: [
      {
        type: SERVICE,
        inputs: {
          desiredCount: 2,
          capacityProviderStrategies: [
            { capacityProvider: "FARGATE", base: 2 },
            { capacityProvider: "FARGATE_SPOT", weight: 1 },
          ],
        },
      },
    ],
    failing: [
      {
        type: SERVICE,
        inputs: {
          desiredCount: 2,
          capacityProviderStrategies: [{ capacityProvider: "FARGATE_SPOT", weight: 1 }],
        },
      },
    ],
  },
  check({ props }, report) {
    const providers = select(props, "capacityProviderStrategies[*].capacityProvider");
    if (providers.length > 0 && providers.every(({ value }) => /spot/i.test(String(value))))
      report(
        `every capacity provider is of spot capacity: ${providers.map(({ value }) => value).join(", ")}`,
      );
  },
});

const eksNotSpotOnly = defineRule({
  id: "eks-not-spot-only",
  title: "A cluster does not live on spot nodes alone",
  severity: "high",
  why: "AWS takes spot capacity back with two minutes' notice, and often all of it at once.",
  remedy: 'Add a node group with capacityType: "ON_DEMAND".',
  source: "EKS user guide, Managed node group capacity types",
  appliesTo: "stack",
  reads: [{ type: NODES, property: "capacityType" }],
  examples: {
    passing: [
      { type: NODES, inputs: nodeGroup("SPOT") },
      { type: NODES, inputs: nodeGroup("ON_DEMAND") },
    ],
    failing: [{ type: NODES, inputs: nodeGroup("SPOT") }],
  },
  check({ resources }, report) {
    const groups = resources.filter(({ type }) => type === NODES);
    if (groups.some(({ props }) => props["capacityType"] !== "SPOT")) return;
    for (const { urn } of groups) report("every node group of the stack is of spot capacity", { urn });
  },
});

/** One zone, one machine or one price of AWS is not enough. */
export const redundancyRules: readonly Rule[] = [
  definePropertyRule({
    id: "rds-multi-az",
    title: "Database instances have a standby in another zone",
    severity: "high",
    why: "Without it a zone that fails, or a patch, is an outage of many minutes.",
    remedy: "Set multiAz: true.",
    source: "AWS FSBP RDS.5; cdk-nag AwsSolutions-RDS3",
    types: ["aws:rds/instance:Instance"],
    properties: ["multiAz"],
    mustBe: "true",
    when: { replicateSourceDb: "unset" },
    passing: INSTANCE,
    failing: { ...INSTANCE, multiAz: false },
  }),
  definePropertyRule({
    id: "elasticache-multi-az",
    title: "Caches fail over to another zone",
    severity: "high",
    why: "Without it every session is gone with the zone.",
    remedy: "Set multiAzEnabled and automaticFailoverEnabled to true, with 2 or more cache clusters.",
    source: "AWS FSBP ElastiCache.3",
    types: ["aws:elasticache/replicationGroup:ReplicationGroup"],
    properties: ["multiAzEnabled", "automaticFailoverEnabled"],
    mustBe: "true",
    when: { globalReplicationGroupId: "unset" },
    passing: CACHE,
    failing: { ...CACHE, automaticFailoverEnabled: false },
  }),
  definePropertyRule({
    id: "opensearch-zones",
    title: "Search domains span zones",
    severity: "high",
    why: "Without it the index is not there when its zone is not.",
    remedy: "Set clusterConfig: { zoneAwarenessEnabled: true }.",
    source: "AWS FSBP Opensearch.6",
    types: ["aws:opensearch/domain:Domain"],
    properties: ["clusterConfig.zoneAwarenessEnabled"],
    mustBe: "true",
    passing: SEARCH,
    failing: { clusterConfig: { zoneAwarenessEnabled: false, instanceCount: 3 } },
  }),
  definePropertyRule({
    id: "opensearch-nodes",
    title: "Search domains have at least three nodes",
    severity: "high",
    why: "With fewer no majority is left when one fails.",
    remedy: "Set clusterConfig.instanceCount to 3 or more.",
    source: "AWS FSBP Opensearch.6",
    types: ["aws:opensearch/domain:Domain"],
    properties: ["clusterConfig.instanceCount"],
    mustBe: { atLeast: 3 },
    passing: SEARCH,
    failing: { clusterConfig: { zoneAwarenessEnabled: true, instanceCount: 2 } },
  }),
  definePropertyRule({
    id: "ecs-two-tasks",
    title: "Services run at least two tasks",
    severity: "medium",
    why: "With one, a task that fails or moves is an outage.",
    remedy: "Set desiredCount to 2 or more.",
    source: "AWS Well-Architected, REL10",
    types: [SERVICE],
    properties: ["desiredCount"],
    mustBe: { atLeast: 2 },
    when: { schedulingStrategy: { noneOf: ["DAEMON"] } },
    passing: { desiredCount: 2 },
    failing: { desiredCount: 1 },
  }),
  ecsNotSpotOnly,
  eksNotSpotOnly,
  definePropertyRule({
    id: "asg-not-spot-only",
    title: "Groups do not live on spot capacity alone",
    severity: "high",
    why: "AWS takes spot capacity back with two minutes' notice, and often all of it at once.",
    remedy: "Set onDemandBaseCapacity to 1 or more, or onDemandPercentageAboveBaseCapacity above 0.",
    source: "EC2 Auto Scaling guide, Mixed instances groups",
    types: ["aws:autoscaling/group:Group"],
    properties: ["mixedInstancesPolicy.instancesDistribution.onDemandPercentageAboveBaseCapacity"],
    mustBe: { noneOf: [0] },
    when: { "mixedInstancesPolicy.instancesDistribution.onDemandBaseCapacity": { differsFrom: /^[1-9]/ } },
    passing: fleet(50),
    failing: fleet(0),
  }),
  definePropertyRule({
    id: "ec2-no-spot",
    title: "Single instances are not of spot capacity",
    severity: "high",
    why: "AWS takes it back with two minutes' notice, and nothing makes another one.",
    remedy: "Leave instanceMarketOptions out.",
    source: "EC2 user guide, Spot Instance interruptions",
    types: ["aws:ec2/instance:Instance"],
    properties: ["instanceMarketOptions.marketType"],
    mustBe: { noneOf: ["spot"] },
    passing: { ami: "ami-1", instanceType: "m8g.large" },
    failing: { ami: "ami-1", instanceType: "m8g.large", instanceMarketOptions: { marketType: "spot" } },
  }),
];

function kept() {
  return {
    deletionProtection: true,
    backupRetentionPeriod: 7,
    finalSnapshotIdentifier: "last",
    kmsKeyId: "arn",
  };
}
