// The examples of docs/secret.md, compared verbatim, compiled and run by `component-pages.test.ts`.

import {
  openSecrets,
  type vaultSource as openVault,
  parseSecretManifest,
  sopsSource,
} from "@groundplane/secrets";
import * as pulumi from "@pulumi/pulumi";
import { LambdaFunction, Secret, secretsManagerSource } from "../index.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };

export function start(): Secret {
  // #region start
  const apiKey = new Secret("payment-api-key", {
    preset: "dev",
    description: "Key of the payment provider; set by the finance team",
    tags: { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" },
  });
  // #endregion
  return apiKey;
}

export function rotated(): Secret {
  const key = { keyArn: pulumi.output("arn:aws:kms:eu-central-1:123456789012:key/1") };
  // #region rotated
  const rotator = new LambdaFunction("rotator", {
    code: {
      kind: "archive",
      archive: new pulumi.asset.FileArchive("rotator"),
      handler: "index.handler",
      runtime: "nodejs24.x",
    },
    alarms: { thresholds: { errors: 0 } },
    tags,
  });
  const password = new Secret("orders-password", {
    kmsKeyArn: key.keyArn,
    rotation: { by: rotator, days: 30 },
    tags,
  });
  // #endregion
  return password;
}

export function fromSource(): Secret {
  // Nobody is asked here; the types are the real ones.
  const vaultSource: typeof openVault = () => ({ read: ({ path }) => Promise.resolve(path) });
  const manifest = JSON.stringify({
    schema: "groundplane.dev/secrets/v1",
    secrets: { "mail-password": { source: "vault", path: "shop/mail", field: "password" } },
  });
  // #region sources
  const secrets = openSecrets(parseSecretManifest(manifest), {
    "secrets-manager": secretsManagerSource(),
    sops: sopsSource({ folder: "secrets" }),
    vault: vaultSource({ address: "https://vault.example.com:8200", mount: "kv" }),
  });
  const mail = new Secret("mail-password", { value: secrets.value("mail-password"), tags });
  // #endregion
  return mail;
}

export function adopt(): Secret {
  // #region adopt
  const apiKey = new Secret("payment-api-key", {
    adopt: { secretArn: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop/payment-a1B2c3" },
    tags,
  });
  // #endregion
  return apiKey;
}
