import { checkOneOf, checkWhole, invalidArgument } from "@groundplane/contracts";
import type * as aws from "@pulumi/aws";

const STORAGE_CLASSES = {
  "standard-ia": "STANDARD_IA",
  "intelligent-tiering": "INTELLIGENT_TIERING",
  "glacier-instant": "GLACIER_IR",
  glacier: "GLACIER",
  "deep-archive": "DEEP_ARCHIVE",
} as const;

export interface LifecycleTransition {
  /** After the object was made. At least 30 for `standard-ia`. */
  readonly days: number;
  readonly storageClass: keyof typeof STORAGE_CLASSES;
}

export interface LifecycleRule {
  /** Unique in the bucket. @format 1 to 64 letters, digits and dashes */
  readonly id: string;
  /** Of the objects' keys. @default - all objects */
  readonly prefix?: string;
  /** After the object was made; with versioning it is then kept for `noncurrentDays` more. @default - never */
  readonly expireDays?: number;
  /** With rising days. @default [] */
  readonly transitions?: readonly LifecycleTransition[];
}

const MAX_DAYS = 36_500;
/** Of the rule that every bucket has. */
const HOUSEKEEPING = "housekeeping";

/**
 * Checks the rules of a bucket.
 *
 * @throws {INVALID_ARGUMENT} an id is not valid or given twice, a rule does nothing, or days are not in order.
 */
export function checkLifecycle(rules: readonly LifecycleRule[]): void {
  const ids = [HOUSEKEEPING, ...rules.map(({ id }) => id)];
  for (const { id, expireDays, transitions = [] } of rules) {
    const at = `lifecycle "${id}"`;
    if (!/^[A-Za-z0-9-]{1,64}$/.test(id))
      throw invalidArgument(`${at}: give an id of 1 to 64 letters, digits and dashes`, { id });
    if (ids.indexOf(id) !== ids.lastIndexOf(id))
      throw invalidArgument(`${at}: the id is taken; give each rule its own`, { id });
    if (expireDays === undefined && transitions.length === 0)
      throw invalidArgument(`${at} does nothing; give expireDays or transitions`, { id });
    checkWhole(`${at}: expireDays`, expireDays, 1, MAX_DAYS);
    let before = -1;
    for (const { days, storageClass } of transitions) {
      checkOneOf(`${at}: storageClass`, storageClass, keysOf(STORAGE_CLASSES));
      // S3 user guide, "Constraints and considerations for transitions".
      checkWhole(`${at}: days`, days, storageClass === "standard-ia" ? 30 : 0, MAX_DAYS);
      if (days <= before)
        throw invalidArgument(`${at}: transitions are not in the order of their days`, { id });
      before = days;
    }
    if (expireDays !== undefined && expireDays <= before)
      throw invalidArgument(`${at}: expireDays is ${expireDays}, not after the transition at ${before}`, {
        id,
      });
  }
}

function keysOf<Key extends string>(table: Readonly<Record<Key, unknown>>): readonly Key[] {
  return Object.keys(table).filter((key): key is Key => key in table);
}

/** The rules as S3 takes them, and the one that every bucket has. */
export function lifecycleRules(
  rules: readonly LifecycleRule[],
  days: { readonly noncurrent: number; readonly abortUpload: number; readonly keptVersions?: number },
): aws.types.input.s3.BucketLifecycleConfigurationRule[] {
  const own: aws.types.input.s3.BucketLifecycleConfigurationRule = {
    id: HOUSEKEEPING,
    status: "Enabled",
    filter: {},
    abortIncompleteMultipartUpload: { daysAfterInitiation: days.abortUpload },
    noncurrentVersionExpiration: {
      noncurrentDays: days.noncurrent,
      ...(days.keptVersions !== undefined && { newerNoncurrentVersions: days.keptVersions }),
    },
    // A deletion's marker goes once no version is left behind it.
    expiration: { expiredObjectDeleteMarker: true },
  };
  return [
    own,
    ...rules.map(({ id, prefix, expireDays, transitions = [] }) => ({
      id,
      status: "Enabled",
      filter: prefix === undefined ? {} : { prefix },
      ...(expireDays !== undefined && { expiration: { days: expireDays } }),
      ...(transitions.length > 0 && {
        transitions: transitions.map(({ days, storageClass }) => ({
          days,
          storageClass: STORAGE_CLASSES[storageClass],
        })),
      }),
    })),
  ];
}
