import { type GroundplaneError, invalidArgument, type SecretManifest } from "@groundplane/contracts";
import { openSecrets, sopsSource, vaultSource } from "@groundplane/secrets";
import * as pulumi from "@pulumi/pulumi";
import type { FleetConfig } from "./fleet-config.ts";

/** The document's file, "ansible/passwd.yml (encrypted)", here encrypted by SOPS, with its names. */
const SOPS_FILE = "secrets.sops.yaml";

const FIELDS = {
  "fleet-deploy-key": "vault_fleet_deploy_key",
  "anthropic-api-key": "vault_openclaw_anthropic_api_key",
  "openai-api-key": "vault_openclaw_openai_api_key",
  "google-api-key": "vault_openclaw_google_api_key",
  "mattermost-bot-token": "vault_mattermost_bot_token",
} as const;

export type FleetSecretName = keyof typeof FIELDS;

/** Where each secret of the fleet is kept, in either source. */
export function fleetManifest(source: "sops" | "vault"): SecretManifest {
  return {
    schema: "groundplane.dev/secrets/v1",
    secrets: Object.fromEntries(
      Object.entries(FIELDS).map(([name, field]) => [
        name,
        { source, path: source === "sops" ? SOPS_FILE : "fleet", field },
      ]),
    ),
  };
}

function sources() {
  const address = process.env["VAULT_ADDR"];
  return {
    sops: sopsSource({ folder: import.meta.dirname }),
    ...(address === undefined ? {} : { vault: vaultSource({ address, mount: "kv" }) }),
  };
}

/**
 * The key that machines are set up with, in the clear, for a look at them after a deployment.
 *
 * @throws {INVALID_ARGUMENT} secrets are made up, or their source is not known.
 * @throws {SECRETS_UNAVAILABLE} there is none.
 */
export async function deployKey({ secrets }: Pick<FleetConfig, "secrets">): Promise<string> {
  if (secrets === "made-up") throw madeUp();
  const source = sources()[secrets];
  const entry = fleetManifest(secrets).secrets["fleet-deploy-key"];
  if (source === undefined || entry === undefined)
    throw invalidArgument("VAULT_ADDR is not set; say where Vault is", { variable: "VAULT_ADDR" });
  const { path, field } = entry;
  return source.read({ path, ...(field !== undefined && { field }) });
}

function madeUp(): GroundplaneError {
  return invalidArgument(
    'fleet:secrets is "made-up", which is for sandboxes; choose sops or vault for a real rack',
    { argument: "fleet:secrets" },
  );
}

/**
 * The fleet's secrets, each marked as one.
 *
 * @throws {INVALID_ARGUMENT} they are made up and the environment is a real one.
 */
export function fleetSecrets(
  { secrets }: Pick<FleetConfig, "secrets">,
  sandbox: boolean,
): (name: FleetSecretName) => pulumi.Output<string> {
  if (secrets === "made-up") {
    if (sandbox) return (name) => pulumi.secret(`made-up-for-the-sandbox-${name}`);
    throw madeUp();
  }
  const opened = openSecrets(fleetManifest(secrets), sources());
  return (name) => opened.value(name);
}
