// The examples of docs/encryption-key.md, compared verbatim, compiled and run by `component-pages.test.ts`.
import * as pulumi from "@pulumi/pulumi";
import { EncryptionKey, LogGroup } from "../index.ts";

export function start(): EncryptionKey {
  const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
  // #region start
  const key = new EncryptionKey("orders-key", { preset: "dev", services: ["logs"], tags });
  const logs = new LogGroup("orders-audit", { preset: "dev", kmsKeyArn: key.keyArn, tags });
  // #endregion
  void logs;
  return key;
}

export function production(): EncryptionKey {
  const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
  const roles = {
    security: pulumi.output("arn:aws:iam::123456789012:role/security"),
    orders: pulumi.output("arn:aws:iam::123456789012:role/orders"),
  };
  // #region production
  const key = new EncryptionKey("orders-key", {
    description: "Card data of orders",
    administrators: [roles.security],
    users: [roles.orders],
    rotationDays: 90,
    tags,
  });
  // #endregion
  return key;
}

export function adopt(): EncryptionKey {
  const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
  // #region adopt
  const key = new EncryptionKey("orders-key", {
    adopt: { keyId: "1234abcd-12ab-34cd-56ef-1234567890ab" },
    tags,
  });
  // #endregion
  return key;
}
