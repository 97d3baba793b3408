import type { JsonValue } from "./json.ts";

/** Who can mend it: `user` by changing what was given, `system` by looking at the machine or the service. */
export type ErrorSource = "user" | "system";

interface ErrorEntry {
  readonly source: ErrorSource;
  /** Exit code of the `groundplane` command. */
  readonly exitCode: number;
  /** Status of the HTTP service. */
  readonly httpStatus: number;
  /** Condition reason of the Kubernetes operator, in its CamelCase. */
  readonly reason: string;
}

/**
 * Exit codes of the `groundplane` command. 1 is an error of the system, 64 of the caller (`EX_USAGE` of
 * sysexits.h); the others say where a run stands.
 */
export const EXIT_CODES = {
  done: 0,
  systemError: 1,
  waitingForApproval: 2,
  blocked: 3,
  drift: 4,
  notApplied: 5,
  failed: 6,
  usage: 64,
} as const;

const user = (reason: string, httpStatus = 400, exitCode: number = EXIT_CODES.usage): ErrorEntry => ({
  source: "user",
  exitCode,
  httpStatus,
  reason,
});
const system = (reason: string, httpStatus = 502, exitCode: number = EXIT_CODES.systemError): ErrorEntry => ({
  source: "system",
  exitCode,
  httpStatus,
  reason,
});

/** Every code, and what it becomes as an exit code, an HTTP status and a condition reason. */
export const ERROR_TABLE = {
  // definitions and input
  INVALID_ARGUMENT: user("InvalidArgument"),
  INVALID_NAME: user("InvalidName"),
  INVALID_TAGS: user("InvalidTags"),
  INVALID_CIDR: user("InvalidCidr"),
  CONFIG_INVALID: user("ConfigInvalid"),
  PROJECT_NOT_FOUND: user("ProjectNotFound", 404),
  PROJECT_INVALID: user("ProjectInvalid"),
  STACK_NOT_FOUND: user("StackNotFound", 404),
  STACK_NOT_DEPLOYED: user("StackNotDeployed", 409),
  STACK_INVALID: user("StackInvalid"),
  ENVIRONMENT_NOT_FOUND: user("EnvironmentNotFound", 404),
  OUTPUTS_INVALID: user("OutputsInvalid"),
  UPSTREAM_NOT_DEPLOYED: user("UpstreamNotDeployed", 409),
  UPSTREAM_NOT_KNOWN: user("UpstreamNotKnown", 409, EXIT_CODES.notApplied),
  // placement of a fleet's machines
  NO_PLACEMENT: user("NoPlacement", 422, EXIT_CODES.blocked),
  // address planning of the Vpc
  ADDRESS_SPACE_EXHAUSTED: user("AddressSpaceExhausted"),
  // policy
  POLICY_PACK_NOT_FOUND: user("PolicyPackNotFound", 422, EXIT_CODES.blocked),
  POLICY_PACK_FAILED: system("PolicyPackFailed", 422, EXIT_CODES.blocked),
  POLICY_RULE_INVALID: user("PolicyRuleInvalid", 422),
  // plugins that npm packages deliver
  PLUGIN_NOT_INSTALLED: user("PluginNotInstalled", 422, EXIT_CODES.blocked),
  // before the preview
  PREFLIGHT_FAILED: user("PreflightFailed", 422, EXIT_CODES.blocked),
  // runs and approvals
  RUN_NOT_FOUND: user("RunNotFound", 404),
  ARTIFACT_NOT_FOUND: user("ArtifactNotFound", 404),
  RUN_STATE_CONFLICT: user("RunStateConflict", 409, EXIT_CODES.notApplied),
  STACK_BUSY: user("StackBusy", 409, EXIT_CODES.notApplied),
  APPROVAL_REFUSED: user("ApprovalRefused", 403, EXIT_CODES.notApplied),
  BUDGET_BRAKE: user("BudgetBrake", 422, EXIT_CODES.blocked),
  PRICES_INVALID: user("PricesInvalid", 422),
  APPROVAL_VOID: user("ApprovalVoid", 409, EXIT_CODES.notApplied),
  ROLLBACK_UNAVAILABLE: user("RollbackUnavailable", 409, EXIT_CODES.notApplied),
  CONFIRMATION_REQUIRED: user("ConfirmationRequired", 422, EXIT_CODES.blocked),
  LEASE_LOST: system("LeaseLost", 503, EXIT_CODES.failed),
  LEASE_UNAVAILABLE: system("LeaseUnavailable", 503),
  // engine, state and journal
  ENGINE_UNAVAILABLE: system("EngineUnavailable", 503),
  ENGINE_FAILED: system("EngineFailed", 502, EXIT_CODES.failed),
  ENGINE_TIMEOUT: system("EngineTimeout", 504, EXIT_CODES.failed),
  STATE_UNREADABLE: system("StateUnreadable"),
  STATE_CORRUPT: system("StateCorrupt"),
  STATE_KIND_MISMATCH: user("StateKindMismatch", 409),
  BACKUP_FAILED: system("BackupFailed", 507),
  BACKUP_NOT_FOUND: user("BackupNotFound", 404),
  BACKUP_REFUSED: user("BackupRefused", 409),
  WRITE_FAILED: system("WriteFailed", 507),
  JOURNAL_CORRUPT: system("JournalCorrupt", 500),
  VERIFICATION_FAILED: system("VerificationFailed", 502, EXIT_CODES.failed),
  SECRETS_UNAVAILABLE: system("SecretsUnavailable", 503),
  // webhooks
  WEBHOOK_NOT_FOUND: user("WebhookNotFound", 404),
  WEBHOOK_REFUSED: user("WebhookRefused", 401),
  // machines over SSH
  MACHINE_UNREACHABLE: system("MachineUnreachable", 504),
  MACHINE_REFUSED: user("MachineRefused", 403, EXIT_CODES.failed),
  MACHINE_SETUP_FAILED: system("MachineSetupFailed", 502, EXIT_CODES.failed),
  // images of machines
  IMAGE_FAILED: system("ImageFailed", 502, EXIT_CODES.failed),
  // sandbox
  SANDBOX_INVALID: user("SandboxInvalid"),
  SANDBOX_REFUSED: user("SandboxRefused", 409),
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERROR_TABLE;

export interface GroundplaneErrorOptions {
  readonly cause?: unknown;
  /** The offending values, as data. Never a secret. */
  readonly facts?: Readonly<Record<string, JsonValue>>;
}

/**
 * The one error class. The message names the offending value and the remedy; `facts` holds the same as data.
 *
 * @example
 * throw new GroundplaneError("INVALID_CIDR", `"10.0.0.0/33" is no IPv4 CIDR block: the prefix is 0 to 32`, {
 *   facts: { value: "10.0.0.0/33" },
 * });
 */
export class GroundplaneError extends Error {
  override readonly name = "GroundplaneError";
  readonly code: ErrorCode;
  readonly source: ErrorSource;
  readonly facts: Readonly<Record<string, JsonValue>>;

  constructor(code: ErrorCode, message: string, options: GroundplaneErrorOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.source = ERROR_TABLE[code].source;
    this.facts = options.facts ?? {};
  }
}

/** True for a `GroundplaneError` of this or another copy of the package. */
export function isGroundplaneError(error: unknown): error is GroundplaneError {
  return (
    error instanceof Error &&
    error.name === "GroundplaneError" &&
    "code" in error &&
    typeof error.code === "string" &&
    Object.hasOwn(ERROR_TABLE, error.code)
  );
}
