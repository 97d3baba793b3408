import type { ArgumentEffects } from "../../../../test/argument-effects.ts";
import { UNTAGGABLE_BUCKET_PARTS } from "../bucket/untaggable-parts.fixture.ts";
import { StateBackend } from "./state-backend.ts";
import type { StateBackendArgs } from "./state-backend-args.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const accessLogs = { bucket: { bucketName: "shop-access-logs" } };
const objectLock = { mode: "governance", days: 30 } as const;

/** The table of docs/state-backend.md. */
export const argumentEffects: ArgumentEffects<StateBackendArgs> = {
  base: { bucketName: "shop-state", tags },
  full: { tags, accessLogs, objectLock },
  create: (args, options) => new StateBackend("unit", args, options),
  untaggable: UNTAGGABLE_BUCKET_PARTS,
  changes: {
    bucketName: [
      {
        to: "shop-states",
        effect: {
          replaces: [
            "bucket",
            "encryption",
            "lifecycle",
            "ownership",
            "policy",
            "public-access-block",
            "versioning",
          ],
        },
      },
      { to: "Shop_State", effect: { refused: "INVALID_ARGUMENT" } },
    ],
    noncurrentDays: [
      { to: 365, effect: { updates: ["lifecycle"] } },
      { to: 0, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    objectLock: [
      { to: objectLock, effect: { creates: ["object-lock"] } },
      { from: objectLock, to: { mode: "governance", days: 60 }, effect: { updates: ["object-lock"] } },
    ],
    accessLogs: [
      { to: accessLogs, effect: { creates: ["access-logs"] } },
      { from: accessLogs, to: undefined, effect: { deletes: ["access-logs"] } },
    ],
    adopt: [
      {
        from: { bucketName: "shop-state", keyId: "1234abcd-12ab-34cd-56ef-1234567890ab" },
        to: { bucketName: "shop-state" },
        effect: {},
      },
      { to: { bucketName: "another" }, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    protect: { to: false, effect: {} },
    tags: { to: { ...tags, Owner: "orders" }, effect: { updates: ["bucket", "key"] } },
  },
};
