// The examples of docs/container-registry.md, compared verbatim, compiled and run by `component-pages.test.ts`.
import { ContainerRegistry } from "../index.ts";

export function start(): ContainerRegistry {
  // #region start
  const registry = new ContainerRegistry("orders", {
    preset: "dev",
    tags: { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" },
  });
  // #endregion
  return registry;
}

export function shared(): ContainerRegistry {
  const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
  // #region shared
  const registry = new ContainerRegistry("orders", {
    repositoryName: "shop/orders",
    kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/1a2b3c4d-0000-4000-8000-1a2b3c4d5e6f",
    pullAccountIds: ["210987654321"],
    tags,
  });
  // #endregion
  return registry;
}

export function adopt(): ContainerRegistry {
  const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
  // #region adopt
  const registry = new ContainerRegistry("legacy", { adopt: { repositoryName: "shop/legacy" }, tags });
  // #endregion
  return registry;
}
