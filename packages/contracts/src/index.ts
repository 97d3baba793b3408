export {
  type ApprovalRule,
  type ApprovalRuleInput,
  approvalRuleSchema,
  type Decision,
  decisionSchema,
} from "./approval.ts";
export { changeNote } from "./change-note.ts";
export {
  type Assumption,
  assumptionSchema,
  assumptionText,
  CHANGE_OPERATIONS,
  type ChangeOperation,
  type ChangeSet,
  changeOperationSchema,
  changeSetSchema,
  hasChanges,
  type PlannedResource,
  plannedResourceSchema,
  type ResourceChange,
  resourceChangeSchema,
} from "./change-set.ts";
export {
  type BudgetForecast,
  type BudgetLift,
  brakeHolds,
  budgetLiftSchema,
  type CostAssumption,
  type CostCharge,
  type CostEstimate,
  type CostItem,
  type CostRange,
  type CostTotal,
  costEstimateSchema,
  isBrakeLifted,
  type RunCost,
  rangeText,
  totalText,
} from "./cost.ts";
export {
  DRIFT_CAVEATS,
  type DriftCaveat,
  type DriftIgnore,
  type DriftItem,
  type DriftProperty,
  type DriftReport,
  driftIgnoreSchema,
  driftItemSchema,
  driftReportSchema,
  openDrift,
  openProperties,
} from "./drift.ts";
export { driftFindings } from "./drift-findings.ts";
export {
  ERROR_TABLE,
  type ErrorCode,
  type ErrorSource,
  EXIT_CODES,
  GroundplaneError,
  type GroundplaneErrorOptions,
  isGroundplaneError,
} from "./errors.ts";
export {
  EVENTS,
  type EventData,
  type EventName,
  eventEnvelopeSchema,
  type GroundplaneEvent,
} from "./events.ts";
export {
  blocks,
  type Enforcement,
  enforcementSchema,
  type Finding,
  type FindingStatus,
  findingSchema,
  findingStatusSchema,
  SEVERITIES,
  type Severity,
  severitySchema,
} from "./finding.ts";
export { type SarifLog, type SarifOptions, toSarif } from "./findings-sarif.ts";
export { toText } from "./findings-text.ts";
export { matchesGlob } from "./glob.ts";
export { checkOneOf, checkWhole, invalidArgument } from "./invalid-argument.ts";
export { type JournalEntry, type JournalFact, journalEntrySchema, journalFactSchema } from "./journal.ts";
export { canonicalJson, type JsonValue, jsonValueSchema } from "./json.ts";
export { type LogLevel, type LogRecord, logRecord, logRecords } from "./log-record.ts";
export { isSecretMark, isUnknownMark, SECRET_MARK, UNKNOWN_MARK } from "./marked-value.ts";
export {
  type Actor,
  actorSchema,
  environmentNameSchema,
  projectNameSchema,
  type RunId,
  runIdSchema,
  type Sha256,
  sha256Schema,
  stackNameSchema,
  timestampSchema,
} from "./names.ts";
export {
  type OutputsArtifact,
  outputsArtifactSchema,
  type SecretReference,
  secretReferenceSchema,
} from "./outputs.ts";
export {
  PENDING_STORIES,
  type PendingOperationReport,
  type PendingReport,
  type PendingStory,
  pendingOperationSchema,
  pendingReportSchema,
} from "./pending-operation.ts";
export { placeText } from "./place-text.ts";
export {
  type Exemption,
  exemptionSchema,
  type ReviewPack,
  type ReviewRequest,
  type RuleSummary,
  ruleSummarySchema,
} from "./policy-review.ts";
export { type PreflightProblem, preflightProblemSchema } from "./preflight.ts";
export { type PropertyChange, propertyChangeSchema } from "./property-change.ts";
export { DIGEST_PARTS, type DigestPart, type ReviewDigest, reviewDigestSchema } from "./review-digest.ts";
export {
  type ArtifactReference,
  artifactReferenceSchema,
  decisionsMissing,
  type OnFailure,
  onFailureSchema,
  type RestoreSource,
  ROLLBACK_LIMITS_MS,
  type RollbackPhase,
  type RollbackRecord,
  type RunOperation,
  type RunReason,
  type RunRecord,
  restoreSourceSchema,
  rollbackRecordSchema,
  runOperationSchema,
  runRecordSchema,
  type Settlement,
  settlementSchema,
  writesStateAlone,
} from "./run.ts";
export {
  RUN_OUTCOMES,
  RUN_STATES,
  RUN_TRANSITIONS,
  type RunOutcome,
  type RunState,
  runOutcomeSchema,
  runStateSchema,
} from "./run-state.ts";
export { SANDBOX_OUTPUT, type SandboxCloud, type SandboxPlugin } from "./sandbox-cloud.ts";
export { type SecretEntry, type SecretManifest, secretManifestSchema } from "./secret-manifest.ts";
export { shellQuote } from "./shell-quote.ts";
export { type Stage, stageOf } from "./stage.ts";
export { BACKUP_MOMENTS, type BackupMoment, type StateBackup, stateBackupSchema } from "./state-backup.ts";
export { OPENING_TAG, REQUIRED_TAGS, type Tags, tagsSchema } from "./tags.ts";
export { nameOfUrn, typeOfUrn } from "./urn.ts";
export { WEBHOOK_EVENTS, type WebhookEvent, type WebhookMessage, webhookMessageSchema } from "./webhook.ts";
export {
  type ReceivedHeaders,
  signWebhook,
  type VerifyWebhookOptions,
  verifyWebhook,
  type WebhookHeaders,
} from "./webhook-signature.ts";
export { SECRET_SIGNATURE, SIGNATURE_KEY, UNKNOWN_TEXT } from "./wire-value.ts";
