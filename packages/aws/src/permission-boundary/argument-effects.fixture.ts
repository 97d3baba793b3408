import type { ArgumentEffects } from "../../../../test/argument-effects.ts";
import { PermissionBoundary } from "./permission-boundary.ts";
import type { PermissionBoundaryArgs } from "./permission-boundary-args.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const updates = { updates: ["boundary"] };

/** The table of docs/permission-boundary.md. */
export const argumentEffects: ArgumentEffects<PermissionBoundaryArgs> = {
  base: { services: ["s3", "iam"], regions: ["eu-central-1"], tags },
  create: (args, options) => new PermissionBoundary("unit", args, options),
  changes: {
    services: [
      { to: ["s3", "iam", "sqs"], effect: updates },
      { to: ["iam", "s3"], effect: {} },
      { to: [], effect: { refused: "INVALID_ARGUMENT" } },
    ],
    regions: { to: ["eu-central-1", "us-east-1"], effect: updates },
    outsideRoles: { to: ["admin-*"], effect: updates },
    allow: [
      { to: { users: { reason: "legacy mail relay" } }, effect: updates },
      { to: { users: { reason: "" } }, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    policyName: { to: "shop-boundary", effect: { replaces: ["boundary"] } },
    tags: { to: { ...tags, Owner: "orders" }, effect: updates },
  },
};
