import type { Tags } from "@groundplane/contracts";
import type * as pulumi from "@pulumi/pulumi";
import type { Preset, PresetTable } from "../preset.ts";
import type { KeyService } from "./key-service.ts";

export interface EncryptionKeySize {
  /** Days between a deletion and the loss of the key, in which it can be cancelled. */
  readonly deletionWindowDays: number;
  /** Pulumi's `protect`: it is not deleted or replaced before that is taken off. */
  readonly protect: boolean;
}

/** What the presets set. 7 and 30 are the bounds of AWS. */
export const ENCRYPTION_KEY_PRESETS: PresetTable<EncryptionKeySize> = {
  dev: { deletionWindowDays: 7, protect: false },
  staging: { deletionWindowDays: 14, protect: false },
  prod: { deletionWindowDays: 30, protect: true },
};

/** A key that exists already. */
export interface EncryptionKeyAdoption {
  /** @format UUID of the key, or `mrk-…` */
  readonly keyId: string;
}

export interface EncryptionKeyArgs {
  /** @default "prod" */
  readonly preset?: Preset;
  /** What it encrypts, for who finds it in the console. @default - `Encrypts what belongs to ${name}` */
  readonly description?: string;
  /** Changing it replaces the alias, not the key. @format `alias/` and a name @default - generated: `alias/${name}-…` */
  readonly aliasName?: string;
  /**
   * Who may change, disable and delete it, and not use it. The account's root user stays, as the way back.
   *
   * @format ARNs of roles or users
   * @default - whom the account's IAM policies allow
   */
  readonly administrators?: readonly pulumi.Input<string>[];
  /**
   * Who may encrypt and decrypt with it. Then nobody else in the account may, whatever their IAM policies say; AWS
   * refuses an ARN that does not exist.
   *
   * @format ARNs of roles or users
   * @default - whom the account's IAM policies allow, such as with `encryptStatements()`
   */
  readonly users?: readonly pulumi.Input<string>[];
  /** Services that use it by themselves, each only for this account. @default [] */
  readonly services?: readonly KeyService[];
  /** How often AWS makes new key material; the old one still decrypts. @minimum 90 @maximum 2560 @default 365 */
  readonly rotationDays?: number;
  /** Lets it be copied to other regions. Changing it replaces the key. @default false */
  readonly multiRegion?: boolean;
  /** @minimum 7 @maximum 30 @default - of the preset: 7, 14 or 30 */
  readonly deletionWindowDays?: number;
  /** @default - of the preset: only in prod */
  readonly protect?: boolean;
  /** Takes over a key; while it is set, nothing of the key changes. @default - it is created */
  readonly adopt?: EncryptionKeyAdoption;
  /** At least Environment, Project, Owner and ManagedBy. */
  readonly tags: Tags;
}
