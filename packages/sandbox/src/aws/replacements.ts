import type { Replaces } from "../provider/diff.ts";

const TERRAFORM = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources";

/**
 * Where the provider differs from CloudFormation's specification and the SDK's documentation says nothing. A type's
 * own rule comes before this table, and this table before the catalog.
 */
export const EVERYWHERE: Readonly<Record<string, { readonly replaces: boolean; readonly source: string }>> = {
  tags: { replaces: false, source: "https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html" },
  tagsAll: {
    replaces: false,
    source: "https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html",
  },
  // Enhanced region support of version 6 of the provider: a resource of another region is another resource.
  region: {
    replaces: true,
    source:
      "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/enhanced-region-support",
  },
  namePrefix: { replaces: true, source: `${TERRAFORM}/iam_role` },
  bucketPrefix: { replaces: true, source: `${TERRAFORM}/s3_bucket` },
};

/** Properties of one type that replace, by the page of its resource. */
function all(page: string, type: string, properties: readonly string[]) {
  const fact = { replaces: true, source: `${TERRAFORM}/${page}` };
  return { [type]: Object.fromEntries(properties.map((property) => [property, fact])) };
}

/** By type: properties that replace, or do not, with the page that says so. */
export const BY_TYPE: Readonly<
  Record<string, Readonly<Record<string, { readonly replaces: Replaces; readonly source: string }>>>
