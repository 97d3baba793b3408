import { checkWhole, invalidArgument } from "@groundplane/contracts";
import { isRecord, secretField } from "./secret-field.ts";
import { type SecretLocation, type SecretSource, unavailable } from "./secret-source.ts";

export interface VaultSourceOptions {
  /** @format https URL; http only for this machine itself */
  readonly address: string;
  /** Of a KV engine, version 2. @default "secret" */
  readonly mount?: string;
  /** Vault Enterprise and HCP. @default - none */
  readonly namespace?: string;
  /** The variable of the environment that holds the token. @default "VAULT_TOKEN" */
  readonly tokenVariable?: string;
  /** For one secret. @minimum 1 @maximum 600 @default 30 */
  readonly timeoutSeconds?: number;
}

/**
 * Secrets of HashiCorp Vault's KV engine, version 2: the newest version of each.
 * https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2#read-secret-version
 *
 * @throws {INVALID_ARGUMENT} an option is not valid.
 */
export function vaultSource(options: VaultSourceOptions): SecretSource {
  const base = checkAddress(options.address);
  checkWhole("timeoutSeconds", options.timeoutSeconds, 1, 600);
  return { read: (location) => readFrom(base, options, location) };
}

function checkAddress(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const ownMachine = ["localhost", "127.0.0.1", "[::1]"].includes(url?.hostname ?? "");
  if (url?.protocol === "https:" || (url?.protocol === "http:" && ownMachine)) {
    if (url.username === "" && url.password === "") return url;
    throw invalidArgument("address holds a user or password; leave it out, Vault takes a token");
  }
  throw invalidArgument(`address is "${address}"; give an https URL: a token and secrets travel over it`, {
    address,
  });
}

async function readFrom(base: URL, options: VaultSourceOptions, location: SecretLocation): Promise<string> {
  const { mount = "secret", namespace, tokenVariable = "VAULT_TOKEN", timeoutSeconds = 30 } = options;
  const token = process.env[tokenVariable];
  if (!token) throw unavailable("vault", location, `the variable ${tokenVariable} holds no token`);
  const path = [...mount.split("/"), "data", ...location.path.split("/")].map(encodeURIComponent).join("/");
  let body: unknown;
  try {
    const response = await fetch(new URL(`/v1/${path}`, base), {
      headers: {
        "X-Vault-Token": token,
        "X-Vault-Request": "true",
        ...(namespace !== undefined && { "X-Vault-Namespace": namespace }),
      },
      // A redirect would take the token along to wherever it leads.
      redirect: "error",
      signal: AbortSignal.timeout(timeoutSeconds * 1000),
    });
    if (!response.ok) throw unavailable("vault", location, reasonOf(response.status, mount));
    body = await response.json();
  } catch (error) {
    if (error instanceof Error && error.name === "GroundplaneError") throw error;
    const timedOut = error instanceof Error && error.name === "TimeoutError";
    throw unavailable(
      "vault",
      location,
      timedOut
        ? `no answer within ${timeoutSeconds} seconds`
        : "no answer that can be read; is it Vault, and reachable?",
    );
  }
  const outer = isRecord(body) ? body["data"] : undefined;
  return secretField("vault", location, isRecord(outer) ? outer["data"] : undefined);
}

function reasonOf(status: number, mount: string): string {
  if (status === 403) return "the token is not valid here, or its policies do not allow it";
  if (status === 404) return `there is none under the mount "${mount}", or its newest version is deleted`;
  return `Vault answered ${status}`;
}
