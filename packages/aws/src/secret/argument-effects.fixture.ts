import * as pulumi from "@pulumi/pulumi";
import type { ArgumentEffects } from "../../../../test/argument-effects.ts";
import { Secret } from "./secret.ts";
import type { SecretArgs } from "./secret-args.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const rotation = {
  by: {
    functionName: "rotator",
    aliasName: "live",
    aliasArn: "arn:aws:lambda:eu-central-1:123456789012:function:rotator:live",
    roleName: "rotator",
  },
};
const readers = ["arn:aws:iam::210987654321:role/reports"];
const reason = "tried elsewhere";
const adopt = { secretArn: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop/payment-a1B2c3" };

/** The table of docs/secret.md. */
export const argumentEffects: ArgumentEffects<SecretArgs> = {
  base: { preset: "dev", secretName: "shop/payment", tags },
  full: { preset: "prod", rotation, readers, tags },
  create: (args, options) => new Secret("unit", args, options),
  untaggable: [
    "aws:iam/rolePolicy:RolePolicy",
    "aws:lambda/permission:Permission",
    "aws:secretsmanager/secretPolicy:SecretPolicy",
    "aws:secretsmanager/secretRotation:SecretRotation",
    "aws:secretsmanager/secretVersion:SecretVersion",
  ],
  changes: {
    preset: { to: "staging", effect: { updates: ["secret"] } },
    secretName: { to: "shop/billing", effect: { replaces: ["secret"] } },
    description: { to: "Key of the provider", effect: { updates: ["secret"] } },
    kmsKeyArn: { to: "arn:aws:kms:eu-central-1:123456789012:key/1", effect: { updates: ["secret"] } },
    value: [
      { to: pulumi.secret("first"), effect: { creates: ["version"] } },
      { from: pulumi.secret("first"), to: pulumi.secret("second"), effect: { replaces: ["version"] } },
      { from: pulumi.secret("first"), to: undefined, effect: { deletes: ["version"] } },
    ],
    rotation: [
      {
        to: rotation,
        effect: { creates: ["rotation", "rotation-permission", "rotation-policy"] },
      },
      { from: rotation, to: { ...rotation, days: 7 }, effect: { updates: ["rotation"] } },
      { to: { ...rotation, days: 0 }, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    readers: { to: readers, effect: { creates: ["policy"] } },
    recoveryWindowDays: { to: 30, effect: { updates: ["secret"] } },
    deleteAtOnce: { to: { reason }, effect: { updates: ["secret"] } },
    protect: { to: true, effect: {} },
    // What was adopted is brought into line; how, depends on what it was.
    adopt: { from: adopt, to: undefined, effect: {} },
    tags: { to: { ...tags, Owner: "orders" }, effect: { updates: ["secret"] } },
  },
};
