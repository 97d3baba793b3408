export type {
  EnvironmentApproval,
  EnvironmentApprovalRequest,
  VoidReview,
} from "./approval/approve-set.ts";
export type { Approver, ApproverDecision, Review } from "./approval/approver.ts";
export type { ReviewedSet } from "./approval/reviewed-set.ts";
export {
  type Backend,
  defineEnvironment,
  type EnvironmentDefinition,
  type EnvironmentOptions,
} from "./define/environment.ts";
export { type LoadedProject, type LoadedStack, loadProject } from "./define/load-project.ts";
export { defineProject, type ProjectDefinition, type ProjectOptions } from "./define/project.ts";
export { type SecretSchema, secret } from "./define/secret.ts";
export {
  type AnyStack,
  defineStack,
  type PreflightContext,
  type ProgramOutputs,
  type ProgramValues,
  type StackCheck,
  type StackContext,
  type StackDefinition,
  type StackOptions,
} from "./define/stack.ts";
export { sandboxDatabase } from "./engine/engine-environment.ts";
export type { EngineLimits } from "./engine/engine-limits.ts";
export { plainPulumiEnvironment } from "./engine/plain-environment.ts";
export { cacheFolder } from "./engine-install/cache-folder.ts";
export type { Engine, EngineFinding, EngineOrigin, EngineProgress } from "./engine-install/engine.ts";
export { ENGINE_VERSION } from "./engine-install/engine.ts";
export {
  type EngineReport,
  inspectEngines,
  type ResolveEngineOptions,
  resolveEngine,
} from "./engine-install/resolve-engine.ts";
export type { Affected } from "./environment/affected-stacks.ts";
export type {
  EnvironmentDrift,
  EnvironmentDriftRequest,
  StackDrift,
} from "./environment/drift-environment.ts";
export type { EnvironmentRequest, EnvironmentResult } from "./environment/run-environment.ts";
export type { Skipped } from "./environment/run-graph.ts";
export { dataHoldingTypes, lossOf } from "./guard/data-holding-types.ts";
export type { Journal, RunFilter } from "./journal/journal.ts";
export { MemoryJournal } from "./journal/memory-journal.ts";
export { SqliteJournal } from "./journal/sqlite-journal.ts";
export type { BackendLock } from "./lease/backend-lock.ts";
export type { LeaseParty } from "./lease/lease-document.ts";
export {
  type AcquireOptions,
  type Lease,
  type LeaseBusy,
  type LeaseHolder,
  LeaseKeeper,
} from "./lease/lease-keeper.ts";
export type { LeaseStore, StoredLease } from "./lease/lease-store.ts";
export { MemoryLeaseStore } from "./lease/memory-lease-store.ts";
export type { ProcessFacts } from "./lease/process-facts.ts";
export { S3LeaseStore } from "./lease/s3-lease-store.ts";
export type { S3Place } from "./lease/s3-objects.ts";
export { SqliteLeaseStore } from "./lease/sqlite-lease-store.ts";
export { Orchestrator } from "./orchestrator.ts";
export type {
  ApprovalRequest,
  DecisionRequest,
  DeployRequest,
  DriftRequest,
  LiftBudgetRequest,
  OrchestratorOptions,
  RestoreRequest,
  ResumeRequest,
  RollbackRequest,
  RunRequest,
  SettleRequest,
  StackRequest,
} from "./orchestrator-options.ts";
export type { OutputFiles } from "./outputs/export-outputs.ts";
export type { EventListener } from "./pipeline/tell-listeners.ts";
export { findNpmPlugins, type NpmPlugin } from "./plugins/find-plugins.ts";
export { installPlugin, type PluginFinding } from "./plugins/plugin-place.ts";
export { inspectPlugins, installPlugins } from "./plugins/project-plugins.ts";
export { findPolicyPack, type PolicyPackFolder } from "./policy/policy-pack.ts";
export type { RestoreFrom } from "./recovery/restore.ts";
export type { ReviewPageOptions, StackNode } from "./review-page/review-facts.ts";
export { reviewPage } from "./review-page/review-page.ts";
export type { ReturnPointSummary } from "./rollback/return-points.ts";
export { type OpenTelemetry, type OpenTelemetryOptions, openTelemetry } from "./telemetry/open-telemetry.ts";
export { RunIds, runSpanContext } from "./telemetry/run-trace.ts";
export type { WebhookDelivery } from "./webhooks/deliver-waiting.ts";
export type { Sent } from "./webhooks/send-webhook.ts";
export type {
  WebhookDefinition,
  WebhookOptions,
  WebhookSecretSource,
} from "./webhooks/webhook-definition.ts";
export type { WebhookStatus, Webhooks } from "./webhooks/webhooks.ts";
