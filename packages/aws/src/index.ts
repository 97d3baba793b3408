export { AccountGuardrails, type AccountGuardrailsNodes } from "./account-guardrails/account-guardrails.ts";
export {
  ACCOUNT_GUARDRAILS_PRESETS,
  type AccountGuardrailsArgs,
  type AccountGuardrailsSize,
  type Guardrail,
  type PasswordPolicyArgs,
} from "./account-guardrails/account-guardrails-args.ts";
export type { RegionalGuardrails } from "./account-guardrails/regional-guardrails.ts";
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
export { Budget, type BudgetNodes } from "./budget/budget.ts";
export type { AnomalyArgs, BudgetArgs } from "./budget/budget-args.ts";
export type { CostAnomalies } from "./budget/cost-anomalies.ts";
export { Certificate, type CertificateNodes, type CertificateRef } from "./certificate/certificate.ts";
export type { CertificateAlarm, CertificateArgs, CertificateKey } from "./certificate/certificate-args.ts";
export { DeployRole, type DeployRoleNodes } from "./deploy-role/deploy-role.ts";
export type {
  DeployRoleArgs,
  DeploySubject,
  ExactSubject,
  GitHubSubject,
  OidcProviderRef,
  SubjectPattern,
} from "./deploy-role/deploy-role-args.ts";
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
export { LogGroup, type LogGroupNodes, type LogGroupRef } from "./log-group/log-group.ts";
export {
  LOG_GROUP_PRESETS,
  type LogGroupAlarm,
  type LogGroupArgs,
  type LogGroupSize,
} from "./log-group/log-group-args.ts";
export type { AlarmsArgs, AlertTopicRef } from "./monitoring/alarms.ts";
export type { DashboardMetric, DashboardWidget } from "./monitoring/dashboard-widget.ts";
export type { RetentionDays } from "./monitoring/retention-days.ts";
export type { Opening } from "./opening.ts";
export { BOUNDARY_DENIES, type BoundaryDeny } from "./permission-boundary/boundary-denies.ts";
export { onEveryRole } from "./permission-boundary/on-every-role.ts";
export {
  PermissionBoundary,
  type PermissionBoundaryNodes,
  type PermissionBoundaryRef,
} from "./permission-boundary/permission-boundary.ts";
export type { PermissionBoundaryArgs } from "./permission-boundary/permission-boundary-args.ts";
export type { Preset, PresetTable } from "./preset.ts";
export type { AccessLogs } from "./s3/access-logs.ts";
export type { ClosedBucket } from "./s3/closed-bucket.ts";
export type { ObjectLock } from "./s3/object-lock.ts";
export { StateBackend, type StateBackendNodes, type StateBackendRef } from "./state-backend/state-backend.ts";
export type { StateBackendAdoption, StateBackendArgs } from "./state-backend/state-backend-args.ts";
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
