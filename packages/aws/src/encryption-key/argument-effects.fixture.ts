import type { ArgumentEffects } from "../../../../test/argument-effects.ts";
import { EncryptionKey } from "./encryption-key.ts";
import type { EncryptionKeyArgs } from "./encryption-key-args.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const role = "arn:aws:iam::123456789012:role/orders";

/** The table of docs/encryption-key.md. */
export const argumentEffects: ArgumentEffects<EncryptionKeyArgs> = {
  base: { preset: "dev", tags },
  full: { preset: "prod", administrators: [role], users: [role], services: ["logs", "autoscaling"], tags },
  create: (args, options) => new EncryptionKey("unit", args, options),
  untaggable: ["aws:kms/alias:Alias"],
  changes: {
    preset: { to: "staging", effect: { updates: ["key"] } },
    description: { to: "Card data", effect: { updates: ["key"] } },
    aliasName: [
      { to: "alias/orders", effect: { replaces: ["alias"] } },
      { to: "orders", effect: { refused: "INVALID_ARGUMENT" } },
    ],
    administrators: [
      { to: [role], effect: { updates: ["key"] } },
      { to: [], effect: { refused: "INVALID_ARGUMENT" } },
    ],
    users: { to: [role], effect: { updates: ["key"] } },
    services: { to: ["logs"], effect: { updates: ["key"] } },
    rotationDays: [
      { to: 90, effect: { updates: ["key"] } },
      { to: 30, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    multiRegion: { to: true, effect: { replaces: ["key"] } },
    deletionWindowDays: { to: 30, effect: { updates: ["key"] } },
    protect: { to: true, effect: {} },
    // What was adopted is brought into line; how, depends on what it was.
    adopt: { from: { keyId: "1234abcd-12ab-34cd-56ef-1234567890ab" }, to: undefined, effect: {} },
    tags: { to: { ...tags, Owner: "orders" }, effect: { updates: ["key"] } },
  },
};
