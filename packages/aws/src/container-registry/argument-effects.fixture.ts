import type { ArgumentEffects } from "../../../../test/argument-effects.ts";
import { ContainerRegistry } from "./container-registry.ts";
import type { ContainerRegistryArgs } from "./container-registry-args.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const base: ContainerRegistryArgs = { preset: "dev", tags };

/** The table of docs/container-registry.md. */
export const argumentEffects: ArgumentEffects<ContainerRegistryArgs> = {
  base,
  full: { ...base, pullAccountIds: ["210987654321"] },
  create: (args, options) => new ContainerRegistry("unit", args, options),
  compute: ({ type, name }) =>
    type === "aws:ecr/repository:Repository"
      ? { name, arn: `arn:aws:ecr:eu-central-1:123456789012:repository/${name}`, repositoryUrl: name }
      : {},
  untaggable: ["aws:ecr/lifecyclePolicy:LifecyclePolicy", "aws:ecr/repositoryPolicy:RepositoryPolicy"],
  changes: {
    preset: { to: "staging", effect: { updates: ["repository"], replaces: ["lifecycle"] } },
    repositoryName: [
      { to: "shop/orders", effect: { replaces: ["repository"] } },
      { to: "Shop", effect: { refused: "INVALID_ARGUMENT" } },
    ],
    untaggedDays: [
      { to: 1, effect: { replaces: ["lifecycle"] } },
      { to: 0, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    keepLast: { to: 500, effect: { replaces: ["lifecycle"] } },
    kmsKeyArn: {
      to: "arn:aws:kms:eu-central-1:123456789012:key/1",
      effect: { replaces: ["repository"] },
    },
    mutableTags: [
      { to: { reason: "moved by the old pipeline" }, effect: { updates: ["repository"] } },
      { to: { reason: "" }, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    pullAccountIds: [
      { to: ["210987654321"], effect: { creates: ["policy"] } },
      { from: ["210987654321"], to: ["109876543210"], effect: { updates: ["policy"] } },
      { to: ["12"], effect: { refused: "INVALID_ARGUMENT" } },
    ],
    deleteImages: { to: false, effect: { updates: ["repository"] } },
    adopt: { to: { repositoryName: "shop/legacy" }, effect: { replaces: ["repository"] } },
    protect: { to: true, effect: {} },
    tags: { to: { ...tags, Owner: "orders" }, effect: { updates: ["repository"] } },
  },
};
