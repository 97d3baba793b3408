import type { ArgumentEffects } from "../../../../test/argument-effects.ts";
import { AccountGuardrails } from "./account-guardrails.ts";
import type { AccountGuardrailsArgs } from "./account-guardrails-args.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const regional = [
  ...["analyzer", "ebs-encryption", "instance-metadata", "public-images", "public-snapshots"],
  "serial-console",
];
const hub = ["best-practices-standard", "cis-standard", "security-hub"];

/** The table of docs/account-guardrails.md. */
export const argumentEffects: ArgumentEffects<AccountGuardrailsArgs> = {
  base: { preset: "dev", tags },
  full: { tags },
  create: (args, options) => new AccountGuardrails("unit", args, options),
  untaggable: [
    "aws:ebs/encryptionByDefault:EncryptionByDefault",
    "aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess",
    "aws:ec2/imageBlockPublicAccess:ImageBlockPublicAccess",
    "aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults",
    "aws:ec2/serialConsoleAccess:SerialConsoleAccess",
    "aws:iam/accountPasswordPolicy:AccountPasswordPolicy",
    "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
    "aws:securityhub/account:Account",
    "aws:securityhub/standardsSubscription:StandardsSubscription",
  ],
  changes: {
    preset: [
      { to: "staging", effect: { creates: ["detector"] } },
      {
        to: "prod",
        effect: { creates: ["best-practices-standard", "cis-standard", "detector", "security-hub"] },
      },
    ],
    regions: [
      {
        to: ["eu-west-1"],
        effect: { creates: regional.map((role) => `${role}-eu-west-1`), deletes: regional },
      },
      { to: [], effect: { refused: "INVALID_ARGUMENT" } },
    ],
    off: [
      {
        to: { "public-buckets": { reason: "a public mirror" } },
        effect: { deletes: ["public-buckets"], updates: ["analyzer"] },
      },
      { to: { "public-buckets": { reason: "" } }, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    passwordPolicy: [
      { to: { minimumLength: 20 }, effect: { updates: ["password-policy"] } },
      { to: { minimumLength: 8 }, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    guardDuty: { to: true, effect: { creates: ["detector"] } },
    securityHub: [
      { to: true, effect: { creates: hub } },
      { from: true, to: false, effect: { deletes: hub } },
    ],
    tags: { to: { ...tags, Owner: "security" }, effect: { updates: ["analyzer"] } },
  },
};
