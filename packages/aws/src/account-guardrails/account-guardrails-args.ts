import type { Tags } from "@groundplane/contracts";
import type { Opening } from "../opening.ts";
import type { Preset, PresetTable } from "../preset.ts";

/** What is switched on for the account as a whole. */
export type Guardrail =
  | "ebs-encryption"
  | "public-buckets"
  | "public-snapshots"
  | "public-images"
  | "instance-metadata"
  | "serial-console"
  | "password-policy"
  | "access-analyzer";

export const GUARDRAILS: readonly Guardrail[] = [
  "ebs-encryption",
  "public-buckets",
  "public-snapshots",
  "public-images",
  "instance-metadata",
  "serial-console",
  "password-policy",
  "access-analyzer",
];

export interface AccountGuardrailsSize {
  /** Charged by volume. */
  readonly guardDuty: boolean;
  /** Charged by check. */
  readonly securityHub: boolean;
}

/** What the presets set. */
export const ACCOUNT_GUARDRAILS_PRESETS: PresetTable<AccountGuardrailsSize> = {
  dev: { guardDuty: false, securityHub: false },
  staging: { guardDuty: true, securityHub: false },
  prod: { guardDuty: true, securityHub: true },
};

export interface PasswordPolicyArgs {
  /** CIS AWS Foundations v3.0.0, 1.8. @minimum 14 @maximum 128 @default 14 */
  readonly minimumLength?: number;
  /** How many earlier ones are not taken again: CIS 1.9 asks for 24. @minimum 1 @maximum 24 @default 24 */
  readonly remembered?: number;
  /** @minimum 1 @maximum 1095 @default - they do not expire: NIST SP 800-63B, 3.1.1.2 */
  readonly maxAgeDays?: number;
}

export interface AccountGuardrailsArgs {
  /** @default "prod" */
  readonly preset?: Preset;
  /** Where what is of a region is switched on. No order. @format `eu-central-1` @default - the provider's region alone */
  readonly regions?: readonly string[];
  /** Guardrails that are left to somebody else, each with its reason. @default - none */
  readonly off?: Readonly<Partial<Record<Guardrail, Opening>>>;
  readonly passwordPolicy?: PasswordPolicyArgs;
  /** An account has one detector a region: leave it to the organisation where that makes them. @default - of the preset: in staging and prod */
  readonly guardDuty?: boolean;
  /** With the standards of AWS and of CIS. It needs AWS Config to record. @default - of the preset: only in prod */
  readonly securityHub?: boolean;
  /** At least Environment, Project, Owner and ManagedBy. */
  readonly tags: Tags;
}
