import type { Tags } from "@groundplane/contracts";
import type * as pulumi from "@pulumi/pulumi";
import type { Opening } from "../opening.ts";
import type { Preset, PresetTable } from "../preset.ts";

export interface SecretSize {
  /** Days after a deletion in which the secret can be had back. */
  readonly recoveryWindowDays: number;
  /** Pulumi's `protect`: it is not deleted or replaced before that is taken off. */
  readonly protect: boolean;
}

/** What the presets set. 7 and 30 are the bounds of AWS. */
export const SECRET_PRESETS: PresetTable<SecretSize> = {
  dev: { recoveryWindowDays: 7, protect: false },
  staging: { recoveryWindowDays: 14, protect: false },
  prod: { recoveryWindowDays: 30, protect: true },
};

/** What a secret needs of the function that rotates it. A `LambdaFunction` satisfies it. */
export interface RotationFunctionRef {
  readonly functionName: pulumi.Input<string>;
  readonly aliasName: pulumi.Input<string>;
  readonly aliasArn: pulumi.Input<string>;
  /** Of the function's role: it is given the rights to rotate this secret, and no other. */
  readonly roleName: pulumi.Input<string>;
}

export interface SecretRotationArgs {
  /**
   * Makes the new value, and sets it where it is used, in the four steps of
   * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
   */
  readonly by: RotationFunctionRef;
  /** @minimum 1 @maximum 1000 @default 30 */
  readonly days?: number;
  /** Rotates once right away; so a secret without a value gets its first. @default true */
  readonly atOnce?: boolean;
}

/** A secret that exists already. */
export interface SecretAdoption {
  /** @format ARN, with the six characters at its end */
  readonly secretArn: string;
}

export interface SecretArgs {
  /** @default "prod" */
  readonly preset?: Preset;
  /** Changing it replaces the secret, and loses its values. @default - generated */
  readonly secretName?: string;
  /** What it is for, for who finds it in the console. Never the value. @default - none */
  readonly description?: string;
  /**
   * Accounts other than this one can read it only with such a key.
   *
   * @format ARN of a KMS key
   * @default - encrypted with the account's `aws/secretsmanager`
   */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /**
   * Encrypted in the state and masked everywhere else. An output, such as of `config.requireSecret` or a
   * `SecretSource`: a plain string is refused, since it would stand in the program.
   *
   * @default - the program never sees a value: it is set outside, or by `rotation`
   */
  readonly value?: pulumi.Output<string>;
  /** Not together with `value`, which would undo each rotation. @default - no rotation */
  readonly rotation?: SecretRotationArgs;
  /**
   * Who else may read it, such as roles of other accounts. Roles of this account need only `readStatements()`.
   *
   * @format ARNs of roles or users
   * @default []
   */
  readonly readers?: readonly pulumi.Input<string>[];
  /** @minimum 7 @maximum 30 @default - of the preset: 7, 14 or 30 */
  readonly recoveryWindowDays?: number;
  /** Deletes it without a way back, and frees its name at once. @default - it can be had back for `recoveryWindowDays` */
  readonly deleteAtOnce?: Opening;
  /** @default - of the preset: only in prod */
  readonly protect?: boolean;
  /** Takes over a secret and its values; while it is set, nothing of it changes. @default - it is created */
  readonly adopt?: SecretAdoption;
  /** At least Environment, Project, Owner and ManagedBy. */
  readonly tags: Tags;
}
