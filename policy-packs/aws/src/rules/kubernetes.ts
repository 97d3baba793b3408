import { definePropertyRule, defineRule, type Rule, select } from "@groundplane/policy";

const TYPE = "aws:eks/cluster:Cluster";
const CLUSTER = {
  roleArn: "arn",
  version: "1.34",
  vpcConfig: {
    subnetIds: ["subnet-1", "subnet-2"],
    endpointPublicAccess: false,
    endpointPrivateAccess: true,
  },
  enabledClusterLogTypes: ["api", "audit", "authenticator"],
  encryptionConfig: { provider: { keyArn: "arn" }, resources: ["secrets"] },
  accessConfig: { authenticationMode: "API" },
};
const NODES = {
  clusterName: "app",
  nodeRoleArn: "arn",
  subnetIds: ["subnet-1", "subnet-2"],
  scalingConfig: { desiredSize: 2, minSize: 2, maxSize: 4 },
};

const closedEndpoint = defineRule({
  id: "eks-endpoint-closed",
  title: "The Kubernetes API is not open to the internet",
  severity: "high",
  why: "Every bug of the API server is then within everyone's reach.",
  remedy: "Set vpcConfig.endpointPublicAccess: false, or list the networks in publicAccessCidrs.",
  source: "AWS FSBP EKS.1; cdk-nag AwsSolutions-EKS1",
  appliesTo: [TYPE],
  reads: ["vpcConfig.endpointPublicAccess", "vpcConfig.publicAccessCidrs[*]"].map((property) => ({
    type: TYPE,
    property,
  })),
  examples: {
    passing: [
      { type: TYPE, inputs: CLUSTER },
      {
        type: TYPE,
        inputs: {
          ...CLUSTER,
          vpcConfig: {
            ...CLUSTER.vpcConfig,
            endpointPublicAccess: true,
            publicAccessCidrs: ["192.0.2.0/24"],
          },
        },
      },
    ],
    failing: [{ type: TYPE, inputs: { ...CLUSTER, vpcConfig: { subnetIds: ["subnet-1", "subnet-2"] } } }],
  },
  check({ props }, report) {
    const isClosed = select(props, "vpcConfig.endpointPublicAccess").every(
      ({ value }) => value === false || value === "false",
    );
    if (isClosed) return;
    const blocks = select(props, "vpcConfig.publicAccessCidrs[*]");
    if (blocks.length === 0) report("vpcConfig.endpointPublicAccess is not false, and no network is named");
    for (const { path, value } of blocks)
      if (String(value).trim().endsWith("/0")) report(`${path} is ${String(value)}`);
  },
});

/** EKS. */
export const kubernetesRules: readonly Rule[] = [
  closedEndpoint,
  definePropertyRule({
    id: "eks-logs",
    title: "Clusters log who did what",
    severity: "medium",
    why: "Without the audit log nobody knows who deleted the namespace.",
    remedy: 'Set enabledClusterLogTypes: ["api", "audit", "authenticator"].',
    source: "AWS FSBP EKS.8; cdk-nag AwsSolutions-EKS2",
    types: [TYPE],
    properties: ["enabledClusterLogTypes"],
    mustBe: { includes: ["api", "audit", "authenticator"] },
    passing: CLUSTER,
    failing: { ...CLUSTER, enabledClusterLogTypes: ["api"] },
  }),
  definePropertyRule({
    id: "eks-secrets-encrypted",
    title: "Kubernetes secrets are encrypted with a key",
    severity: "medium",
    why: "Who gets hold of etcd otherwise has every secret.",
    remedy: 'Set encryptionConfig: { provider: { keyArn }, resources: ["secrets"] }.',
    source: "AWS FSBP EKS.3",
    types: [TYPE],
    properties: ["encryptionConfig.resources"],
    mustBe: { includes: ["secrets"] },
    passing: CLUSTER,
    failing: {
      roleArn: CLUSTER.roleArn,
      version: CLUSTER.version,
      vpcConfig: CLUSTER.vpcConfig,
      enabledClusterLogTypes: CLUSTER.enabledClusterLogTypes,
      accessConfig: CLUSTER.accessConfig,
    },
  }),
  definePropertyRule({
    id: "eks-version",
    title: "Clusters run a version that AWS supports",
    severity: "high",
    why: "Past its end AWS patches a version no more, and upgrades the cluster when it likes.",
    remedy: "Move to a version in standard support, one minor version at a time.",
    source: "AWS FSBP EKS.2; EKS user guide, Kubernetes release calendar",
    types: [TYPE],
    properties: ["version"],
    // Extended support of 1.30 ended on 2026-07-23; that of 1.31 ends on 2026-11-26.
    mustBe: { differsFrom: /^1\.(?:\d|[12]\d|30)$/ },
    passing: CLUSTER,
    failing: { ...CLUSTER, version: "1.27" },
  }),
  definePropertyRule({
    id: "eks-access-entries",
    title: "Access to clusters is given by access entries",
    severity: "low",
    why: "One wrong edit of the aws-auth config map shuts everybody out, and no API shows who is in it.",
    remedy: 'Set accessConfig: { authenticationMode: "API" }, or "API_AND_CONFIG_MAP" on the way there.',
    source: "EKS best practices guide, Cluster access manager",
    types: [TYPE],
    properties: ["accessConfig.authenticationMode"],
    mustBe: { oneOf: ["API", "API_AND_CONFIG_MAP"] },
    passing: CLUSTER,
    failing: { ...CLUSTER, accessConfig: { authenticationMode: "CONFIG_MAP" } },
  }),
  definePropertyRule({
    id: "eks-no-node-ssh",
    title: "Nodes take no SSH",
    severity: "medium",
    why: "A key that opens every node is shared by everyone who needed one once.",
    remedy: "Leave remoteAccess out, and use Session Manager.",
    source: "EKS best practices guide, Minimize access to worker nodes",
    types: ["aws:eks/nodeGroup:NodeGroup"],
    properties: ["remoteAccess.ec2SshKey"],
    mustBe: "unset",
    passing: NODES,
    failing: { ...NODES, remoteAccess: { ec2SshKey: "ops", sourceSecurityGroupIds: ["sg-1"] } },
  }),
];