> = {
  "aws:ec2/subnet:Subnet": {
    ipv6CidrBlock: { replaces: "when-changed", source: `${TERRAFORM}/subnet` },
  },
  "aws:s3/bucket:Bucket": {
    bucket: { replaces: true, source: `${TERRAFORM}/s3_bucket` },
    forceDestroy: { replaces: false, source: `${TERRAFORM}/s3_bucket` },
  },
  // A bucket's settings are each of one bucket.
  ...Object.fromEntries(
    [
      ["LifecycleConfiguration", "lifecycle_configuration"],
      ["Logging", "logging"],
      ["ObjectLockConfiguration", "object_lock_configuration"],
      ["OwnershipControls", "ownership_controls"],
      ["PublicAccessBlock", "public_access_block"],
      ["ServerSideEncryptionConfiguration", "server_side_encryption_configuration"],
      ["Versioning", "versioning"],
    ].map(([type, page]) => [
      `aws:s3/bucket${type}:Bucket${type}`,
      { bucket: { replaces: true, source: `${TERRAFORM}/s3_bucket_${page}` } },
    ]),
  ),
  "aws:kms/key:Key": {
    multiRegion: {
      replaces: true,
      source: "https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html",
    },
  },
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": {
    functionName: { replaces: true, source: `${TERRAFORM}/lambda_function_event_invoke_config` },
    qualifier: { replaces: true, source: `${TERRAFORM}/lambda_function_event_invoke_config` },
  },
  "aws:lambda/functionUrl:FunctionUrl": {
    functionName: { replaces: true, source: `${TERRAFORM}/lambda_function_url` },
    qualifier: { replaces: true, source: `${TERRAFORM}/lambda_function_url` },
  },
  "aws:lambda/permission:Permission": {
    function: { replaces: true, source: `${TERRAFORM}/lambda_permission` },
    qualifier: { replaces: true, source: `${TERRAFORM}/lambda_permission` },
  },
  "aws:secretsmanager/secretVersion:SecretVersion": Object.fromEntries(
    ["secretId", "secretString", "secretBinary", "secretStringWoVersion"].map((property) => [
      property,
      { replaces: true, source: `${TERRAFORM}/secretsmanager_secret_version` },
    ]),
  ),
  "aws:rds/instance:Instance": { identifier: { replaces: false, source: `${TERRAFORM}/db_instance` } },
  "aws:rds/cluster:Cluster": { clusterIdentifier: { replaces: true, source: `${TERRAFORM}/rds_cluster` } },
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": {
    name: { replaces: true, source: `${TERRAFORM}/cloudwatch_log_metric_filter` },
    logGroupName: { replaces: true, source: `${TERRAFORM}/cloudwatch_log_metric_filter` },
  },
  "aws:iam/role:Role": { name: { replaces: true, source: `${TERRAFORM}/iam_role` } },
  "aws:iam/policy:Policy": {
    name: { replaces: true, source: `${TERRAFORM}/iam_policy` },
    description: { replaces: true, source: `${TERRAFORM}/iam_policy` },
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    role: { replaces: true, source: `${TERRAFORM}/iam_role_policy_attachment` },
    policyArn: { replaces: true, source: `${TERRAFORM}/iam_role_policy_attachment` },
  },
  "aws:ec2/networkAclRule:NetworkAclRule": Object.fromEntries(
    [
      "cidrBlock",
      "ipv6CidrBlock",
      "egress",
      "fromPort",
      "toPort",
      "protocol",
      "ruleAction",
      "ruleNumber",
      "networkAclId",
    ].map((property) => [property, { replaces: true, source: `${TERRAFORM}/network_acl_rule` }]),
  ),
  "aws:ec2/flowLog:FlowLog": Object.fromEntries(
    [
      "vpcId",
      "subnetId",
      "eniId",
      "trafficType",
      "logDestination",
      "logDestinationType",
      "logFormat",
      "iamRoleArn",
    ].map((property) => [property, { replaces: true, source: `${TERRAFORM}/flow_log` }]),
  ),
  "aws:appautoscaling/target:Target": Object.fromEntries(
    ["resourceId", "scalableDimension", "serviceNamespace"].map((property) => [
      property,
      { replaces: true, source: `${TERRAFORM}/appautoscaling_target` },
    ]),
  ),
  "aws:appautoscaling/policy:Policy": Object.fromEntries(
    ["name", "resourceId", "scalableDimension", "serviceNamespace"].map((property) => [
      property,
      { replaces: true, source: `${TERRAFORM}/appautoscaling_policy` },
    ]),
  ),
  // Of Application Load Balancers, which are the usual kind. A Network Load Balancer gives up a subnet by a replacement.
  "aws:lb/loadBalancer:LoadBalancer": { subnets: { replaces: false, source: `${TERRAFORM}/lb` } },
  "aws:ecr/repository:Repository": {
    encryptionConfigurations: { replaces: true, source: `${TERRAFORM}/ecr_repository` },
  },
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": {
    policy: { replaces: true, source: `${TERRAFORM}/ecr_lifecycle_policy` },
  },
  ...all("route53_zone", "aws:route53/zone:Zone", ["name", "delegationSetId"]),
  ...all("route53_record", "aws:route53/record:Record", ["name", "zoneId", "setIdentifier"]),
  ...all("route53_key_signing_key", "aws:route53/keySigningKey:KeySigningKey", [
    ...["hostedZoneId", "keyManagementServiceArn", "name"],
  ]),
  ...all("acm_certificate_validation", "aws:acm/certificateValidation:CertificateValidation", [
    ...["certificateArn", "validationRecordFqdns"],
  ]),
  ...all("ce_anomaly_monitor", "aws:costexplorer/anomalyMonitor:AnomalyMonitor", [
    ...["monitorDimension", "monitorSpecification", "monitorType"],
  ]),
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
    vpcId: { replaces: true, source: `${TERRAFORM}/default_security_group` },
  },
  ...Object.fromEntries(
    ["Ingress", "Egress"].map((direction) => [
      `aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`,
      {
        securityGroupId: {
          replaces: true,
          source: `${TERRAFORM}/vpc_security_group_${direction.toLowerCase()}_rule`,
        },
      },
    ]),
  ),
  "aws:sns/topicPolicy:TopicPolicy": { arn: { replaces: true, source: `${TERRAFORM}/sns_topic_policy` } },
  "aws:sns/topicSubscription:TopicSubscription": Object.fromEntries(
    ["topic", "protocol", "endpoint"].map((property) => [
      property,
      { replaces: true, source: `${TERRAFORM}/sns_topic_subscription` },
    ]),
  ),
  "aws:ec2/peeringConnectionOptions:PeeringConnectionOptions": {
    vpcPeeringConnectionId: { replaces: true, source: `${TERRAFORM}/vpc_peering_connection_options` },
  },
  "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": {
    vpcPeeringConnectionId: { replaces: true, source: `${TERRAFORM}/vpc_peering_connection_accepter` },
  },
  "aws:route53/resolverQueryLogConfig:ResolverQueryLogConfig": {
    destinationArn: { replaces: true, source: `${TERRAFORM}/route53_resolver_query_log_config` },
    name: { replaces: true, source: `${TERRAFORM}/route53_resolver_query_log_config` },
  },
  "aws:route53/resolverQueryLogConfigAssociation:ResolverQueryLogConfigAssociation": Object.fromEntries(
    ["resolverQueryLogConfigId", "resourceId"].map((property) => [
      property,
      { replaces: true, source: `${TERRAFORM}/route53_resolver_query_log_config_association` },
    ]),
  ),
  "aws:amp/workspace:Workspace": {
    kmsKeyArn: { replaces: true, source: `${TERRAFORM}/prometheus_workspace` },
  },
};
