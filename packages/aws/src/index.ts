export { AccountGuardrails, type AccountGuardrailsNodes } from "./account-guardrails/account-guardrails.ts";
export {
  ACCOUNT_GUARDRAILS_PRESETS,
  type AccountGuardrailsArgs,
  type AccountGuardrailsSize,
  type Guardrail,
  type PasswordPolicyArgs,
} from "./account-guardrails/account-guardrails-args.ts";
export type { RegionalGuardrails } from "./account-guardrails/regional-guardrails.ts";
export { AlertTopic, type AlertTopicNodes } from "./alert-topic/alert-topic.ts";
export {
  ALERT_TOPIC_PRESETS,
  type AlertPublisher,
  type AlertSubscription,
  type AlertTopicAlarm,
  type AlertTopicArgs,
  type AlertTopicSize,
} from "./alert-topic/alert-topic-args.ts";
export type { AuditAlarms } from "./audit-trail/audit-alarms.ts";
export { AUDIT_EVENTS, type AuditEvent, type AuditEventSpec } from "./audit-trail/audit-events.ts";
export { AuditTrail, type AuditTrailNodes } from "./audit-trail/audit-trail.ts";
export {
  AUDIT_TRAIL_PRESETS,
  type AuditTrailArgs,
  type AuditTrailSize,
  type TrailInsight,
} from "./audit-trail/audit-trail-args.ts";
export { BreakGlassRole, type BreakGlassRoleNodes } from "./break-glass-role/break-glass-role.ts";
export type { BreakGlassAlarm, BreakGlassRoleArgs } from "./break-glass-role/break-glass-role-args.ts";
export { Bucket, type BucketNodes } from "./bucket/bucket.ts";
export {
  type AccessLogsArgs,
  BUCKET_PRESETS,
  type BucketAdoption,
  type BucketArgs,
  type BucketRef,
  type BucketSize,
  type ObjectLockArgs,
} from "./bucket/bucket-args.ts";
export type { BucketSettings } from "./bucket/bucket-settings.ts";
export type { LifecycleRule, LifecycleTransition } from "./bucket/lifecycle.ts";
export type { OwnBucket } from "./bucket/own-bucket.ts";
export { Budget, type BudgetNodes } from "./budget/budget.ts";
export type { AnomalyArgs, BudgetArgs } from "./budget/budget-args.ts";
export type { CostAnomalies } from "./budget/cost-anomalies.ts";
export { Cache, type CacheNodes, type CacheRef } from "./cache/cache.ts";
export {
  CACHE_PRESETS,
  type CacheAlarm,
  type CacheArgs,
  type CacheIdentifiers,
  type CacheNetwork,
  type CacheSize,
  type CacheUserArgs,
  type EvictionPolicy,
} from "./cache/cache-args.ts";
export type { CacheUsers } from "./cache/cache-users.ts";
export { Canary, type CanaryNodes } from "./canary/canary.ts";
export {
  CANARY_PRESETS,
  CANARY_RUNTIME,
  type CanaryAlarm,
  type CanaryArgs,
  type CanaryInterval,
  type CanarySize,
} from "./canary/canary-args.ts";
export { Certificate, type CertificateNodes, type CertificateRef } from "./certificate/certificate.ts";
export type { CertificateAlarm, CertificateArgs, CertificateKey } from "./certificate/certificate-args.ts";
export type { AlarmCondition, AlarmRef } from "./composite-alarm/alarm-condition.ts";
export { CompositeAlarm, type CompositeAlarmNodes } from "./composite-alarm/composite-alarm.ts";
export type { CompositeAlarmArgs } from "./composite-alarm/composite-alarm-args.ts";
export {
  ContainerRegistry,
  type ContainerRegistryNodes,
  type ContainerRegistryRef,
} from "./container-registry/container-registry.ts";
export {
  CONTAINER_REGISTRY_PRESETS,
  type ContainerRegistryArgs,
  type ContainerRegistrySize,
} from "./container-registry/container-registry-args.ts";
export { Dashboard, type DashboardNodes } from "./dashboard/dashboard.ts";
export type { DashboardArgs, DashboardSection } from "./dashboard/dashboard-args.ts";
export { DeployRole, type DeployRoleNodes } from "./deploy-role/deploy-role.ts";
export type {
  DeployRoleArgs,
  DeploySubject,
  ExactSubject,
  GitHubSubject,
  OidcProviderRef,
  SubjectPattern,
} from "./deploy-role/deploy-role-args.ts";
export type { ClusterRef, ContainerInsights } from "./ecs/cluster.ts";
export type { ContainerArgs, ContainerSecret, ContainerSize } from "./ecs/container-args.ts";
export type { ContainerImage } from "./ecs/container-image.ts";
export type { FargateCpu } from "./ecs/fargate-size.ts";
export {
  EncryptionKey,
  type EncryptionKeyNodes,
  type EncryptionKeyRef,
} from "./encryption-key/encryption-key.ts";
export {
  ENCRYPTION_KEY_PRESETS,
  type EncryptionKeyAdoption,
  type EncryptionKeyArgs,
  type EncryptionKeySize,
} from "./encryption-key/encryption-key-args.ts";
export type { KeyService } from "./encryption-key/key-service.ts";
export type { DeploymentArgs } from "./fargate-service/deployment.ts";
export {
  type FargateLoadBalancer,
  FargateService,
  type FargateServiceNodes,
  type FargateServiceRef,
} from "./fargate-service/fargate-service.ts";
export {
  FARGATE_SERVICE_PRESETS,
  type FargateServiceAlarm,
  type FargateServiceArgs,
  type FargateServiceSize,
  type ScalingArgs,
} from "./fargate-service/fargate-service-args.ts";
export type { LoadBalancerArgs } from "./fargate-service/load-balancer-args.ts";
export { FileSystem, type FileSystemNodes, type FileSystemRef } from "./file-system/file-system.ts";
export {
  type AccessPointArgs,
  FILE_SYSTEM_PRESETS,
  type FileSystemAdoption,
  type FileSystemAlarm,
  type FileSystemArgs,
  type FileSystemSize,
  type TransitionDays,
} from "./file-system/file-system-args.ts";
export type { FileSystemAccess } from "./file-system/file-system-policy.ts";
export { HostedZone, type HostedZoneNodes, type HostedZoneRef } from "./hosted-zone/hosted-zone.ts";
export {
  HOSTED_ZONE_PRESETS,
  type HostedZoneAlarm,
  type HostedZoneArgs,
  type HostedZoneSize,
  type ZoneVpc,
} from "./hosted-zone/hosted-zone-args.ts";
export type { QueryLogs } from "./hosted-zone/query-logs.ts";
export type { ZoneSigning } from "./hosted-zone/zone-signing.ts";
export { type PolicyConditions, type PolicyStatement, policyDocument } from "./iam/policy-statement.ts";
export {
  InstanceGroup,
  type InstanceGroupNodes,
  type InstanceGroupRef,
} from "./instance-group/instance-group.ts";
export {
  INSTANCE_GROUP_PRESETS,
  type InstanceGroupAlarm,
  type InstanceGroupArgs,
  type InstanceGroupSize,
  type InstanceIngress,
} from "./instance-group/instance-group-args.ts";
export type { InstanceRole } from "./instance-group/instance-role.ts";
export type { ArchiveCode, FunctionCode, ImageCode } from "./lambda-function/function-code.ts";
export type { FunctionRole } from "./lambda-function/function-role.ts";
export {
  LambdaFunction,
  type LambdaFunctionNodes,
  type LambdaFunctionRef,
} from "./lambda-function/lambda-function.ts";
export {
  type FunctionInvoker,
  type FunctionTraffic,
  type FunctionVpcArgs,
  LAMBDA_FUNCTION_PRESETS,
  type LambdaFunctionAlarm,
  type LambdaFunctionArgs,
  type LambdaFunctionSize,
} from "./lambda-function/lambda-function-args.ts";
export { LogGroup, type LogGroupNodes, type LogGroupRef } from "./log-group/log-group.ts";
export {
  LOG_GROUP_PRESETS,
  type LogGroupAlarm,
  type LogGroupArgs,
  type LogGroupSize,
} from "./log-group/log-group-args.ts";
export { MetricsWorkspace, type MetricsWorkspaceNodes } from "./metrics-workspace/metrics-workspace.ts";
export {
  type GrafanaArgs,
  METRICS_WORKSPACE_PRESETS,
  type MetricsWorkspaceArgs,
  type MetricsWorkspaceSize,
} from "./metrics-workspace/metrics-workspace-args.ts";
export type { AlarmsArgs, AlertTopicRef } from "./monitoring/alarms.ts";
export type { DashboardMetric, DashboardWidget } from "./monitoring/dashboard-widget.ts";
export type { RetentionDays } from "./monitoring/retention-days.ts";
export type { Peers, SecurityGroupRef } from "./network/peer-access.ts";
export type { Opening } from "./opening.ts";
export { BOUNDARY_DENIES, type BoundaryDeny } from "./permission-boundary/boundary-denies.ts";
export { onEveryRole } from "./permission-boundary/on-every-role.ts";
export {
  PermissionBoundary,
  type PermissionBoundaryNodes,
  type PermissionBoundaryRef,
} from "./permission-boundary/permission-boundary.ts";
export type { PermissionBoundaryArgs } from "./permission-boundary/permission-boundary-args.ts";
export type {
  PostgresNetwork,
  PostgresServerArgs,
  PostgresServerSize,
} from "./postgres/postgres-server-args.ts";
export {
  PostgresCluster,
  type PostgresClusterNodes,
  type PostgresClusterRef,
} from "./postgres-cluster/postgres-cluster.ts";
export {
  POSTGRES_CLUSTER_PRESETS,
  type PostgresAdoption,
  type PostgresAlarm,
  type PostgresClusterArgs,
  type PostgresClusterSize,
  type PostgresIdentifiers,
  type PostgresProxyArgs,
  type ServerlessCapacity,
} from "./postgres-cluster/postgres-cluster-args.ts";
export type { PostgresProxy } from "./postgres-cluster/proxy.ts";
export {
  PostgresInstance,
  type PostgresInstanceNodes,
  type PostgresInstanceRef,
} from "./postgres-instance/postgres-instance.ts";
export {
  POSTGRES_INSTANCE_PRESETS,
  type PostgresInstanceAdoption,
  type PostgresInstanceAlarm,
  type PostgresInstanceArgs,
  type PostgresInstanceIdentifiers,
  type PostgresInstanceSize,
  type PostgresStorage,
} from "./postgres-instance/postgres-instance-args.ts";
export type { Preset, PresetTable } from "./preset.ts";
export { ResolverLogging, type ResolverLoggingNodes } from "./resolver-logging/resolver-logging.ts";
export type { ResolverLoggingArgs } from "./resolver-logging/resolver-logging-args.ts";
export { ScheduledJob, type ScheduledJobNodes } from "./scheduled-job/scheduled-job.ts";
export {
  type FunctionJob,
  SCHEDULED_JOB_PRESETS,
  type ScheduledJobAlarm,
  type ScheduledJobArgs,
  type ScheduledJobSize,
  type TaskJob,
} from "./scheduled-job/scheduled-job-args.ts";
export type { SecretRotationNodes } from "./secret/rotation.ts";
export { Secret, type SecretNodes, type SecretRef } from "./secret/secret.ts";
export {
  type RotationFunctionRef,
  SECRET_PRESETS,
  type SecretAdoption,
  type SecretArgs,
  type SecretRotationArgs,
  type SecretSize,
} from "./secret/secret-args.ts";
export { secretsManagerSource } from "./secret/secrets-manager-source.ts";
export { SecurityGroup, type SecurityGroupNodes } from "./security-group/security-group.ts";
export type {
  EgressRule,
  IngressRule,
  SecurityGroupArgs,
  SecurityGroupPeer,
  TrafficPeer,
  TrafficRule,
} from "./security-group/security-group-args.ts";
export { StateBackend, type StateBackendNodes, type StateBackendRef } from "./state-backend/state-backend.ts";
export type { StateBackendAdoption, StateBackendArgs } from "./state-backend/state-backend-args.ts";
export { Table, type TableNodes, type TableRef } from "./table/table.ts";
export {
  type CapacityRange,
  type GlobalIndexArgs,
  type LocalIndexArgs,
  type OnDemandCapacity,
  type ProvisionedCapacity,
  TABLE_PRESETS,
  type TableAlarm,
  type TableArgs,
  type TableKey,
  type TableProjection,
  type TableSize,
} from "./table/table-args.ts";
export type { TableScaling } from "./table/table-capacity.ts";
export type { SubnetAddresses, SubnetKey, SubnetPlan, Tier } from "./vpc/address-plan.ts";
export type { AdoptedNatGateway, AdoptedSubnet, VpcAdoption } from "./vpc/adoption.ts";
export type { GatewayService } from "./vpc/endpoint-args.ts";
export type { Endpoints } from "./vpc/endpoints.ts";
export type {
  CloudWatchFlowLogArgs,
  FlowLogArgs,
  NoFlowLogArgs,
  S3FlowLogArgs,
} from "./vpc/flow-log-args.ts";
export type { Nat } from "./vpc/nat.ts";
export type { PublicIngress } from "./vpc/network-acl-plan.ts";
export type { PeeredVpc } from "./vpc/peered-vpc.ts";
export { Vpc, type VpcNodes } from "./vpc/vpc.ts";
export type { VpcArgs } from "./vpc/vpc-args.ts";
export {
  type NatMode,
  type NatPlan,
  planVpc,
  type RouteTableKey,
  type RouteTablePlan,
  type VpcPlan,
  type VpcPlanOptions,
} from "./vpc/vpc-plan.ts";
export type { VpcRef } from "./vpc/vpc-ref.ts";
export type { ZoneArgs, ZonePlan, ZoneSlot } from "./vpc/zones.ts";
export { VpcPeering, type VpcPeeringNodes } from "./vpc-peering/vpc-peering.ts";
export type { AcceptingVpc, VpcPeeringArgs } from "./vpc-peering/vpc-peering-args.ts";
